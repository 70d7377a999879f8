#pragma once
// What a look at the machine gives, part by part, before it becomes facts. Plain values: an empty text or nullopt is
// "not known", never a guess. Filled by probes/inventory/platform/machine.hpp, told by probes/inventory/telling.hpp.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vg::probes::inventory {

// Looked at one by one: each has its own sources and its own pace.
enum class Part : std::uint8_t { system, board, processor, adapters, software };
inline constexpr std::array all_parts{Part::system, Part::board, Part::processor, Part::adapters, Part::software};

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

// A part that was not looked at, or cannot be looked at on this machine, stays empty.
struct Reading {
    std::optional<System> system;
    std::optional<Board> board;
    std::optional<Processor> processor;
    std::optional<std::vector<Adapter>> adapters;
    std::optional<std::vector<Package>> software;
};

}  // namespace vg::probes::inventory
