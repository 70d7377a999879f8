#pragma once
// Problems found in a file that people write (configuration, register, rules): all of them at once, each with its
// place. Owned by the caller of a loader; an empty list means that the file is in order.

#include "base/words.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vg {

struct Place {
    std::string file;
    int line = 0;    // from 1; 0 when the whole file is meant
    int column = 0;  // from 1
};

struct Problem {
    Place place;
    Text message;  // one sentence: what is wrong and what would be right
};

// "file:line:column", leaving out what is 0.
[[nodiscard]] std::string to_string(const Place& place);
[[nodiscard]] inline Text value_of(const Place& place) { return value_of(to_string(place)); }

class Problems {
public:
    // problems.add(place, {"không có trụ sở '{}'", "there is no site '{}'"}, id);
    template <class... Values>
    void add(Place place, Wording<sizeof...(Values)> wording, const Values&... values) {
        add({std::move(place), say(wording, values...)});
    }
    void add(Problem problem) { list_.push_back(std::move(problem)); }
    void append(const Problems& other);
    [[nodiscard]] bool empty() const { return list_.empty(); }
    [[nodiscard]] const std::vector<Problem>& list() const { return list_; }
    // "file:line:column: câu / sentence", a line each, in order of place: for people at a command line.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string text(Language language) const;  // logs are English

private:
    [[nodiscard]] std::vector<Problem> sorted() const;

    std::vector<Problem> list_;
};

// "; did you mean 'x'?" for the nearest of the known names, or nothing when none is near.
[[nodiscard]] Text did_you_mean(std::string_view name, const std::vector<std::string_view>& known);

}  // namespace vg
