#include "rules/version_order.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace vg::rules {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

std::size_t end_of_digits(std::string_view text, std::size_t from) {
    while (from < text.size() && is_digit(text[from])) ++from;
    return from;
}

// The next number or word of a version; empty at its end.
std::string_view next(std::string_view& rest) {
    const auto start = std::find_if(rest.begin(), rest.end(), [](char c) { return is_digit(c) || is_letter(c); });
    rest.remove_prefix(static_cast<std::size_t>(start - rest.begin()));
    if (rest.empty()) return {};
    const bool number = is_digit(rest.front());
    const auto end =
        std::find_if(rest.begin(), rest.end(), [&](char c) { return number ? !is_digit(c) : !is_letter(c); });
    const auto out = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    rest.remove_prefix(out.size());
    return out;
}

bool is_before_release(std::string_view word) {
    return word == "alpha" || word == "beta" || word == "rc" || word == "pre" || word == "dev";
}

// Below the end of a version stand its pre-releases, above it everything else.
int rank(std::string_view token) {
    if (token.empty()) return 1;
    if (is_digit(token.front())) return 3;
    return is_before_release(token) ? 0 : 2;
}

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
    const auto skip = [](std::string_view& text) {
        while (text.size() > 1 && text.front() == '0') text.remove_prefix(1);
    };
    skip(a);
    skip(b);
    return a.size() != b.size() ? a.size() <=> b.size() : a.compare(b) <=> 0;
}

}  // namespace

std::string version_in(std::string_view text) {
    std::size_t first = std::string_view::npos;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!is_digit(text[at])) continue;
        const auto end = end_of_digits(text, at);
        if (first == std::string_view::npos) first = at;
        if (end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1])) {
            first = at;
            break;
        }
        at = end;
    }
    if (first == std::string_view::npos) return {};
    return lower(text.substr(first, text.find_first_of(", \t\r\n", first) - first));
}

std::strong_ordering compare_versions(std::string_view a, std::string_view b) {
    for (;;) {
        const auto x = next(a), y = next(b);
        if (x.empty() && y.empty()) return std::strong_ordering::equal;
        if (rank(x) != rank(y)) return rank(x) <=> rank(y);
        const auto order = is_digit(x.front()) ? compare_numbers(x, y) : x.compare(y) <=> 0;
        if (order != 0) return order;
    }
}

std::optional<std::int64_t> build_in(std::string_view text) {
    const auto low = lower(text);
    const auto word = low.find("build");
    if (word == std::string::npos) return std::nullopt;
    const auto start = low.find_first_of("0123456789", word);
    if (start == std::string::npos) return std::nullopt;
    return to_number<std::int64_t>(std::string_view(low).substr(start, end_of_digits(low, start) - start));
}

}  // namespace vg::rules
