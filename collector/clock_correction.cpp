#include "collector/clock_correction.hpp"

#include <algorithm>
#include <limits>

namespace vg::collector {
namespace {

// Agents may say anything: sums stay far from the ends of int64.
constexpr std::int64_t far = std::int64_t{1} << 52;
std::int64_t tame(std::int64_t v) { return std::clamp(v, -far, far); }
std::int64_t ms_of(Time time) { return tame(time.time_since_epoch().count()); }

std::int64_t drift(std::int64_t over_ms) { return std::abs(over_ms) / 1'000'000 * drift_ppm + 1; }

}  // namespace

Time Offset::at(std::int64_t mono_ms) const { return Time{Millis{tame(at_zero_ms) + tame(mono_ms)}}; }

void SessionClock::observe(Time received, std::int64_t sent_mono_ms) {
    const std::int64_t mono = tame(sent_mono_ms);
    const std::int64_t difference = ms_of(received) - mono;
    if (!least_ || difference <= *least_ + drift(mono - least_at_ms_)) {
        least_ = difference;
        least_at_ms_ = mono;
    }
}

void SessionClock::shift(Millis by) {
    if (least_) *least_ = tame(*least_ + tame(by.count()));
}

Offset SessionClock::offset() const {
    const std::int64_t half = round_trip_ms_ / 2;
    return {least_.value_or(0) - half, half + 1};
}

Offset offset_of(const wire::BootInfo& boot, const Witness& witness) {
    if (boot.boot_id.empty() || boot.boot_id == witness.boot_id) return witness.offset;
    const std::int64_t last = tame(boot.last_mono_ms);
    // That boot ended before the present one began, and began after the agent came to be.
    const std::int64_t upper = tame(witness.offset.at_zero_ms) + witness.offset.error_ms - last;
    const std::int64_t lower = std::min(ms_of(witness.not_before) - last, upper);

    if (boot.corrected_at_zero_ms) {
        const std::int64_t told = tame(*boot.corrected_at_zero_ms);
        const std::int64_t error = std::clamp<std::int64_t>(boot.error_ms, 0, far) + drift(last);
        if (told - error <= upper) return {std::min(told, upper), error};
    }
    const std::int64_t device = tame(boot.device_wall_at_zero_ms);
    const std::int64_t device_error_now = tame(witness.device_wall_at_zero_ms) - tame(witness.offset.at_zero_ms);
    for (const std::int64_t guess : {device, device - device_error_now}) {
        if (guess < lower || guess > upper) continue;
        // A clock that is right now and fits its place was most likely right then; what is wrong now may have been
        // wrong by as much then.
        const std::int64_t trust = std::abs(device_error_now) + drift(upper - guess) + 2'000;
        return {guess, std::min(trust, std::max(upper - guess, guess - lower))};
    }
    return {upper, upper - lower};
}

}  // namespace vg::collector
