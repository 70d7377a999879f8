#include "base/utf8.hpp"

namespace vg {

std::size_t utf8_length(std::string_view text) {
    if (text.empty()) return 0;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if (!goes_on(text[i])) return 0;
    const auto second = byte(1);
    const bool is_overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    const bool is_beyond = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);  // over U+10FFFF
    return is_overlong || is_beyond ? 0 : length;
}

namespace {

// Where the first byte stands that is not of well-formed UTF-8; npos: there is none.
std::size_t first_bad(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const bool is_ascii = static_cast<unsigned char>(text[i]) < 0x80;  // most are
        const auto length = is_ascii ? 1 : utf8_length(text.substr(i));
        if (length == 0) return i;
        i += length;
    }
    return std::string_view::npos;
}

}  // namespace

bool is_utf8(std::string_view text) { return first_bad(text) == std::string_view::npos; }

std::string well_formed(std::string text) {
    auto bad = first_bad(text);
    if (bad == std::string::npos) return text;
    std::string out;
    std::string_view rest = text;
    for (; bad != std::string_view::npos; bad = first_bad(rest)) {
        out.append(rest.substr(0, bad)).append("\uFFFD");
        rest.remove_prefix(bad + 1);
    }
    return out.append(rest);
}

std::string cut(std::string_view text, std::size_t most) {
    if (text.size() <= most) return std::string(text);
    while (most > 0 && goes_on(text[most])) --most;
    return std::string(text.substr(0, most));
}

}  // namespace vg
