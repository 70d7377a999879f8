#pragma once
// One test of rules as read from its YAML (docs/rules.md, "Tests"): what happens when, and what must be seen when.
// Plain values; rule_test.cpp plays it.

#include "base/problems.hpp"
#include "base/yaml.hpp"
#include "rules/facts.hpp"
#include "rules/gaps.hpp"
#include "rules/sigma.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vg::rules {

struct ScenarioFact {
    SubjectId subject;
    std::string name;
    wire::FactValue value;
    Time at{}, arrives{};
};

struct ScenarioEvent {
    SeenEvent event;
    Time arrives{};
};

struct ScenarioCheck {
    Time at{};
    std::string rule;
    SubjectId subject;
    std::optional<std::string> verdict;
    std::optional<std::string> gap;  // none, pending, open, acknowledged, closed
    std::optional<Time> since, opened, closed;
    std::optional<std::uint64_t> count;
    std::optional<bool> uncertain, rewritten;
    std::optional<std::string> cause;  // the cause's rule; "none"
    Place place;
};

struct Scenario {
    std::string name;
    std::vector<std::pair<SubjectId, RegisterColumns>> subjects;
    std::vector<ScenarioFact> facts;
    std::vector<ScenarioEvent> events;
    std::vector<ScenarioCheck> checks;
    Place place;
};

// Nothing when it has a mistake; every mistake is told.
[[nodiscard]] std::optional<Scenario> read_scenario(const yaml::Node& node, const RuleSet& rules, Problems& problems);

}  // namespace vg::rules
