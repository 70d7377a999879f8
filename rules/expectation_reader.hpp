#pragma once
// One expectation, or one override of an expectation, from its YAML mapping (docs/rules.md). Used by the loader.

#include "base/yaml.hpp"
#include "rules/guard.hpp"
#include "rules/rule.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vg::rules {

struct ReadContext {
    std::string_view file_text;
    std::span<const std::string> producers;
    Guard& guard;
    Problems& problems;
};

// Nothing when it has a mistake; every mistake is told.
[[nodiscard]] std::optional<Expectation> read_expectation(const yaml::Node& node, const ReadContext& context);

// What a province changes about a rule that it did not write.
struct Override {
    std::string id;
    bool disabled = false;
    std::optional<Millis> hold, recover;
    std::optional<double> target;
    std::optional<wire::Severity> severity;
    Place place;
};
[[nodiscard]] std::optional<Override> read_override(const yaml::Node& node, Problems& problems);
void apply(const Override& change, Expectation& rule);
void apply(const Override& change, Detection& rule);

}  // namespace vg::rules
