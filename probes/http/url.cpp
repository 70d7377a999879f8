#include "probes/http/url.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>

#include <charconv>

namespace vg::probes::http {
namespace {

constexpr std::size_t longest_url = 8192;

Result<Url> take_apart(boost::urls::url_view url) {
    Url out;
    out.is_tls = url.scheme_id() == boost::urls::scheme::https;
    if (!out.is_tls && url.scheme_id() != boost::urls::scheme::http)
        return fail(Errc::invalid_input, say({"URL phải bắt đầu bằng http:// hoặc https://",
                                              "the URL must begin with http:// or https://"}));
    if (url.has_userinfo())
        return fail(Errc::invalid_input,
                    say({"URL không được kèm tên người dùng", "a URL with a user name is not taken"}));
    out.host = url.host_address();
    if (out.host.empty()) return fail(Errc::invalid_input, say({"URL không có tên máy", "the URL names no host"}));
    for (const char c : out.host)  // "%20" was decoded
        if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f')
            return fail(Errc::invalid_input, say({"tên máy trong URL không hợp lệ", "the URL's host is not a name"}));
    out.port = out.is_tls ? 443 : 80;
    const std::string_view port(url.port().data(), url.port().size());
    const auto read = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (out.port == 0 || (!port.empty() && read.ec != std::errc{}))
        return fail(Errc::invalid_input, say({"cổng trong URL không hợp lệ", "the URL's port is not a port"}));
    out.authority = url.encoded_host_and_port();
    out.target = url.encoded_path().empty() ? "/" : std::string(url.encoded_path());
    // Boost.URL lets "http://host:80path" pass.
    if (out.target.front() != '/')
        return fail(Errc::invalid_input,
                    say({"đường dẫn trong URL phải bắt đầu bằng dấu /", "the URL's path must begin with a slash"}));
    if (url.has_query()) out.target += "?" + std::string(url.encoded_query());
    return out;
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
    if (text.size() > longest_url) return fail(Errc::invalid_input, say({"URL quá dài", "the URL is too long"}));
    const auto url = boost::urls::parse_uri(text);
    if (!url) return fail(Errc::invalid_input, say({"\"{}\" không phải URL", "\"{}\" is not a URL"}, text));
    return take_apart(*url);
}

Result<Url> follow(const Url& from, std::string_view location) {
    const auto reference = boost::urls::parse_uri_reference(location.substr(0, longest_url));
    if (!reference)
        return fail(Errc::invalid_input, say({"máy chủ chuyển hướng tới một chỗ không phải URL",
                                              "the server redirects to what is not a URL"}));
    boost::urls::url base((from.is_tls ? "https://" : "http://") + from.authority + from.target);
    if (!base.resolve(*reference))
        return fail(Errc::invalid_input, say({"máy chủ chuyển hướng tới một chỗ không phải URL",
                                              "the server redirects to what is not a URL"}));
    return take_apart(base);
}

}  // namespace vg::probes::http
