#pragma once
// The collector's own wall clock may be put right while it runs (NTP after a start without a battery, an operator's
// hand). Nobody fell silent by that, and no hold has ended: what waits for a time, or was dated by the clock as it was,
// moves along. Pure.

#include "base/clock.hpp"

#include <optional>

namespace vg::collector {

struct ClockStep {
    Time before{}, now{};  // the same moment by the clock as it was and as it is
    [[nodiscard]] Millis by() const { return now - before; }
    // What `at` is by the clock as it is. Forward, what lay in the future before came from a clock that was right;
    // backward, only what lies in the future now is known to be of the old clock.
    [[nodiscard]] Time redated(Time at) const;
};

class ClockWatch {
public:
    // Nothing: since the last look the wall clock went as the monotonic one did, but for what a clock is slewed.
    [[nodiscard]] std::optional<ClockStep> look(Time wall, Mono mono);

private:
    struct Seen {
        Time wall;
        Mono mono;
    };
    std::optional<Seen> last_;
};

}  // namespace vg::collector
