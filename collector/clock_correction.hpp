#pragma once
// From an agent's monotonic time to corrected wall time with an error bound. corrected = mono + offset, an offset for
// each boot; the device's own wall clock may say 1970 or 2038 and is never believed without witnesses. Pure.

#include "base/clock.hpp"
#include "wire/messages.hpp"

#include <cstdint>
#include <optional>

namespace vg::collector {

struct Offset {
    std::int64_t at_zero_ms = 0;  // corrected wall time at mono 0
    std::int64_t error_ms = 0;    // the truth lies within ± this
    [[nodiscard]] Time at(std::int64_t mono_ms) const;
};

// The present boot of one connection. A frame that left at mono m and came at r was under way for 0..transit, so the
// offset lies in [r - m - transit, r - m]; the smallest r - m bounds it best.
class SessionClock {
public:
    explicit SessionClock(Millis round_trip = Millis{1000}) : round_trip_ms_(round_trip.count()) {}
    void observe(Time received, std::int64_t sent_mono_ms);
    void shift(Millis by);  // the clock that dates what is received was put
    [[nodiscard]] bool known() const { return least_.has_value(); }
    [[nodiscard]] Offset offset() const;

private:
    std::int64_t round_trip_ms_;
    std::optional<std::int64_t> least_;  // of received - sent
    std::int64_t least_at_ms_ = 0;       // mono when it was seen; it ages, for two crystals drift apart
};

// What is known about an agent beside the batch itself.
struct Witness {
    std::string boot_id;  // of the present connection
    Offset offset;        // of that boot
    std::int64_t device_wall_at_zero_ms = 0;
    Time not_before{};  // the agent did not exist before (enrolment)
    Time now{};
};

// The offset of a batch's boot: the session's for the present boot; for an older one what the collector told in that
// boot, else the device's clock where it fits between the bounds (corrected by the error it has now when that is
// needed), else the latest time that the order of boots allows.
[[nodiscard]] Offset offset_of(const wire::BootInfo& boot, const Witness& witness);

inline constexpr std::int64_t drift_ppm = 100;  // of a cheap crystal

}  // namespace vg::collector
