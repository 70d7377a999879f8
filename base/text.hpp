#pragma once
// Small readers of texts. Total over any bytes, without a locale; letters are those of ASCII, what stands beyond is
// left as it is. Views are views into what was given. Pure; any thread.

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

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

// Without the blanks at both ends.
[[nodiscard]] constexpr std::string_view trim(std::string_view text, std::string_view blanks = " \t\r\n\v\f") {
    const auto from = text.find_first_not_of(blanks);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

// Cuts the first line off `text`, without its end; false when nothing is left.
constexpr bool next_line(std::string_view& text, std::string_view& line) {
    if (text.empty()) return false;
    const auto end = text.find('\n');
    line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return true;
}

// Cuts the first piece up to `separator` off `text`, and the separator; the whole when there is none.
constexpr std::string_view next_piece(std::string_view& text, char separator) {
    const auto end = text.find(separator);
    const auto piece = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return piece;
}

// Cuts the next word between blanks off `text`; empty at the end.
constexpr std::string_view next_word(std::string_view& text) {
    const auto from = text.find_first_not_of(" \t");
    if (from == std::string_view::npos) return text = {};
    text.remove_prefix(from);
    const auto end = text.find_first_of(" \t");
    const auto word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
    return word;
}

// The number that the whole text is: no blanks, no "+"; nothing for any other text or a number that does not fit.
template <class Number>
[[nodiscard]] std::optional<Number> to_number(std::string_view text, [[maybe_unused]] int base = 10) {
    Number value{};
    const auto* const end = text.data() + text.size();
    std::from_chars_result read{};
    if constexpr (std::is_floating_point_v<Number>)
        read = std::from_chars(text.data(), end, value);
    else
        read = std::from_chars(text.data(), end, value, base);
    return read.ec == std::errc{} && read.ptr == end ? std::optional(value) : std::nullopt;
}

}  // namespace vg
