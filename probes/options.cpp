#include "probes/options.hpp"

namespace vg::probes {

Options::Options(const Task& task, Problems& problems)
    : task_(task), problems_(problems), problems_before_(problems.list().size()) {}

std::int64_t Options::integer(std::string_view key, std::int64_t fallback, std::int64_t low, std::int64_t high) {
    const auto* found = node(key);
    return found ? yaml::as_int(*found, low, high, problems_).value_or(fallback) : fallback;
}

Millis Options::duration(std::string_view key, Millis fallback, Millis low, Millis high) {
    const auto* found = node(key);
    if (!found) return fallback;
    const auto read = yaml::as_duration_ms(*found, problems_);
    if (!read) return fallback;
    if (Millis{*read} < low || Millis{*read} > high) {
        complain(key, {"{} phải từ {}ms đến {}ms", "{} must lie between {}ms and {}ms"}, key, low.count(),
                 high.count());
        return fallback;
    }
    return Millis{*read};
}

std::string Options::text(std::string_view key, std::string_view fallback) {
    const auto* found = node(key);
    return found ? yaml::as_string(*found, problems_).value_or(std::string(fallback)) : std::string(fallback);
}

bool Options::flag(std::string_view key, bool fallback) {
    const auto* found = node(key);
    return found ? yaml::as_bool(*found, problems_).value_or(fallback) : fallback;
}

std::vector<std::string> Options::list(std::string_view key) {
    std::vector<std::string> out;
    const auto* found = node(key);
    if (!found) return out;
    if (found->kind != yaml::Kind::sequence) {
        if (auto one = yaml::as_string(*found, problems_)) out.push_back(std::move(*one));
        return out;
    }
    for (const auto& item : found->items)
        if (auto one = yaml::as_string(item, problems_)) out.push_back(std::move(*one));
    return out;
}

Family Options::family() {
    const auto word = text("family", "any");
    if (word == "4") return Family::v4;
    if (word == "6") return Family::v6;
    if (word != "any") complain("family", {"family phải là any, 4 hoặc 6", "family must be any, 4 or 6"});
    return Family::any;
}

Place Options::place_of(std::string_view key) const {
    const auto* found = node(key);
    return found ? found->place : task_.options.place;
}

}  // namespace vg::probes
