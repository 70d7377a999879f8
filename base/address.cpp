#include "base/address.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <vector>

namespace vg {
namespace {

bool parse_v4(std::string_view text, std::uint8_t* out) {
    for (int i = 0; i < 4; ++i) {
        const auto dot = i < 3 ? text.find('.') : text.size();
        if (dot == std::string_view::npos || dot > 3) return false;
        const auto part = to_number<std::uint8_t>(text.substr(0, dot));
        if (!part) return false;
        out[i] = *part;
        text.remove_prefix(std::min(text.size(), dot + 1));
    }
    return text.empty();
}

// Groups of one side of "::"; false on anything else.
bool parse_groups(std::string_view text, std::vector<std::uint8_t>& out) {
    while (!text.empty()) {
        const auto colon = std::min(text.find(':'), text.size());
        const auto group = text.substr(0, colon);
        if (group.find('.') != std::string_view::npos) {
            std::array<std::uint8_t, 4> v4{};
            if (colon != text.size() || !parse_v4(group, v4.data())) return false;
            out.insert(out.end(), v4.begin(), v4.end());
            return true;
        }
        const auto value = group.size() > 4 ? std::nullopt : to_number<std::uint16_t>(group, 16);
        if (!value) return false;
        out.push_back(static_cast<std::uint8_t>(*value >> 8));
        out.push_back(static_cast<std::uint8_t>(*value & 0xff));
        if (colon + 1 == text.size()) return false;
        text.remove_prefix(std::min(text.size(), colon + 1));
    }
    return true;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
    Address out{};
    if (text.find(':') == std::string_view::npos) {
        out[10] = out[11] = 0xff;
        if (!parse_v4(text, out.data() + 12)) return std::nullopt;
        return out;
    }
    text = text.substr(0, text.find('%'));  // a zone is not part of the address
    std::vector<std::uint8_t> head, tail;
    const auto gap = text.find("::");
    if (!parse_groups(text.substr(0, gap), head)) return std::nullopt;
    if (gap != std::string_view::npos && !parse_groups(text.substr(gap + 2), tail)) return std::nullopt;
    const auto total = head.size() + tail.size();
    if (gap == std::string_view::npos ? total != 16 : total > 14) return std::nullopt;
    std::copy(head.begin(), head.end(), out.begin());
    std::copy(tail.begin(), tail.end(), out.end() - static_cast<std::ptrdiff_t>(tail.size()));
    return out;
}

std::optional<Network> Network::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address) return std::nullopt;
    const bool v4 = text.find(':') == std::string_view::npos;
    const int width = v4 ? 32 : 128;
    Network out{*address, 128};
    if (slash == std::string_view::npos) return out;
    const auto bits = to_number<std::uint8_t>(text.substr(slash + 1));
    if (!bits || *bits > width) return std::nullopt;
    out.bits = 128 - width + *bits;
    return out;
}

bool Network::contains(const Address& other) const {
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole), other.begin())) return false;
    if (bits % 8 == 0) return true;
    const auto mask = static_cast<std::uint8_t>(0xff << (8 - bits % 8));
    return (address[whole] & mask) == (other[whole] & mask);
}

bool Network::contains(std::string_view other) const {
    const auto parsed = parse_address(other);
    return parsed && contains(*parsed);
}

bool is_mac(std::string_view text) {
    if (text.size() != 17) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (i % 3 == 2 ? text[i] != ':' : hex_digit(text[i]) < 0 || lower(text[i]) != text[i]) return false;
    return true;
}

}  // namespace vg
