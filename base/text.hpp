#pragma once
// ASCII letters in texts, without a locale: what stands beyond ASCII is left as it is. Pure; any thread.

#include <algorithm>
#include <string>
#include <string_view>

namespace vg {

[[nodiscard]] constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

[[nodiscard]] inline std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = lower(c);
    return out;
}

// Is `text`, in whatever case, `name`, which is in lower case?
[[nodiscard]] constexpr bool is_named(std::string_view text, std::string_view name) {
    return std::equal(text.begin(), text.end(), name.begin(), name.end(), [](char a, char b) { return lower(a) == b; });
}

// 0 to 15; -1: it is no hexadecimal digit.
[[nodiscard]] constexpr int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace vg
