#include "probes/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace vg::probes {

std::optional<RoundTrips> round_trips(std::vector<double> milliseconds) {
    if (milliseconds.empty()) return {};
    RoundTrips out;
    const auto count = milliseconds.size();
    double differences = 0;
    for (std::size_t i = 1; i < count; ++i) differences += std::abs(milliseconds[i] - milliseconds[i - 1]);
    if (count > 1) out.jitter = differences / static_cast<double>(count - 1);
    std::sort(milliseconds.begin(), milliseconds.end());
    out.min = milliseconds.front();
    out.max = milliseconds.back();
    out.median = (milliseconds[(count - 1) / 2] + milliseconds[count / 2]) / 2;
    const auto rank = static_cast<std::size_t>(std::ceil(0.95 * static_cast<double>(count)));
    out.p95 = milliseconds[std::max<std::size_t>(rank, 1) - 1];
    return out;
}

double round_to(double value, double step) {
    // Multiplying by a whole number gives the double that is nearest to the decimal.
    const double per_unit = std::round(1 / step);
    return std::round(value * per_unit) / per_unit;
}

}  // namespace vg::probes
