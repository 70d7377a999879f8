#pragma once
// The clocks of a machine, injected wherever time matters so that tests own it.
// Wall time is milliseconds since the Unix epoch and may jump; monotonic time counts from boot and never does.
// An instance outlives everything it is given to; now() may be called from any thread.

#include <chrono>
#include <cstdint>
#include <string>

namespace vg {

using Millis = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Millis>;  // wall time

struct BootClock {  // CLOCK_BOOTTIME: monotonic since boot, also while suspended
    using duration = Millis;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<BootClock, Millis>;
    static constexpr bool is_steady = true;
};
using Mono = BootClock::time_point;

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Time wall() const = 0;
    [[nodiscard]] virtual Mono mono() const = 0;
    // Random at each boot (Linux: /proc/sys/kernel/random/boot_id), 128 bits as 32 hex digits.
    [[nodiscard]] virtual const std::string& boot_id() const = 0;
};

// The machine's own clocks; lives for the whole process.
[[nodiscard]] Clock& system_clock();

// ISO 8601 with milliseconds in UTC, "2026-11-22T04:05:06.789Z".
[[nodiscard]] std::string to_iso(Time time);

// A clock that moves only when told to (tests, replays).
class ManualClock final : public Clock {
public:
    explicit ManualClock(Time start) : wall_(start) {}
    [[nodiscard]] Time wall() const override { return wall_; }
    [[nodiscard]] Mono mono() const override { return mono_; }
    [[nodiscard]] const std::string& boot_id() const override { return boot_; }
    void advance(Millis by) {
        wall_ += by;
        mono_ += by;
    }
    void step_wall(Millis by) { wall_ += by; }  // as an NTP step does
    void reboot(std::string new_boot_id) {
        boot_ = std::move(new_boot_id);
        mono_ = Mono{};
    }

private:
    Time wall_;
    Mono mono_{};
    std::string boot_ = std::string(32, '0');
};

}  // namespace vg
