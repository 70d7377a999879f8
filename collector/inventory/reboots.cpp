#include "collector/inventory/reboots.hpp"

#include <algorithm>

namespace vg::collector::inventory {
namespace {

constexpr std::size_t most_times = 64;
// sysUpTime counts hundredths of a second in 32 bits (RFC 3418): after 497 days it begins at 0 without a reboot.
constexpr std::int64_t wraps_after_s = 42'949'672;
constexpr std::int64_t wrap_slack_s = 900;
// Two agents ask one router at nearly the same time, and what the first one saw may be told last.
constexpr std::int64_t told_in_disorder_s = 10;

}  // namespace

void Reboots::note(const std::string& record, Device& device, Time now) {
    device.times.push_back(now);
    if (device.times.size() > most_times) device.times.pop_front();
    counted_.insert(record);
}

void Reboots::forget(const std::string& record) {
    devices_.erase(record);
    counted_.erase(record);
}

void Reboots::saw_uptime(const std::string& record, std::int64_t seconds, Time now) {
    auto& device = devices_[record];
    if (device.uptime >= 0 && seconds < device.uptime) {
        const auto elapsed = std::chrono::duration_cast<std::chrono::seconds>(now - device.uptime_at).count();
        const auto expected = device.uptime + elapsed;
        if (expected - seconds <= told_in_disorder_s) return;
        if (expected + wrap_slack_s < wraps_after_s) note(record, device, now);
    }
    if (seconds != device.uptime) device.uptime_at = now;
    device.uptime = seconds;
}

void Reboots::saw_boot(const std::string& record, std::string_view boot, Time now) {
    auto& device = devices_[record];
    if (!device.boot.empty() && device.boot != boot) note(record, device, now);
    device.boot = boot;
}

std::int64_t Reboots::within_hour(const std::string& record, Time now) const {
    const auto found = devices_.find(record);
    if (found == devices_.end()) return 0;
    const auto& times = found->second.times;
    return std::count_if(times.begin(), times.end(), [&](Time at) { return at + reboot_window > now; });
}

std::vector<std::string> Reboots::take_fallen(Time now) {
    std::vector<std::string> out;
    for (auto record = counted_.begin(); record != counted_.end();) {
        auto& times = devices_[*record].times;
        if (times.front() + reboot_window <= now) out.push_back(*record);
        while (!times.empty() && times.front() + reboot_window <= now) times.pop_front();
        record = times.empty() ? counted_.erase(record) : std::next(record);
    }
    return out;
}

}  // namespace vg::collector::inventory
