#pragma once
// Reads the options of one task, each with its fallback and its limits; every mistake is a problem with its place.
// Unknown keys are refused before, where the entry is read. Lives as long as the factory that uses it.

#include "probes/probe.hpp"
#include "probes/resolve.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vg::probes {

// The row of an option that several kinds have.
inline constexpr Option family_option{"family", "any|4|6", "any", "dùng IPv4 hay IPv6 khi đích là tên máy",
                                      "IPv4 or IPv6, when the target is a name"};

class Options {
public:
    Options(const Task& task, Problems& problems);

    [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t fallback, std::int64_t low,
                                       std::int64_t high);
    [[nodiscard]] Millis duration(std::string_view key, Millis fallback, Millis low, Millis high);
    [[nodiscard]] std::string text(std::string_view key, std::string_view fallback = {});
    [[nodiscard]] bool flag(std::string_view key, bool fallback);
    [[nodiscard]] std::vector<std::string> list(std::string_view key);  // a scalar counts as a list of one
    [[nodiscard]] Family family();                                      // of family_option
    [[nodiscard]] const yaml::Node* node(std::string_view key) const { return task_.options.find(key); }

    // A problem at the key's place, or at the entry's when the key is absent.
    template <class... Values>
    void complain(std::string_view key, Wording<sizeof...(Values)> wording, const Values&... values) {
        problems_.add(place_of(key), wording, values...);
    }
    [[nodiscard]] bool ok() const { return problems_.list().size() == problems_before_; }

private:
    [[nodiscard]] Place place_of(std::string_view key) const;

    const Task& task_;
    Problems& problems_;
    std::size_t problems_before_;
};

}  // namespace vg::probes
