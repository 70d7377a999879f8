#include "tests/load/figures.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <ctime>

namespace vg::load {
namespace {

double percentile_ms(const std::vector<std::uint32_t>& sorted, double part) {
    if (sorted.empty()) return 0;
    return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))] / 1000.0;
}

}  // namespace

double rounded(double value, double unit) { return std::round(value * unit) / unit; }

double process_cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::string Figures::json(const std::string& mode) {
    std::sort(latencies_us.begin(), latencies_us.end());
    const double rate = seconds > 0 ? static_cast<double>(samples_acked) / seconds : 0;
    const boost::json::value out = {
        {"mode", mode},
        {"agents", agents},
        {"connected", connected},
        {"welcomed", welcomed},
        {"lost_connections", lost_connections},
        {"refused", refused},
        {"batches", batches},
        {"acked", acked},
        {"duplicates", duplicates},
        {"reports", reports},
        {"missed", missed},
        {"samples_acked", samples_acked},
        {"samples_per_s", std::round(rate)},
        {"bytes_out", bytes_out},
        {"bytes_in", bytes_in},
        {"enrol_s", rounded(enrol_seconds, 100)},
        {"connect_s", rounded(connect_seconds, 100)},
        {"seconds", rounded(seconds, 1000)},
        {"cpu_s", rounded(cpu_seconds, 100)},
        {"latency_ms",
         {{"p50", percentile_ms(latencies_us, 0.5)},
          {"p99", percentile_ms(latencies_us, 0.99)},
          {"max", percentile_ms(latencies_us, 1)}}},
        {"first_error", first_error},
    };
    return boost::json::serialize(out);
}

}  // namespace vg::load
