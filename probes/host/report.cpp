#include "probes/host/report.hpp"

#include <algorithm>
#include <cmath>

namespace vg::probes::host {
namespace {

using wire::FactValue;
using wire::SubjectKind;

double round_to(double value, double step) { return std::round(value / step) * step; }
double tenths(double value) { return std::round(value * 10) / 10; }
double percent(double part, double whole) { return whole > 0 ? std::clamp(100 * part / whole, 0.0, 100.0) : 0; }

double significant(double value, int digits) {
    if (value == 0) return 0;
    const auto step = std::pow(10.0, std::floor(std::log10(std::abs(value))) - (digits - 1));
    return round_to(value, step);
}

// What became of a counter in an interval; nothing when it went backwards.
std::optional<double> rise(std::uint64_t before, std::uint64_t now) {
    if (now < before) return std::nullopt;
    return static_cast<double>(now - before);
}

template <class T>
const T* same_name(const std::vector<T>& list, const std::string& name) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const T& item) { return item.name == name; });
    return found == list.end() ? nullptr : &*found;
}

// Collects the samples of one observation.
struct Out {
    wire::Observation& o;
    double seconds = 0;  // since the look before

    void sample(const char* metric, const std::string& target, const char* unit, double value) {
        o.samples.push_back({{metric, target, unit}, value});
    }
    void rate(const char* metric, const std::string& target, std::uint64_t before, std::uint64_t now,
              double factor = 1) {
        if (const auto n = rise(before, now)) sample(metric, target, "By/s", round_rate(*n * factor / seconds));
    }
    void count_rate(const char* metric, const std::string& target, std::uint64_t before, std::uint64_t now) {
        if (const auto n = rise(before, now)) sample(metric, target, "/s", round_count(*n / seconds));
    }
    void count(const char* metric, const std::string& target, std::uint64_t before, std::uint64_t now) {
        if (const auto n = rise(before, now)) sample(metric, target, "1", *n);
    }
    void agent_fact(const char* name, FactValue value) {
        o.facts.push_back({{SubjectKind::agent, ""}, name, std::move(value)});
    }
};

std::optional<double> cpu_samples(const CpuTimes& a, const CpuTimes& b, Out& out) {
    const auto all = [](const CpuTimes& c) {
        return c.user + c.nice + c.system + c.idle + c.iowait + c.irq + c.softirq + c.steal;
    };
    const auto total = rise(all(a), all(b));
    // idle and iowait may step back a little on some kernels: then they stood still.
    if (!total || *total <= 0) return std::nullopt;
    const auto part = [&](std::uint64_t from, std::uint64_t to) { return percent(rise(from, to).value_or(0), *total); };
    const auto waiting = part(a.iowait, b.iowait);
    const auto busy = std::clamp(100 - part(a.idle, b.idle) - waiting, 0.0, 100.0);
    out.sample("host.cpu_busy", "", "%", tenths(busy));
    out.sample("host.cpu_user", "", "%", tenths(part(a.user + a.nice, b.user + b.nice)));
    out.sample("host.cpu_system", "", "%", tenths(part(a.system + a.irq + a.softirq, b.system + b.irq + b.softirq)));
    out.sample("host.cpu_iowait", "", "%", tenths(waiting));
    return busy;
}

void rates(const Reading& a, const Reading& b, Out& out) {
    if (a.stat && b.stat) {
        out.count_rate("host.context_switches", "", a.stat->context_switches, b.stat->context_switches);
        out.count_rate("host.forks", "", a.stat->forks, b.stat->forks);
    }
    for (const auto& disk : b.disks) {
        const auto* was = same_name(a.disks, disk.name);
        if (!was) continue;
        out.rate("host.disk_read", disk.name, was->read_sectors, disk.read_sectors, 512);
        out.rate("host.disk_write", disk.name, was->written_sectors, disk.written_sectors, 512);
        if (const auto ms = rise(was->busy_ms, disk.busy_ms))
            out.sample("host.disk_busy", disk.name, "%", tenths(percent(*ms, out.seconds * 1000)));
    }
    for (const auto& i : b.interfaces) {
        const auto* was = same_name(a.interfaces, i.name);
        if (!was) continue;
        out.rate("host.if_rx", i.name, was->rx_bytes, i.rx_bytes);
        out.rate("host.if_tx", i.name, was->tx_bytes, i.tx_bytes);
        out.count_rate("host.if_rx_packets", i.name, was->rx_packets, i.rx_packets);
        out.count_rate("host.if_tx_packets", i.name, was->tx_packets, i.tx_packets);
        out.count("host.if_errors", i.name, was->rx_errors + was->tx_errors, i.rx_errors + i.tx_errors);
        out.count("host.if_drops", i.name, was->rx_dropped + was->tx_dropped, i.rx_dropped + i.tx_dropped);
    }
    if (a.tcp && b.tcp) {
        const auto sent = rise(a.tcp->out_segments, b.tcp->out_segments);
        const auto again = rise(a.tcp->retransmitted, b.tcp->retransmitted);
        if (sent && again) out.sample("host.tcp_retransmitted", "", "%", tenths(percent(*again, *sent)));
    }
}

