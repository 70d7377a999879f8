#pragma once
// What a round of round-trip times says. Pure; any thread.

#include <optional>
#include <vector>

namespace vg::probes {

struct RoundTrips {  // milliseconds
    double min = 0, median = 0, p95 = 0, max = 0;
    // Mean absolute difference of successive round trips: the D of RFC 3550 §6.4.1 without its smoothing.
    std::optional<double> jitter;  // needs two
};

// In order of sending; nothing when none was answered. The 95th percentile is the nearest rank.
[[nodiscard]] std::optional<RoundTrips> round_trips(std::vector<double> milliseconds);

// What a probe really knows; it keeps the columns small.
[[nodiscard]] double round_to(double value, double step);

}  // namespace vg::probes
