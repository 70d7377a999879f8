#pragma once
// What a machine of the load reports: forty series of one host as probes round them, the same for the same number.
// Plain values; any thread.

#include "wire/observation.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace vg::load {

inline constexpr std::size_t series_per_host = 40;
inline constexpr std::int64_t step_ms = 30'000;

[[nodiscard]] const std::vector<wire::SeriesName>& series_names();

class HostStream {
public:
    explicit HostStream(std::uint64_t host);
    void step();  // thirty seconds pass
    [[nodiscard]] const std::array<double, series_per_host>& values() const { return values_; }

private:
    std::uint32_t chance();
    double part();  // in [0, 1)
    void walk(std::size_t first, std::size_t count, double by, double most, double unit);
    std::uint64_t state_;
    std::array<double, series_per_host> values_{};
};

}  // namespace vg::load
