#include "probes/host/parse.hpp"
#include "probes/platform/host_source.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <algorithm>
#include <charconv>
#include <utility>

namespace vg::probes::host {
namespace {

constexpr std::size_t most_instances = 8;  // interfaces, mounts, disks: a machine with more names what it wants

class File {
public:
    explicit File(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    File& operator=(File&&) = delete;
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    // The whole file as it is now; empty when it cannot be read. Valid until the buffer is used again.
    [[nodiscard]] std::string_view text(std::string& buffer) const {
        if (fd_ < 0) return {};
        if (buffer.size() < 4096) buffer.resize(4096);
        std::size_t have = 0;
        for (;;) {
            const auto n = ::pread(fd_, buffer.data() + have, buffer.size() - have, static_cast<off_t>(have));
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) break;
            have += static_cast<std::size_t>(n);
            if (have == buffer.size()) {
                if (have >= 4u << 20) break;
                buffer.resize(have * 2);
            }
        }
        return {buffer.data(), have};
    }

private:
    int fd_;
};

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

class LinuxSource final : public Source {
public:
    explicit LinuxSource(SourceOptions options) : options_(std::move(options)) {
        for (int zone = 0; zone < 8; ++zone) {
            const auto path = "/sys/class/thermal/thermal_zone" + std::to_string(zone) + "/temp";
            if (exists(path)) zones_.emplace_back(path);
        }
        os_name_ = parse_os_release(File("/etc/os-release").text(buffer_));
        utsname names{};
        if (::uname(&names) == 0) kernel_ = names.release;
    }

    Reading look() override {
        Reading r;
        r.stat = parse_stat(stat_.text(buffer_));
        r.memory = parse_meminfo(meminfo_.text(buffer_));
        r.load = parse_loadavg(loadavg_.text(buffer_));
        r.disks = parse_diskstats(diskstats_.text(buffer_));
        if (r.disks.size() > most_instances) r.disks.resize(most_instances);
        r.interfaces = chosen_interfaces(parse_net_dev(net_dev_.text(buffer_)));
        r.tcp = parse_net_snmp(net_snmp_.text(buffer_));
        r.pressure = {parse_pressure(pressure_cpu_.text(buffer_)), parse_pressure(pressure_memory_.text(buffer_)),
                      parse_pressure(pressure_io_.text(buffer_))};
        look_at_filesystems(r);
        look_at_clock(r);
        look_at_temperature(r);
        const auto processors = ::sysconf(_SC_NPROCESSORS_ONLN);
        r.processors = processors > 0 ? static_cast<unsigned>(processors) : 0;
        r.os_name = os_name_;
        r.kernel = kernel_;
        return r;
    }

private:
    std::vector<Interface> chosen_interfaces(std::vector<Interface> all) {
        std::vector<std::string> names;
        names.reserve(all.size());
        for (const auto& i : all) names.push_back(i.name);
        if (names != known_names_) {
            known_names_ = names;
            chosen_names_ = choose(names);
        }
        std::erase_if(all, [&](const Interface& i) {
            return std::find(chosen_names_.begin(), chosen_names_.end(), i.name) == chosen_names_.end();
        });
        return all;
    }

    // Those with hardware behind them, and modems; where there is none (a container), whatever is not a bridge's port.
    [[nodiscard]] std::vector<std::string> choose(const std::vector<std::string>& names) const {
        if (!options_.interfaces.empty()) return options_.interfaces;
        std::vector<std::string> real, others;
        for (const auto& name : names) {
            const auto folder = "/sys/class/net/" + name;
            if (exists(folder + "/device") || name.starts_with("ppp") || name.starts_with("wwan"))
                real.push_back(name);
            else if (!exists(folder + "/master") && !name.starts_with("docker") && !name.starts_with("virbr"))
                others.push_back(name);
        }
        auto& chosen = real.empty() ? others : real;
        if (chosen.size() > most_instances) chosen.resize(most_instances);
        return chosen;
    }

    void look_at_filesystems(Reading& r) {
        if (looks_++ % 10 == 0) {  // mounts change seldom
            mounts_.clear();
            for (auto& mount : parse_mountinfo(mountinfo_.text(buffer_)))
                if (options_.mounts.empty() ||
                    std::find(options_.mounts.begin(), options_.mounts.end(), mount.point) != options_.mounts.end())
                    if (mounts_.size() < most_instances) mounts_.push_back(std::move(mount.point));
        }
        for (const auto& point : mounts_) {
            struct statvfs s {};
            if (::statvfs(point.c_str(), &s) != 0 || s.f_blocks == 0) continue;
            const std::uint64_t unit = s.f_frsize;
            r.filesystems.push_back(
                {point, s.f_blocks * unit, s.f_bfree * unit, s.f_bavail * unit, s.f_files, s.f_ffree});
        }
    }

    static void look_at_clock(Reading& r) {
        timex t{};
        const int state = ::adjtimex(&t);
        if (state < 0) return;
        const double unit = (t.status & STA_NANO) ? 1e-6 : 1e-3;  // to ms
        r.clock = ClockState{state != TIME_ERROR && (t.status & STA_UNSYNC) == 0, static_cast<double>(t.offset) * unit,
                             static_cast<double>(t.maxerror) * 1e-3};
    }

    void look_at_temperature(Reading& r) {
        for (const auto& zone : zones_) {
            auto text = zone.text(buffer_);
            while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
            long milli = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), milli);
            const auto celsius = static_cast<double>(milli) / 1000;
            if (error != std::errc{} || celsius < -60 || celsius > 200) continue;
            r.temperature_c = std::max(r.temperature_c.value_or(celsius), celsius);
        }
    }

    SourceOptions options_;
    std::string buffer_;
    File stat_{"/proc/stat"}, meminfo_{"/proc/meminfo"}, loadavg_{"/proc/loadavg"}, diskstats_{"/proc/diskstats"},
        net_dev_{"/proc/net/dev"}, net_snmp_{"/proc/net/snmp"}, mountinfo_{"/proc/self/mountinfo"},
        pressure_cpu_{"/proc/pressure/cpu"}, pressure_memory_{"/proc/pressure/memory"},
        pressure_io_{"/proc/pressure/io"};
    std::vector<File> zones_;
    std::string os_name_, kernel_;
    std::vector<std::string> known_names_, chosen_names_, mounts_;
    unsigned looks_ = 0;
};

}  // namespace

std::unique_ptr<Source> make_source(SourceOptions options) { return std::make_unique<LinuxSource>(std::move(options)); }

}  // namespace vg::probes::host
