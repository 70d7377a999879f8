#include "tests/load/stream.hpp"

#include "tests/load/figures.hpp"

#include <algorithm>
#include <cmath>

namespace vg::load {
namespace {

std::vector<wire::SeriesName> names() {
    std::vector<wire::SeriesName> out;
    for (const char* metric : {"host.cpu_busy", "host.mem_used", "host.swap_used"})
        out.push_back({metric, "host", "%"});
    for (const char* mount : {"/", "/boot", "/home", "/var"}) out.push_back({"host.disk_used", mount, "%"});
    out.push_back({"host.load1", "host", "1"});
    out.push_back({"host.uptime", "host", "s"});
    for (const char* card : {"eth0", "wlan0", "wwan0"}) {
        out.push_back({"host.if_rx", card, "By/s"});
        out.push_back({"host.if_tx", card, "By/s"});
        out.push_back({"host.if_errors", card, "1"});
    }
    for (const char* target : {"hop", "gate"}) {
        for (const char* metric : {"rtt_min", "rtt_median", "rtt_p95", "rtt_max", "jitter"})
            out.push_back({std::string("icmp.") + metric, target, "ms"});
        out.push_back({"icmp.loss", target, "%"});
    }
    for (const char* target : {"portal", "document"}) out.push_back({"tcp.connect", target, "ms"});
    for (const char* target : {"inside", "outside"}) out.push_back({"dns.time", target, "ms"});
    for (const char* metric : {"dns", "connect", "tls", "first_byte", "total"})
        out.push_back({std::string("http.") + metric, "document", "ms"});
    out.push_back({"http.status", "document", "1"});
    return out;
}

constexpr std::size_t load1 = 7, uptime = 8, cards = 9, icmp = 18, times = 30, status = 39;

}  // namespace

const std::vector<wire::SeriesName>& series_names() {
    static const auto all = names();
    return all;
}

HostStream::HostStream(std::uint64_t host) : state_(0x9E3779B97F4A7C15ULL * (host + 1) + 12345) {
    for (std::size_t i = 0; i < load1; ++i) values_[i] = rounded(10 + 80 * part(), 10);
    values_[load1] = rounded(part(), 100);
    values_[uptime] = std::floor(1e6 * part());
    values_[status] = 200;
}

std::uint32_t HostStream::chance() {  // xorshift64
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return static_cast<std::uint32_t>(state_ >> 32);
}

double HostStream::part() { return chance() / 4294967296.0; }

void HostStream::walk(std::size_t first, std::size_t count, double by, double most, double unit) {
    for (std::size_t i = first; i < first + count; ++i)
        values_[i] = rounded(std::clamp(values_[i] + by * (part() - 0.5), 0.0, most), unit);
}

void HostStream::step() {
    walk(0, 1, 8, 100, 10);
    walk(1, 1, 0.6, 100, 10);
    if (chance() % 20 == 0) walk(3, 4, 0.3, 100, 10);
    walk(load1, 1, 0.2, 8, 100);
    values_[uptime] += step_ms / 1000.0;
    values_[cards] = std::round(4000 + 90'000 * part() * part());
    values_[cards + 1] = std::round(1500 + 20'000 * part() * part());
    for (std::size_t target = 0; target < 2; ++target) {
        auto* rtt = values_.data() + icmp + 6 * target;
        const double base = target == 0 ? 2.1 : 17.4;
        rtt[0] = rounded(base + 0.1 * base * part(), 100);
        rtt[1] = rounded(rtt[0] + 0.2 * base * part(), 100);
        rtt[2] = rounded(rtt[1] + 0.5 * base * part(), 100);
        rtt[3] = rtt[2];
        rtt[4] = rounded(0.2 * base * part(), 100);
        rtt[5] = chance() % 50 == 0 ? 10 : 0;
    }
    for (std::size_t i = times; i < status; ++i)
        values_[i] = rounded(8 + 4 * static_cast<double>(i - times) * (1 + 0.2 * part()), 100);
}

}  // namespace vg::load
