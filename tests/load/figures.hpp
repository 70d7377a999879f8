#pragma once
// What a run counts, for all agents together, and how it is printed. Used from the one thread of the run.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace vg::load {

using Steady = std::chrono::steady_clock;

struct Figures {
    std::uint64_t agents = 0, connected = 0, welcomed = 0;
    std::uint64_t lost_connections = 0, refused = 0;
    std::uint64_t batches = 0, acked = 0, duplicates = 0;  // acknowledged twice
    std::uint64_t reports = 0, missed = 0;                 // sessions: reports whose ack did not come within the period
    std::uint64_t samples_acked = 0;
    std::uint64_t bytes_out = 0, bytes_in = 0;  // inside TLS
    double enrol_seconds = 0, connect_seconds = 0, seconds = 0, cpu_seconds = 0;
    std::vector<std::uint32_t> latencies_us;  // from writing a batch to its ack
    std::string first_error;

    void error(const std::string& sentence) {
        if (first_error.empty()) first_error = sentence;
    }
    [[nodiscard]] std::string json(const std::string& mode);
};

// To whole parts of one: a unit of 100 keeps two decimals.
[[nodiscard]] double rounded(double value, double unit);
[[nodiscard]] double process_cpu_seconds();

}  // namespace vg::load
