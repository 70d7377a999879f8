#pragma once
// UTF-8 (RFC 3629), and texts that should be that and may be anything: agents pass on what devices call themselves.
// Pure; any thread.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace vg {

// Whether the byte goes on with a character that began before it.
[[nodiscard]] constexpr bool goes_on(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// Characters as people count them in an editor; bytes that are no UTF-8 count for something, too.
[[nodiscard]] constexpr std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) { return !goes_on(byte); }));
}

// Bytes of the well-formed character (no overlong form, no surrogate) that `text` begins with; 0: none.
[[nodiscard]] std::size_t utf8_length(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text);

// The text with U+FFFD in place of each byte that is not of well-formed UTF-8: so JSON and pages can hold it.
[[nodiscard]] std::string well_formed(std::string text);

// The beginning of well-formed UTF-8, of at most so many bytes, in whole characters.
[[nodiscard]] std::string cut(std::string_view text, std::size_t most);

}  // namespace vg
