#pragma once
// The text files of /proc as values (proc(5)). Total: any text gives what could be read from it, nothing otherwise; a
// line that does not fit is left out. Pure, from any thread; the portable half of the host probe.

#include "probes/host/reading.hpp"

#include <string_view>

namespace vg::probes::host {

[[nodiscard]] std::optional<Stat> parse_stat(std::string_view text);        // /proc/stat
[[nodiscard]] std::optional<Memory> parse_meminfo(std::string_view text);   // /proc/meminfo
[[nodiscard]] std::optional<Load> parse_loadavg(std::string_view text);     // /proc/loadavg
[[nodiscard]] std::vector<Disk> parse_diskstats(std::string_view text);     // /proc/diskstats, whole devices only
[[nodiscard]] std::vector<Interface> parse_net_dev(std::string_view text);  // /proc/net/dev, without lo
[[nodiscard]] std::vector<Mount> parse_mountinfo(std::string_view text);    // /proc/self/mountinfo, local disks only
[[nodiscard]] std::optional<Tcp> parse_net_snmp(std::string_view text);     // /proc/net/snmp
[[nodiscard]] std::optional<double> parse_pressure(std::string_view text);  // /proc/pressure/*, "some avg60"
[[nodiscard]] std::string parse_os_release(std::string_view text);          // /etc/os-release, PRETTY_NAME

}  // namespace vg::probes::host
