#include "agent/send_window.hpp"

#include <algorithm>

namespace vg::agent {
namespace {

constexpr auto lanes = std::to_array({Lane::events, Lane::facts, Lane::live, Lane::backlog});
constexpr std::size_t at_once = 16;

std::size_t index_of(Lane lane) { return static_cast<std::size_t>(lane); }

}  // namespace

wire::BatchClass class_of(Lane lane) {
    switch (lane) {
        case Lane::events: return wire::BatchClass::events;
        case Lane::facts: return wire::BatchClass::facts;
        case Lane::live:
        case Lane::backlog: return wire::BatchClass::samples;
    }
    return wire::BatchClass::samples;
}

SendWindow::SendWindow(std::uint64_t live_from, Limits limits) : limits_(limits), live_from_(live_from) {
    cursor_.fill(1);
    cursor_[index_of(Lane::live)] = live_from;
}

bool SendWindow::has_room(Lane lane) const {
    if (flying_.size() >= limits_.batches || bytes_ >= limits_.bytes) return false;
    return lane != Lane::backlog || backlog_ < limits_.backlog_batches;
}

std::optional<SendWindow::Want> SendWindow::next(std::uint64_t spool_next, bool samples_allowed,
                                                 bool backlog_allowed) const {
    for (const auto lane : lanes) {
        if (lane == Lane::live && !samples_allowed) return std::nullopt;
        if (lane == Lane::backlog && !backlog_allowed) return std::nullopt;
        const auto before = lane == Lane::backlog ? live_from_ : spool_next;
        const auto from = cursor_[index_of(lane)];
        if (from >= before || exhausted_[index_of(lane)] >= before) continue;
        if (!has_room(lane)) return std::nullopt;
        const auto room = limits_.batches - flying_.size();
        const auto most = lane == Lane::backlog ? limits_.backlog_batches - backlog_ : room;
        return Want{lane, from, before, std::min({room, most, at_once})};
    }
    return std::nullopt;
}

void SendWindow::note_sent(Lane lane, std::uint64_t seq, std::size_t bytes) {
    cursor_[index_of(lane)] = seq + 1;
    if (!flying_.try_emplace(seq, Flight{lane, bytes}).second) return;
    bytes_ += bytes;
    if (lane == Lane::backlog) ++backlog_;
}

void SendWindow::note_exhausted(Lane lane, std::uint64_t spool_next) {
    exhausted_[index_of(lane)] = lane == Lane::backlog ? live_from_ : spool_next;
}

void SendWindow::note_done(std::uint64_t seq) {
    const auto flight = flying_.find(seq);
    if (flight == flying_.end()) return;
    bytes_ -= flight->second.bytes;
    if (flight->second.lane == Lane::backlog) --backlog_;
    flying_.erase(flight);
}

void SendWindow::send_again(std::uint64_t seq) {
    const auto flight = flying_.find(seq);
    if (flight == flying_.end()) return;
    const auto lane = index_of(flight->second.lane);
    note_done(seq);
    cursor_[lane] = std::min(cursor_[lane], seq);
    exhausted_[lane] = 0;
}

}  // namespace vg::agent
