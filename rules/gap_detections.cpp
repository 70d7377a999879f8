// Detections: events folded into one gap per key; quiet closes it; late events join the burst of their own time.
#include "rules/gap_state.hpp"

#include <algorithm>

namespace vg::rules {
namespace {

constexpr std::size_t past_per_key = 8;
constexpr std::size_t past_keys = 10'000;

}  // namespace

void GapTracker::Impl::remember(const Gap& gap) {
    if (past.size() >= past_keys && !past.contains(gap.key)) past.erase(past.begin());
    auto& list = past[gap.key];
    if (list.size() >= past_per_key) list.erase(list.begin());
    list.push_back(gap);
}

void GapTracker::Impl::extend(Track& track, const Detected& detected, Time last, Out& out) {
    auto& gap = track.gap;
    gap.since = std::min(gap.since, detected.first);
    gap.opened = std::min(gap.opened.value_or(last), last);
    gap.met_since = std::max(gap.met_since.value_or(last), last);
    gap.count += detected.count;
    gap.evidence = detected.evidence;
    gap.evidence_at = last;
    plan(track);
    tell(track, gap.state, last, out);
}

// True when the events belong to a gap that has closed, and leave it closed.
bool GapTracker::Impl::fold_into_past(const Detected& detected, Time last, Out& out) {
    const auto quiet = rule(detected.key).recover;
    if (last + quiet > clock) return false;
    const auto found = past.find(detected.key);
    if (found == past.end()) return false;
    for (auto& gap : found->second) {
        const Time end = gap.met_since.value_or(gap.since);
        if (last + quiet < gap.since || detected.first > end + quiet) continue;
        gap.since = std::min(gap.since, detected.first);
        gap.opened = std::min(gap.opened.value_or(last), last);
        gap.met_since = std::max(end, last);
        gap.closed = *gap.met_since + quiet;
        gap.count += detected.count;
        gap.evidence = detected.evidence;
        gap.evidence_at = last;
        gap.rewritten = true;
        out.push_back({gap, GapState::closed, false, last});
        return true;
    }
    return false;
}

std::vector<Transition> GapTracker::detect(const Detected& detected) {
    std::vector<Transition> out;
    auto& in = *impl_;
    in.run_until(detected.now, out);
    const Time last = std::min(detected.last, detected.now);
    const Time first = std::min(detected.first, last);
    const auto quiet = in.rule(detected.key).recover;
    Track* track = in.find(detected.key);
    const bool of_the_past = track != nullptr && last + quiet < track->gap.since;
    if (track != nullptr && !of_the_past) {
        in.extend(*track, detected, last, out);
    } else if (!in.fold_into_past(detected, last, out)) {
        Gap gap;
        gap.id = in.next_id++;
        gap.key = detected.key;
        gap.severity = in.rule(detected.key).severity;
        gap.since = first;
        gap.opened = gap.met_since = last;  // quiet from then on
        gap.recorded = gap.detected = detected.now;
        gap.count = detected.count;
        gap.evidence = detected.evidence;
        gap.evidence_at = last;
        gap.state = GapState::open;
        if (last + quiet <= in.clock) {  // all of it is over: nothing was ever open
            gap.state = GapState::closed;
            gap.closed = last + quiet;
            in.remember(gap);
            out.push_back({gap, GapState::pending, true, last});
            return out;
        }
        auto& made = in.tracks[gap.id];
        made.gap = gap;
        in.by_key.put(gap.key, gap.id);
        in.opened(made, last, out);
        in.plan(made);
        in.tell(made, GapState::pending, last, out, true);
    }
    return out;
}

}  // namespace vg::rules
