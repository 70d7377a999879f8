#pragma once
// Characters of UTF-8 as people count them in an editor; bytes that are no UTF-8 count for something, too. Pure.

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace vg {

// Whether the byte goes on with a character that began before it.
[[nodiscard]] constexpr bool goes_on(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

[[nodiscard]] constexpr std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) { return !goes_on(byte); }));
}

}  // namespace vg
