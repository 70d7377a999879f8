#include "base/problems.hpp"

#include <algorithm>
#include <tuple>

namespace vg {
namespace {

std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

}  // namespace

std::string to_string(const Place& place) {
    std::string out = place.file;
    if (place.line > 0) out += ':' + std::to_string(place.line);
    if (place.line > 0 && place.column > 0) out += ':' + std::to_string(place.column);
    return out;
}

Text did_you_mean(std::string_view name, const std::vector<std::string_view>& known) {
    name = name.substr(0, 64);
    const auto nearest = std::min_element(known.begin(), known.end(),
                                          [&](auto a, auto b) { return distance(name, a) < distance(name, b); });
    if (nearest == known.end() || distance(name, *nearest) > 3) return {};
    return say({"; có phải là '{}' không?", "; did you mean '{}'?"}, *nearest);
}

void Problems::append(const Problems& other) { list_.insert(list_.end(), other.list_.begin(), other.list_.end()); }

std::vector<Problem> Problems::sorted() const {
    auto out = list_;
    std::stable_sort(out.begin(), out.end(), [](const Problem& a, const Problem& b) {
        return std::tie(a.place.file, a.place.line, a.place.column) <
               std::tie(b.place.file, b.place.line, b.place.column);
    });
    return out;
}

std::string Problems::text() const {
    std::string out;
    for (const auto& problem : sorted()) out += to_string(problem.place) + ": " + in_both(problem.message) + '\n';
    return out;
}

std::string Problems::text(Language language) const {
    std::string out;
    for (const auto& problem : sorted()) out += to_string(problem.place) + ": " + problem.message.in(language) + '\n';
    return out;
}

}  // namespace vg
