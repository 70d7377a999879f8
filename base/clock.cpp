#include "base/clock.hpp"

#include <cstdio>
#include <ctime>
#include <fstream>

namespace vg {
namespace {

class SystemClock final : public Clock {
public:
    SystemClock() {
        std::ifstream in("/proc/sys/kernel/random/boot_id");
        for (char c; in.get(c);)
            if (std::isxdigit(static_cast<unsigned char>(c)) != 0) boot_ += c;
        boot_.resize(32, '0');
    }
    [[nodiscard]] Time wall() const override {
        return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
    }
    [[nodiscard]] Mono mono() const override {
        timespec ts{};
        clock_gettime(CLOCK_BOOTTIME, &ts);
        return Mono{
            std::chrono::duration_cast<Millis>(std::chrono::seconds{ts.tv_sec} + std::chrono::nanoseconds{ts.tv_nsec})};
    }
    [[nodiscard]] const std::string& boot_id() const override { return boot_; }

private:
    std::string boot_;
};

}  // namespace

Clock& system_clock() {
    static SystemClock clock;
    return clock;
}

std::string to_iso(Time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    char text[48];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int(date.year()), unsigned(date.month()),
                  unsigned(date.day()), int(clock.hours().count()), int(clock.minutes().count()),
                  int(clock.seconds().count()), int(clock.subseconds().count()));
    return text;
}

}  // namespace vg
