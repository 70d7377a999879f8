#include "collector/http/message.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>

namespace vg::collector::http {

std::string_view Request::header(std::string_view name) const {
    const auto found = headers.find(name);
    return found != headers.end() ? std::string_view(found->second) : std::string_view();
}

std::optional<std::string> Request::parameter(std::string_view name) const {
    const auto found = query.find(name);
    if (found == query.end() || found->second.empty()) return std::nullopt;
    return found->second;
}

std::string_view Request::cookie(std::string_view name) const {
    auto rest = header("cookie");
    while (!rest.empty()) {
        auto part = next_piece(rest, ';');
        while (part.starts_with(' ')) part.remove_prefix(1);
        if (part.size() > name.size() && part.starts_with(name) && part[name.size()] == '=')
            return part.substr(name.size() + 1);
    }
    return {};
}

std::string_view reason(int status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 204: return "No Content";
        case 304: return "Not Modified";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 413: return "Content Too Large";
        case 415: return "Unsupported Media Type";
        case 422: return "Unprocessable Content";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 503: return "Service Unavailable";
        case 507: return "Insufficient Storage";
    }
    return "Status";
}

std::string printable(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto length = utf8_length(text);
        const bool is_control = static_cast<unsigned char>(text.front()) < 0x20 || text.front() == 0x7f;
        const auto one = length == 0 || is_control ? std::string_view("?") : text.substr(0, length);
        if (out.size() + one.size() > 80) break;
        out += one;
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0 || high + low == 0) return std::nullopt;  // a NUL is never meant well
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
    }
    if (!is_utf8(out)) return std::nullopt;
    return out;
}

}  // namespace vg::collector::http
