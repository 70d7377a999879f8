#pragma once
// What goes over the connection next: events, then facts, then samples sealed during this session, then what was left
// from before it; never more in flight than the window. One instance is one session. Pure.

#include "wire/body.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>

namespace vg::agent {

enum class Lane : std::uint8_t { events, facts, live, backlog };

[[nodiscard]] wire::BatchClass class_of(Lane lane);

class SendWindow {
public:
    struct Limits {
        std::size_t batches = 64;  // in flight
        std::size_t bytes = 256 * 1024;
        std::size_t backlog_batches = 32;  // of them
    };
    // Samples with seq ≥ live_from are live.
    SendWindow(std::uint64_t live_from, Limits limits);

    struct Want {
        Lane lane{};
        std::uint64_t first = 0, before = 0;  // seqs to read from the spool
        std::size_t most = 0;
    };
    // Where to read next, given the spool's next seq; nothing: the window is full or nothing new is there.
    [[nodiscard]] std::optional<Want> next(std::uint64_t spool_next, bool samples_allowed, bool backlog_allowed) const;
    void note_sent(Lane lane, std::uint64_t seq, std::size_t bytes);
    void note_exhausted(Lane lane, std::uint64_t spool_next);  // the spool had nothing more up to there
    void note_done(std::uint64_t seq);                         // acknowledged, or given up
    void send_again(std::uint64_t seq);                        // the lane starts over from this batch

    [[nodiscard]] std::size_t in_flight() const { return flying_.size(); }

private:
    struct Flight {
        Lane lane{};
        std::size_t bytes = 0;
    };
    [[nodiscard]] bool has_room(Lane lane) const;
    Limits limits_;
    std::uint64_t live_from_;
    std::array<std::uint64_t, 4> cursor_{};     // next seq to read
    std::array<std::uint64_t, 4> exhausted_{};  // spool's next seq when nothing more was found
    std::map<std::uint64_t, Flight> flying_;
    std::size_t bytes_ = 0, backlog_ = 0;
};

}  // namespace vg::agent
