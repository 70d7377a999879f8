#include "probes/lan/dissect/text.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace vg::probes::lan::dissect {
namespace {

// C1 controls (U+0080 to U+009F) are no text either.
std::size_t sequence(ByteView in) {
    const auto size = utf8_length(text_of(in));
    return in[0] == 0xc2 && size == 2 && in[1] < 0xa0 ? 0 : size;
}

}  // namespace

std::string clean_text(ByteView raw, std::size_t most) {
    std::string out;
    while (!raw.empty() && raw[0] != 0) {
        auto size = sequence(raw);
        const bool good = size > 0 && raw[0] >= 0x20 && raw[0] != 0x7f;
        const bool is_space = raw[0] == '\t' || raw[0] == '\n' || raw[0] == '\r';
        if (size == 0) size = 1;
        if (out.size() + (good ? size : 1) > most) break;
        if (good)
            out.append(text_of(raw.first(size)));
        else
            out += is_space ? ' ' : '?';
        raw = raw.subspan(size);
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

std::string clean_text(std::string_view raw, std::size_t most) { return clean_text(view_of(raw), most); }

std::string host_text(std::string_view raw) {
    while (!raw.empty() && raw.back() == '.') raw.remove_suffix(1);
    return lower(clean_text(raw));
}

std::string hex_text(ByteView raw, std::size_t most) {
    constexpr auto digits = "0123456789abcdef";
    std::string out;
    for (const auto byte : raw.first(raw.size() < most ? raw.size() : most)) {
        if (!out.empty()) out += ':';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

}  // namespace vg::probes::lan::dissect
