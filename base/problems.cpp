#include "base/problems.hpp"

#include <algorithm>
#include <tuple>

namespace vg {

std::string to_string(const Place& place) {
    std::string out = place.file;
    if (place.line > 0) out += ':' + std::to_string(place.line);
    if (place.line > 0 && place.column > 0) out += ':' + std::to_string(place.column);
    return out;
}

void Problems::add(Place place, std::string message) { list_.push_back({std::move(place), std::move(message)}); }

void Problems::append(const Problems& other) { list_.insert(list_.end(), other.list_.begin(), other.list_.end()); }

std::string Problems::text() const {
    auto sorted = list_;
    std::stable_sort(sorted.begin(), sorted.end(), [](const Problem& a, const Problem& b) {
        return std::tie(a.place.file, a.place.line, a.place.column) <
               std::tie(b.place.file, b.place.line, b.place.column);
    });
    std::string out;
    for (const auto& problem : sorted) out += to_string(problem.place) + ": " + problem.message + '\n';
    return out;
}

}  // namespace vg
