#pragma once
// What one look at the machine gives, before anything is computed from it: counters as the kernel counts them and
// states as they are. Plain values; filled by probes/platform/host_source.hpp, read by probes/host/report.hpp.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vg::probes::host {

struct CpuTimes {  // clock ticks since boot, all processors together (proc(5), /proc/stat)
    std::uint64_t user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0;
};
struct Stat {
    CpuTimes cpu;
    std::uint64_t context_switches = 0;
    std::uint64_t forks = 0;
    std::uint64_t running = 0;  // runnable now
};
struct Memory {  // bytes
    std::uint64_t total = 0, available = 0, swap_total = 0, swap_free = 0;
};
struct Load {
    double one = 0, five = 0, fifteen = 0;
    std::uint64_t threads = 0;
};
struct Disk {  // a whole block device, since boot
    std::string name;
    std::uint64_t read_sectors = 0, written_sectors = 0;  // of 512 bytes, whatever the device's own sector is
    std::uint64_t busy_ms = 0;
};
struct Interface {  // since boot
    std::string name;
    std::uint64_t rx_bytes = 0, rx_packets = 0, rx_errors = 0, rx_dropped = 0;
    std::uint64_t tx_bytes = 0, tx_packets = 0, tx_errors = 0, tx_dropped = 0;
};
struct Mount {
    std::string point;   // where it is mounted
    std::string device;  // major:minor, to count a filesystem once
    std::string type;    // "ext4"
};
struct Filesystem {
    std::string point;
    std::uint64_t total = 0, free = 0, usable = 0;  // bytes; `usable` is what ordinary users may still write
    std::uint64_t inodes = 0, inodes_free = 0;      // 0: the filesystem does not count them
};
struct Tcp {  // RFC 4022, since boot
    std::uint64_t established = 0, out_segments = 0, retransmitted = 0;
};
struct Pressure {  // share of time that something waited, mean of the last 60 s, percent
    std::optional<double> cpu, memory, io;
};
struct ClockState {  // adjtimex(2)
    bool synchronised = false;
    double offset_ms = 0;     // still to be slewed away
    double max_error_ms = 0;  // bound; grows while nobody corrects the clock
};

// A part that the machine does not offer stays empty.
struct Reading {
    std::optional<Stat> stat;
    std::optional<Memory> memory;
    std::optional<Load> load;
    std::vector<Disk> disks;
    std::vector<Interface> interfaces;
    std::vector<Filesystem> filesystems;
    std::optional<Tcp> tcp;
    Pressure pressure;
    std::optional<ClockState> clock;
    std::optional<double> temperature_c;  // the hottest sensor
    unsigned processors = 0;
    std::string os_name;  // "Debian GNU/Linux 12 (bookworm)"
    std::string kernel;   // "6.1.0-18-amd64"
};

}  // namespace vg::probes::host
