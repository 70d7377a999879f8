#pragma once
// Small readers of text that the parsers of this folder share. All total over any bytes; pure; any thread.

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vg::probes::inventory {

// Cuts the first line off `text`, without its end; false when nothing is left.
inline bool next_line(std::string_view& text, std::string_view& line) {
    if (text.empty()) return false;
    const auto end = text.find('\n');
    line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return true;
}

// Cuts the first piece up to `separator` off `text`; the whole when there is none.
inline std::string_view next_piece(std::string_view& text, char separator) {
    const auto end = text.find(separator);
    const auto piece = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return piece;
}

// The next word between blanks; empty at the end.
inline std::string_view next_word(std::string_view& text) {
    const auto from = text.find_first_not_of(" \t");
    if (from == std::string_view::npos) return text = {};
    text.remove_prefix(from);
    const auto end = text.find_first_of(" \t");
    const auto word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
    return word;
}

inline std::string_view trim(std::string_view text) {
    const auto blank = " \t\r\n\v\f";
    const auto from = text.find_first_not_of(blank);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(blank) - from + 1);
}

template <class Number>
std::optional<Number> number(std::string_view text, int base = 10) {
    Number value{};
    const auto* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value, base);
    if (error != std::errc{} || at != end) return std::nullopt;
    return value;
}

// What may be shown and stored: valid UTF-8 without control characters, blanks at the ends or more than `most` bytes.
[[nodiscard]] std::string clean(std::string_view text, std::size_t most = 200);

}  // namespace vg::probes::inventory
