#include "probes/inventory/words.hpp"

#include <algorithm>

namespace vg::probes::inventory {
namespace {

// Bytes of the character that begins here; 0: none does (RFC 3629, overlong forms and surrogates are none).
std::size_t character(std::string_view at) {
    const auto byte = [&](std::size_t i) { return i < at.size() ? static_cast<unsigned char>(at[i]) : 0U; };
    const auto first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0) != 0x80) return 0;
    if ((first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f) || (first == 0xf0 && byte(1) < 0x90) ||
        (first == 0xf4 && byte(1) > 0x8f))
        return 0;
    return length;
}

}  // namespace

std::string clean(std::string_view text, std::size_t most) {
    text = trim(text);
    std::string out;
    out.reserve(std::min(text.size(), most));
    while (!text.empty()) {
        const auto length = character(text);
        const auto taken = std::max<std::size_t>(length, 1);
        if (out.size() + taken > most) break;
        const auto c = static_cast<unsigned char>(text.front());
        if (length == 0)
            out += '?';
        else if (c > 0x20 && c != 0x7f)
            out += text.substr(0, length);
        else if (!out.empty())
            out += ' ';
        text.remove_prefix(taken);
    }
    while (out.ends_with(' ')) out.pop_back();
    return out;
}

}  // namespace vg::probes::inventory