void states(const Reading& now, Out& out) {
    if (now.load) {
        out.sample("host.load1", "", "1", tenths(now.load->one));
        out.sample("host.load5", "", "1", tenths(now.load->five));
        out.sample("host.load15", "", "1", tenths(now.load->fifteen));
        out.sample("host.threads", "", "1", static_cast<double>(now.load->threads));
    }
    if (now.stat) out.sample("host.running", "", "1", static_cast<double>(now.stat->running));
    if (now.memory) {
        const auto& m = *now.memory;
        out.sample("host.mem_used", "", "%",
                   tenths(percent(static_cast<double>(m.total - m.available), static_cast<double>(m.total))));
        out.sample("host.mem_available", "", "MiBy", std::round(static_cast<double>(m.available) / (1024 * 1024)));
        out.sample("host.swap_used", "", "%",
                   tenths(percent(static_cast<double>(m.swap_total - m.swap_free), static_cast<double>(m.swap_total))));
    }
    for (const auto& f : now.filesystems) {
        const auto used = static_cast<double>(f.total - std::min(f.free, f.total));
        // As df(1) counts it: the reserve of the superuser is neither used nor usable.
        out.sample("host.disk_used", f.point, "%", tenths(percent(used, used + static_cast<double>(f.usable))));
        if (f.inodes > 0)
            out.sample("host.inodes_used", f.point, "%",
                       tenths(percent(static_cast<double>(f.inodes - std::min(f.inodes_free, f.inodes)),
                                      static_cast<double>(f.inodes))));
    }
    if (now.tcp) out.sample("host.tcp_connections", "", "1", static_cast<double>(now.tcp->established));
    if (now.pressure.cpu) out.sample("host.pressure_cpu", "", "%", std::round(*now.pressure.cpu));
    if (now.pressure.memory) out.sample("host.pressure_memory", "", "%", std::round(*now.pressure.memory));
    if (now.pressure.io) out.sample("host.pressure_io", "", "%", std::round(*now.pressure.io));
    if (now.clock) {
        out.sample("host.clock_offset", "", "ms", round_to(now.clock->offset_ms, 1));
        out.sample("host.clock_error", "", "ms", significant(now.clock->max_error_ms, 1));
    }
    if (now.temperature_c) out.sample("host.temperature", "", "Cel", std::round(*now.temperature_c));
}

// A fact is told anew only when it moved by a step, otherwise every run would be a change.
FactValue held(std::optional<double>& told, double value, double step) {
    if (!told || std::abs(value - *told) >= step) told = std::round(value);
    return *told;
}

double fullest(const Reading& now) {
    double most = 0;
    for (const auto& f : now.filesystems) {
        const auto used = static_cast<double>(f.total - std::min(f.free, f.total));
        most = std::max(most, percent(used, used + static_cast<double>(f.usable)));
    }
    return most;
}

// Whole hours once the machine runs for one, so that the fact changes seldom.
std::int64_t coarse_uptime(std::int64_t seconds) { return seconds < 3600 ? seconds / 60 * 60 : seconds / 3600 * 3600; }

}  // namespace

double round_rate(double bytes_per_second) {
    return bytes_per_second < 100'000 ? round_to(bytes_per_second, 100) : significant(bytes_per_second, 2);
}

double round_count(double value) { return value < 10 ? std::round(value) : significant(value, 2); }

wire::Observation Report::make(const Reading& now, Mono at, const std::string& boot_id) {
    wire::Observation o;
    o.at = at;
    Out out{o};
    const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
    out.sample("host.uptime", "", "s", static_cast<double>(uptime - uptime % 10));
    states(now, out);
    std::optional<double> busy;
    if (before_ && at > before_->at) {
        out.seconds = std::chrono::duration<double>(at - before_->at).count();
        rates(before_->reading, now, out);
        if (before_->reading.stat && now.stat) busy = cpu_samples(before_->reading.stat->cpu, now.stat->cpu, out);
    }
    out.agent_fact("boot_id", boot_id);
    out.agent_fact("uptime_s", coarse_uptime(uptime));
    if (busy) out.agent_fact("cpu_percent", held(told_cpu_, *busy, 10));
    if (now.memory)
        out.agent_fact("memory_percent", held(told_memory_,
                                              percent(static_cast<double>(now.memory->total - now.memory->available),
                                                      static_cast<double>(now.memory->total)),
                                              3));
    if (!now.filesystems.empty()) out.agent_fact("disk_percent_max", held(told_disk_, fullest(now), 1));
    out.agent_fact("clock_synchronised", now.clock ? FactValue{now.clock->synchronised} : FactValue{});
    if (now.memory) out.agent_fact("memory_mib", static_cast<std::int64_t>(now.memory->total / (1024 * 1024)));
    if (now.processors > 0) out.agent_fact("processors", static_cast<std::int64_t>(now.processors));
    if (!now.os_name.empty()) out.agent_fact("os_name", now.os_name);
    if (!now.kernel.empty()) out.agent_fact("kernel", now.kernel);
    before_ = Before{now, at};
    return o;
}

}  // namespace vg::probes::host
