#pragma once
// What people read, in both languages of the product. A sentence is written where it is used, as a wording
// {"tiếng Việt", "English"} with places {} for values; one that lacks a language, says the same twice or leaves a value
// out does not compile. Plain values; any thread.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace vg {

enum class Language { vi, en };

[[nodiscard]] constexpr std::string_view choose(Language language, std::string_view vi, std::string_view en) {
    return language == Language::vi ? vi : en;
}

struct Text {
    std::string vi, en;
    [[nodiscard]] const std::string& in(Language language) const { return language == Language::vi ? vi : en; }
    [[nodiscard]] bool empty() const { return vi.empty() && en.empty(); }
    // Whether it is a sentence in each language.
    [[nodiscard]] bool is_whole() const { return !vi.empty() && !en.empty() && vi != en; }
    bool operator==(const Text&) const = default;
};

// "vi / en", as command lines say it to whom they do not know.
[[nodiscard]] std::string in_both(const Text& text);

// {} is the next value, {0} to {9} the value of that number; every value stands in both languages. Other braces are
// themselves. The literals outlive everything.
template <std::size_t values>
class Wording {
public:
    consteval Wording(const char* vi, const char* en) : vi_(vi), en_(en) {
        if (vi_.empty() || en_.empty()) throw "a language is missing";
        if (vi_ == en_) throw "both languages say the same";
        if (!takes_all(vi_) || !takes_all(en_)) throw "values and their places {} differ";
    }
    [[nodiscard]] std::string_view vi() const { return vi_; }
    [[nodiscard]] std::string_view en() const { return en_; }

private:
    static consteval bool takes_all(std::string_view text) {
        bool taken[values + 1] = {};
        std::size_t next = 0;
        for (std::size_t i = 0; i + 1 < text.size(); ++i) {
            if (text[i] != '{') continue;
            std::size_t index = values;
            if (text[i + 1] == '}')
                index = next++;
            else if (i + 2 < text.size() && text[i + 2] == '}' && text[i + 1] >= '0' && text[i + 1] <= '9')
                index = static_cast<std::size_t>(text[i + 1] - '0');
            else
                continue;
            if (index >= values) return false;
            taken[index] = true;
        }
        for (std::size_t i = 0; i < values; ++i)
            if (!taken[i]) return false;
        return true;
    }

    std::string_view vi_, en_;
};

// A value: a name, which is the same in both languages; a number; or words, each language taking its own.
[[nodiscard]] inline Text value_of(std::string_view name) { return {std::string(name), std::string(name)}; }
[[nodiscard]] inline Text value_of(const Text& words) { return words; }
template <std::integral Number>
[[nodiscard]] Text value_of(Number number) {
    return value_of(std::to_string(number));
}

// Values are put in as they are: what looks like a place in them stays.
[[nodiscard]] Text filled(std::string_view vi, std::string_view en, std::initializer_list<Text> values);

template <class... Values>
[[nodiscard]] Text say(Wording<sizeof...(Values)> wording, const Values&... values) {
    return filled(wording.vi(), wording.en(), {value_of(values)...});
}

// "what: why"
[[nodiscard]] Text because(const Text& what, const Text& why);

// "a, b, c"
template <class Names>
[[nodiscard]] std::string joined(const Names& names) {
    std::string out;
    for (const auto& name : names) (out += out.empty() ? "" : ", ") += std::string_view(name);
    return out;
}

}  // namespace vg
