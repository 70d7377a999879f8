#pragma once
// What a look at the machine gives, part by part, before it becomes facts. Plain values: an empty text or nullopt is
// "not known", never a guess. Filled by probes/inventory/platform/machine.hpp, told by probes/inventory/telling.hpp.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vg::probes::inventory {

// Looked at one by one: each has its own sources and its own pace.
enum class Part : std::uint8_t {
    system,
    board,
    processor,
    memory,
    disks,
    adapters,
    software,
    services,
    ports,
    accounts,
    usb,
    updates,
    policy,
    protection
};
inline constexpr std::array all_parts{Part::system,   Part::board,    Part::processor, Part::memory,    Part::disks,
                                      Part::adapters, Part::software, Part::services,  Part::ports,     Part::accounts,
                                      Part::usb,      Part::updates,  Part::policy,    Part::protection};

using Day = std::chrono::sys_days;  // of Viet Nam (UTC+7)

struct System {
    std::string os_id;       // "debian", as os-release(5) has it
    std::string os_version;  // "12"
    std::string os_name;     // "Debian GNU/Linux 12 (bookworm)"
    std::string computer_name;
    std::string machine_id;
};

struct Board {
    std::string vendor, model, serial;
    std::string chassis;  // "desktop", "laptop", "server", "virtual"; others are not told
    std::string bios_version;
    std::string bios_date;  // 2021-06-30
};

struct Processor {
    std::string model;
    std::optional<std::int64_t> memory_mib;  // of the whole machine
};

struct Adapter {
    std::string name, mac;
    std::string ipv4, ipv6;  // the first of each with its prefix, "10.1.0.11/24"; link-local ones do not count
    std::optional<std::int64_t> speed_mbps;
    std::optional<bool> up;
    bool wireless = false;
};

struct Package {
    std::string name, architecture, version;
};

struct MemoryModule {
    std::string slot;
    std::int64_t mib = 0;
    std::string type;  // "DDR4"
    std::optional<std::int64_t> speed_mts;
    std::string vendor, serial;
};

struct Disk {
    std::string name, model, serial;
    std::int64_t bytes = 0;
    std::string kind;             // "ssd", "hdd", "nvme", "virtual"
    std::optional<bool> failing;  // as the disk itself says it
};

struct Service {
    std::string name, state;  // "running", "stopped", "failed"
};

struct Listener {
    std::string where;    // "tcp/0.0.0.0:22", "udp/[::]:161"
    std::string process;  // empty: its owner cannot be seen
};

struct Account {
    std::string name;
    std::int64_t uid = 0;
    bool administrator = false;
    std::optional<bool> enabled;
    std::optional<Day> last_login;
    std::optional<bool> idle;  // for over 45 days
};

struct UsbDevice {
    std::string id;    // "0951:1666:60A44C3F" or without a serial number
    std::string name;  // maker and product, as the device has them
};

struct Policy {
    std::optional<bool> autorun;
    std::optional<std::int64_t> screen_lock_minutes;  // 0: never
    std::optional<std::int64_t> lockout_failures;     // 0: never
};

struct Protection {
    std::optional<bool> firewall;
    std::optional<std::string> product;  // empty: there is none
    std::optional<bool> realtime;
    std::optional<std::int64_t> definitions_days;
};

// A part that was not looked at, or cannot be looked at on this machine, stays empty.
struct Reading {
    std::optional<System> system;
    std::optional<Board> board;
    std::optional<Processor> processor;
    std::optional<std::vector<Adapter>> adapters;
    std::optional<std::vector<Package>> software;
    std::optional<std::vector<MemoryModule>> memory;
    std::optional<std::vector<Disk>> disks;
    std::optional<std::vector<Service>> services;
    std::optional<std::vector<Listener>> ports;
    std::optional<std::vector<Account>> accounts;
    std::optional<std::vector<UsbDevice>> usb;
    std::optional<Day> last_update;
    Day today{};  // when this was read
    std::optional<Policy> policy;
    std::optional<Protection> protection;
};

}  // namespace vg::probes::inventory
