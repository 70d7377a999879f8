#pragma once
// Counts how often a device began anew within the last hour: by its uptime going back, or by another boot id. Pure;
// remembers by record id. Times are those of the look.

#include "base/clock.hpp"

#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vg::collector::inventory {

inline constexpr auto reboot_window = std::chrono::hours(1);

class Reboots {
public:
    void saw_uptime(const std::string& record, std::int64_t seconds, Time now);
    void saw_boot(const std::string& record, std::string_view boot, Time now);
    // Within the hour before `now`; 0 for a device that was never seen.
    [[nodiscard]] std::int64_t within_hour(const std::string& record, Time now) const;
    // Records whose count fell since the last call.
    [[nodiscard]] std::vector<std::string> take_fallen(Time now);
    [[nodiscard]] bool knows(const std::string& record) const { return devices_.contains(record); }
    void forget(const std::string& record);

private:
    struct Device {
        std::int64_t uptime = -1;
        Time uptime_at{};
        std::string boot;
        std::deque<Time> times;
    };
    void note(const std::string& record, Device& device, Time now);
    std::unordered_map<std::string, Device> devices_;
    std::set<std::string> counted_;  // records with at least one
};

}  // namespace vg::collector::inventory
