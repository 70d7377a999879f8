#pragma once
// What the collector counts about itself; /metrics and /status print them. Written by the io and the pipeline thread,
// read by anybody: every figure is an atomic of its own and nothing relates two of them.

#include "wire/messages.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace vg::collector {

using Count = std::atomic<std::uint64_t>;

struct Counters {
    Count connections{}, connections_open{};
    Count handshakes_failed{};
    Count sessions_open{};  // agents past their hello
    Count bytes_in{}, bytes_out{};
    Count frames_in{}, heartbeats{};
    Count batches{}, duplicates{}, samples{}, facts{}, events{};  // committed
    Count facts_refused{};                                        // named nothing in the fact table
    Count late_batches{}, rewritten_gaps{};
    Count enrolments{}, renewals{}, keys_in_use{};
    Count commits{}, commit_microseconds{}, commit_failures{};
    Count queue_batches{}, queue_bytes{};  // waiting for the pipeline now
    Count housekeeping_pending{1};         // 1: finished days wait to be packed (until the first look: perhaps)
    Count chain_breaks{};                  // events that did not continue their agent's chain

    void refused(wire::RefuseCode code) { refusals_[static_cast<std::size_t>(code) % refusals_.size()]++; }
    [[nodiscard]] std::uint64_t refusals(wire::RefuseCode code) const {
        return refusals_[static_cast<std::size_t>(code) % refusals_.size()];
    }

private:
    std::array<Count, 64> refusals_{};
};

}  // namespace vg::collector
