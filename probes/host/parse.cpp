#include "probes/host/parse.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace vg::probes::host {
namespace {

template <class T>
bool read(std::string_view text, T& out) {
    const auto number = to_number<T>(text);
    if (number) out = *number;
    return number.has_value();
}

template <class T>
bool read_next(std::string_view& line, T& out) {
    return read(next_word(line), out);
}

// "sda", "vda", "nvme0n1", "mmcblk0", "xvda"; not their partitions, and nothing that only maps other devices.
bool is_whole_disk(std::string_view name) {
    const bool ends_in_digit = !name.empty() && name.back() >= '0' && name.back() <= '9';
    if (name.starts_with("sd") || name.starts_with("vd") || name.starts_with("hd") || name.starts_with("xvd"))
        return !ends_in_digit;
    if (name.starts_with("nvme") || name.starts_with("mmcblk"))
        return name.find('p') == std::string_view::npos && name.find("boot") == std::string_view::npos;
    return false;
}

bool is_local_filesystem(std::string_view type) {
    constexpr auto known = std::to_array<std::string_view>({"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "jfs",
                                                            "reiserfs", "vfat", "exfat", "ntfs", "ntfs3", "zfs",
                                                            "fuseblk", "overlay", "ubifs", "jffs2", "bcachefs"});
    return std::find(known.begin(), known.end(), type) != known.end();
}

// The kernel writes blanks in paths as \040 and so on (three octal digits).
std::string unescape(std::string_view text) {
    const auto octal = [](char c) { return c >= '0' && c <= '7'; };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 3 < text.size() && text[i + 1] <= '3' && octal(text[i + 1]) && octal(text[i + 2]) &&
            octal(text[i + 3])) {
            out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
            i += 3;
        } else {
            out += text[i];
        }
    }
    return out;
}

}  // namespace

std::optional<Stat> parse_stat(std::string_view text) {
    Stat stat;
    bool found = false;
    for (std::string_view line; next_line(text, line);) {
        const auto key = next_word(line);
        if (key == "cpu") {
            auto& c = stat.cpu;
            found = true;
            for (auto* field : {&c.user, &c.nice, &c.system, &c.idle, &c.iowait, &c.irq, &c.softirq, &c.steal})
                if (!read_next(line, *field)) break;
        } else if (key == "ctxt") {
            (void)read_next(line, stat.context_switches);
        } else if (key == "processes") {
            (void)read_next(line, stat.forks);
        } else if (key == "procs_running") {
            (void)read_next(line, stat.running);
        }
    }
    if (!found) return std::nullopt;
    return stat;
}

std::optional<Memory> parse_meminfo(std::string_view text) {
    Memory memory;
    std::uint64_t free = 0, buffers = 0, cached = 0;
    bool has_available = false;
    for (std::string_view line; next_line(text, line);) {
        const auto key = next_word(line);
        std::uint64_t kib = 0;
        if (!read_next(line, kib) || kib > (std::uint64_t{1} << 50)) continue;
        if (key == "MemTotal:") memory.total = kib * 1024;
        if (key == "MemFree:") free = kib * 1024;
        if (key == "MemAvailable:") memory.available = kib * 1024, has_available = true;
        if (key == "Buffers:") buffers = kib * 1024;
        if (key == "Cached:") cached = kib * 1024;
        if (key == "SwapTotal:") memory.swap_total = kib * 1024;
        if (key == "SwapFree:") memory.swap_free = kib * 1024;
    }
    if (memory.total == 0) return std::nullopt;
    if (!has_available) memory.available = free + buffers + cached;  // kernels before 3.14, some routers
    memory.available = std::min(memory.available, memory.total);
    memory.swap_free = std::min(memory.swap_free, memory.swap_total);
    return memory;
}

