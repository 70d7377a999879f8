#pragma once
// Judging the past again when data arrives late (design §5): a subject's facts over a stretch of time give the verdicts
// that would have been seen in time; GapTracker::rewrite() compares them with what was recorded. Pure: same input, same
// verdicts, as the live path because it is the same fact base and judge.

#include "rules/facts.hpp"
#include "rules/gaps.hpp"
#include "rules/rule.hpp"

#include <memory>
#include <string>
#include <vector>

namespace vg::rules {

struct PastFact {
    std::string name;
    wire::FactValue value;
    Time at{};
};

struct Past {
    SubjectId subject;
    RegisterColumns columns;
    // Any order; with the last value of each fact before `from`, late and known ones together.
    std::vector<PastFact> facts;
    Time from{}, to{};
};

// Verdicts at `from` and at each change until `to`, in order of time, freshness limits applied.
[[nodiscard]] Result<std::vector<VerdictAt>> judge_past(const std::shared_ptr<const RuleSet>& rules, const Past& past);

}  // namespace vg::rules
