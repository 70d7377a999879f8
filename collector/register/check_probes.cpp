// What agents would refuse of probes, and with it their whole assignment: times and missing targets.
#include "base/clock.hpp"
#include "collector/register/read.hpp"

#include <algorithm>
#include <array>

namespace vg::collector::registry {
namespace {

using std::chrono::seconds;

constexpr Millis shortest_every = seconds(1), longest_every = std::chrono::hours(24);
constexpr Millis shortest_timeout{100};
constexpr Millis own_every = seconds(30);    // of a probe that says nothing
constexpr Millis given_every = seconds(60);  // of services and of devices asked by SNMP

std::optional<Millis> time_of(const std::string& text) {
    if (text.empty()) return std::nullopt;
    yaml::Node node;
    node.kind = yaml::Kind::scalar;
    node.scalar = text;
    Problems told;  // when it was read
    const auto ms = yaml::as_duration_ms(node, told);
    return ms ? std::optional(Millis{*ms}) : std::nullopt;
}

void check_times(const std::string& every, const std::string& timeout, Millis usual, const Place& place,
                 Problems& problems) {
    const auto period = time_of(every).value_or(usual);
    if (period < shortest_every || period > longest_every)
        problems.add(place, {"'every' là {}, phải từ 1s đến 24h", "'every' is {}, it must be between 1s and 24h"},
                     every);
    const auto patience = time_of(timeout);
    if (patience && *patience < shortest_timeout)
        problems.add(place, {"'timeout' là {}, phải từ 100ms", "'timeout' is {}, it must be 100ms or more"}, timeout);
    if (patience && *patience > period)
        problems.add(
            place,
            {"'timeout' {} dài hơn 'every' {}; trạm gác sẽ không nhận phép dò này, hãy giảm 'timeout' hoặc tăng "
             "'every'",
             "'timeout' {} is longer than 'every' {}; agents refuse such a probe: shorten 'timeout' or lengthen "
             "'every'"},
            timeout, every.empty() ? std::to_string(usual / seconds(1)) + "s" : every);
}

void check_probe(const ProbeEntry& probe, Millis usual, Problems& problems) {
    static constexpr auto aimed = std::to_array<std::string_view>({"icmp", "tcp", "dns", "http", "lan", "snmp"});
    if (probe.target.empty() && std::find(aimed.begin(), aimed.end(), probe.probe) != aimed.end())
        problems.add(probe.place,
                     {"phép dò {} '{}' cần 'target': dò cái gì; xem vonggac-agent probe {} --help",
                      "the {} probe '{}' needs a 'target', what it looks at; see vonggac-agent probe {} --help"},
                     probe.probe, probe.id, probe.probe);
    check_times(probe.every, probe.timeout, usual, probe.place, problems);
}

std::string text_of(const yaml::Node& node, std::string_view key) {
    const auto* value = node.find(key);
    return value != nullptr ? value->scalar : std::string();
}

}  // namespace

void check_probes(const Register& reg, Problems& problems) {
    for (const auto& probe : reg.probes) check_probe(probe, own_every, problems);
    for (const auto& service : reg.services) check_probe(service.probe, given_every, problems);
    for (const auto& device : reg.devices)
        if (device.snmp)
            check_times(text_of(*device.snmp, "every"), text_of(*device.snmp, "timeout"), given_every,
                        device.snmp->place, problems);
}

}  // namespace vg::collector::registry
