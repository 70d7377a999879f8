#include "collector/inventory/reboots.hpp"

namespace vg::collector::inventory {
namespace {

constexpr auto hour = std::chrono::hours(1);
constexpr std::size_t most_times = 64;
// sysUpTime counts hundredths of a second in 32 bits (RFC 3418): after 497 days it begins at 0 without a reboot.
constexpr std::int64_t wraps_after_s = 42'949'672;
constexpr std::int64_t wrap_slack_s = 900;

void note(std::deque<Time>& times, Time now) {
    times.push_back(now);
    if (times.size() > most_times) times.pop_front();
}

}  // namespace

void Reboots::saw_uptime(const std::string& record, std::int64_t seconds, Time now) {
    auto& device = devices_[record];
    if (device.uptime >= 0 && seconds < device.uptime) {
        const auto elapsed = std::chrono::duration_cast<std::chrono::seconds>(now - device.uptime_at).count();
        const bool wrapped = device.uptime + elapsed + wrap_slack_s >= wraps_after_s;
        if (!wrapped) note(device.times, now);
    }
    if (seconds != device.uptime) device.uptime_at = now;
    device.uptime = seconds;
}

void Reboots::saw_boot(const std::string& record, std::string_view boot, Time now) {
    auto& device = devices_[record];
    if (!device.boot.empty() && device.boot != boot) note(device.times, now);
    device.boot = boot;
}

std::int64_t Reboots::within_hour(const std::string& record, Time now) {
    const auto found = devices_.find(record);
    if (found == devices_.end()) return 0;
    auto& times = found->second.times;
    while (!times.empty() && times.front() + hour <= now) times.pop_front();
    return static_cast<std::int64_t>(times.size());
}

}  // namespace vg::collector::inventory
