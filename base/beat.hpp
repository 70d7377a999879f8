#pragma once
// What comes again and again in one process happens together: waking a machine that rests costs more than most of what
// is then done. Periodic work is due on multiples of its period, and timers that are due nearly together ring as one.

#include "base/clock.hpp"

#include <chrono>

namespace vg {

// The first multiple of `every` after that time. Whoever ticks with it keeps the pace without drifting: with a quarter
// of the period as the least distance, next_beat(now + every / 4, every).
[[nodiscard]] constexpr Mono next_beat(Mono after, Millis every) {
    return Mono{(after.time_since_epoch() / every + 1) * every};
}

// The moment for a timer that shall ring `after` from now, at most a fortieth of a second later.
[[nodiscard]] inline std::chrono::steady_clock::time_point shared_moment(
    Millis after, std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now()) {
    using Duration = std::chrono::steady_clock::duration;
    constexpr Duration grain = Millis{25};
    const Duration exact = now.time_since_epoch() + after;
    const bool in_haste = after < 20 * grain;
    return std::chrono::steady_clock::time_point{in_haste ? exact : (exact + grain - Duration{1}) / grain * grain};
}

}  // namespace vg
