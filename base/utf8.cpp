#include "base/utf8.hpp"

#include "base/text.hpp"

namespace vg {
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

}  // namespace vg
