#pragma once
// How long to wait before the next try: doubling, with jitter so that a province's agents do not return at one moment.
// Pure: chance comes as an argument.

#include "base/clock.hpp"

#include <algorithm>

namespace vg::agent {

class Backoff {
public:
    Backoff(Millis first, Millis longest) : first_(first), longest_(longest), next_(first) {}
    // Between half and all of the present step; the step doubles. `chance` is uniform over all its values.
    [[nodiscard]] Millis next(std::uint64_t chance) {
        const auto half = next_ / 2;
        const auto wait =
            half + Millis{static_cast<std::int64_t>(chance % static_cast<std::uint64_t>(half.count() + 1))};
        next_ = std::min(next_ * 2, longest_);
        return wait;
    }
    void reset() { next_ = first_; }

private:
    Millis first_, longest_, next_;
};

}  // namespace vg::agent
