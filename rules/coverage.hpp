#pragma once
// Coverage of a rule over a population: an interval, because what is not known is neither good nor bad. Plain values.

#include "rules/rule.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace vg::rules {

struct Coverage {
    std::size_t met = 0, not_met = 0, not_known = 0;

    void add(Verdict verdict);
    Coverage& operator+=(const Coverage& other);
    [[nodiscard]] std::size_t population() const { return met + not_met + not_known; }
    // [met, met + not known] / population; nothing for an empty population.
    [[nodiscard]] std::optional<double> low() const;
    [[nodiscard]] std::optional<double> high() const;
    // The target is met when even `low` reaches it, not met when even `high` does not, else not known.
    [[nodiscard]] Verdict against(double target) const;
};

}  // namespace vg::rules