std::optional<Load> parse_loadavg(std::string_view text) {
    Load load;
    std::string_view line;
    next_line(text, line);
    if (!read_next(line, load.one) || !read_next(line, load.five) || !read_next(line, load.fifteen))
        return std::nullopt;
    const auto tasks = next_word(line);  // "2/431"
    const auto slash = tasks.find('/');
    if (slash != std::string_view::npos) (void)read(tasks.substr(slash + 1), load.threads);
    return load;
}

std::vector<Disk> parse_diskstats(std::string_view text) {
    std::vector<Disk> disks;
    for (std::string_view line; next_line(text, line);) {
        (void)next_word(line);  // major
        (void)next_word(line);  // minor
        const auto name = next_word(line);
        if (!is_whole_disk(name)) continue;
        std::array<std::uint64_t, 10> n{};  // Documentation/admin-guide/iostats.rst, fields 1 to 10
        bool good = true;
        for (auto& field : n) good = good && read_next(line, field);
        if (good) disks.push_back({std::string(name), n[2], n[6], n[9]});
    }
    return disks;
}

std::vector<Interface> parse_net_dev(std::string_view text) {
    std::vector<Interface> interfaces;
    for (std::string_view line; next_line(text, line);) {
        const auto colon = line.rfind(':');  // an alias may hold one, too
        if (colon == std::string_view::npos) continue;
        auto before = line.substr(0, colon);
        const auto name = next_word(before);
        line.remove_prefix(colon + 1);
        std::array<std::uint64_t, 16> n{};
        bool good = !name.empty() && name != "lo";
        for (auto& field : n) good = good && read_next(line, field);
        if (good) interfaces.push_back({std::string(name), n[0], n[1], n[2], n[3], n[8], n[9], n[10], n[11]});
    }
    return interfaces;
}

std::vector<Mount> parse_mountinfo(std::string_view text) {
    std::vector<Mount> mounts;
    for (std::string_view line; next_line(text, line);) {
        (void)next_word(line);  // id
        (void)next_word(line);  // parent
        const auto device = next_word(line);
        (void)next_word(line);  // root
        const auto point = next_word(line);
        const auto dash = line.find(" - ");
        if (dash == std::string_view::npos) continue;
        line.remove_prefix(dash + 3);
        const auto type = next_word(line);
        if (!is_local_filesystem(type) || (type == "overlay" && point != "/")) continue;
        const auto twice =
            std::any_of(mounts.begin(), mounts.end(), [&](const Mount& m) { return m.device == device; });
        if (!twice) mounts.push_back({unescape(point), std::string(device), std::string(type)});
    }
    return mounts;
}

std::optional<Tcp> parse_net_snmp(std::string_view text) {
    std::string_view names;
    for (std::string_view line; next_line(text, line);) {
        if (next_word(line) != "Tcp:") continue;
        if (names.empty()) {
            names = line;
            continue;
        }
        Tcp tcp;
        for (auto name = next_word(names); !name.empty(); name = next_word(names)) {
            std::uint64_t value = 0;
            if (!read_next(line, value)) continue;  // MaxConn is -1
            if (name == "CurrEstab") tcp.established = value;
            if (name == "OutSegs") tcp.out_segments = value;
            if (name == "RetransSegs") tcp.retransmitted = value;
        }
        return tcp;
    }
    return std::nullopt;
}

std::optional<double> parse_pressure(std::string_view text) {
    for (std::string_view line; next_line(text, line);) {
        if (next_word(line) != "some") continue;
        for (auto field = next_word(line); !field.empty(); field = next_word(line)) {
            double value = 0;
            if (field.starts_with("avg60=") && read(field.substr(6), value) && value >= 0 && value <= 100) return value;
        }
    }
    return std::nullopt;
}

std::string parse_os_release(std::string_view text) {
    for (std::string_view line; next_line(text, line);) {
        if (!line.starts_with("PRETTY_NAME=")) continue;
        line.remove_prefix(12);
        if (line.size() >= 2 && (line.front() == '"' || line.front() == '\'') && line.back() == line.front())
            line = line.substr(1, line.size() - 2);
        return std::string(line.substr(0, 200));
    }
    return {};
}

}  // namespace vg::probes::host
