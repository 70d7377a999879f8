#include "probes/inventory/words.hpp"
#include "base/utf8.hpp"

#include <algorithm>

namespace vg::probes::inventory {

std::string clean(std::string_view text, std::size_t most) {
    text = trim(text);
    std::string out;
    out.reserve(std::min(text.size(), most));
    while (!text.empty()) {
        const auto length = utf8_length(text);
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
