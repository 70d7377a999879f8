#include "base/words.hpp"

#include <algorithm>

namespace vg {
namespace {

std::string fill(std::string_view pattern, std::initializer_list<Text> values, Language language) {
    std::string out;
    std::size_t next = 0;
    while (!pattern.empty()) {
        const char digit = pattern.size() > 2 ? pattern[1] : '\0';
        if (pattern.starts_with("{}") && next < values.size()) {
            out += values.begin()[next++].in(language);
            pattern.remove_prefix(2);
        } else if (pattern.front() == '{' && digit >= '0' && digit <= '9' && pattern[2] == '}' &&
                   static_cast<std::size_t>(digit - '0') < values.size()) {
            out += values.begin()[digit - '0'].in(language);
            pattern.remove_prefix(3);
        } else {
            const auto plain = std::min(pattern.find('{', 1), pattern.size());
            out += pattern.substr(0, plain);
            pattern.remove_prefix(plain);
        }
    }
    return out;
}

}  // namespace

Text because(const Text& what, const Text& why) { return {what.vi + ": " + why.vi, what.en + ": " + why.en}; }

std::string in_both(const Text& text) { return text.vi + " / " + text.en; }

Text filled(std::string_view vi, std::string_view en, std::initializer_list<Text> values) {
    return {fill(vi, values, Language::vi), fill(en, values, Language::en)};
}

}  // namespace vg
