#pragma once
// Problems found in a file that people write (configuration, register, rules): all of them at once, each with its
// place. Owned by the caller of a loader; an empty list means that the file is in order.

#include <string>
#include <string_view>
#include <vector>

namespace vg {

struct Place {
    std::string file;
    int line = 0;    // from 1; 0 when the whole file is meant
    int column = 0;  // from 1
};

struct Problem {
    Place place;
    std::string message;  // one sentence: what is wrong and what would be right
};

class Problems {
public:
    void add(Place place, std::string message);
    void append(const Problems& other);
    [[nodiscard]] bool empty() const { return list_.empty(); }
    [[nodiscard]] const std::vector<Problem>& list() const { return list_; }
    // "file:line:column: sentence", a line each, in order of place.
    [[nodiscard]] std::string text() const;

private:
    std::vector<Problem> list_;
};

// "; did you mean 'x'?" for the nearest of the known names, or nothing when none is near.
[[nodiscard]] std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& known);

// "file:line:column", leaving out what is 0.
[[nodiscard]] std::string to_string(const Place& place);

}  // namespace vg
