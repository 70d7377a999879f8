// Which gap explains which: an open gap of an explaining rule at a gap's own subject or above it.
#include "rules/gap_state.hpp"

namespace vg::rules {
namespace {

// What breaks together is not noticed in the same moment: agents behind one line fall silent within minutes. A gap that
// is older than this before the other one began has a reason of its own.
constexpr Millis noticed_together = std::chrono::minutes(15);

}  // namespace

std::int64_t GapTracker::Impl::cause_of(const Track& track) const {
    if (rule(track.gap.key).detection) return 0;
    const bool explains = rule(track.gap.key).explains;
    for (const auto& subject : track.above) {
        // Two explaining gaps at one subject would explain each other.
        if (explains && subject == track.gap.key.subject) continue;
        const auto at = explaining.find(subject);
        if (at == explaining.end()) continue;
        for (const auto id : at->second)
            if (id != track.gap.id && tracks.at(id).gap.since <= track.gap.since + noticed_together) return id;
    }
    return 0;
}

bool GapTracker::Impl::set_cause(Track& track, std::int64_t cause) {
    if (track.gap.cause == cause) return false;
    if (track.gap.cause != 0) {
        const auto at = effects.find(track.gap.cause);
        if (at != effects.end() && at->second.erase(track.gap.id) > 0 && at->second.empty()) effects.erase(at);
    }
    track.gap.cause = cause;
    if (cause != 0) effects[cause].insert(track.gap.id);
    return true;
}

void GapTracker::Impl::link(Track& track) {
    const auto& key = track.gap.key;
    track.above = {key.subject};
    if (above)
        for (auto& subject : above(key.subject)) track.above.push_back(std::move(subject));
    for (const auto& subject : track.above) below[subject].insert(track.gap.id);
    if (rule(key).explains) explaining[key.subject].insert(track.gap.id);
    if (track.gap.cause != 0) effects[track.gap.cause].insert(track.gap.id);
}

void GapTracker::Impl::opened(Track& track, Time at, Out& out) {
    link(track);
    set_cause(track, cause_of(track));
    if (!rule(track.gap.key).explains) return;
    for (const auto id : below[track.gap.key.subject]) {
        auto& other = tracks.at(id);
        if (id == track.gap.id || !set_cause(other, cause_of(other))) continue;
        tell(other, other.gap.state, at, out);
    }
}

void GapTracker::Impl::closed(Track& track, Time at, Out& out) {
    const auto& key = track.gap.key;
    const auto drop = [&](auto& index, const SubjectId& subject) {
        const auto found = index.find(subject);
        if (found != index.end() && found->second.erase(track.gap.id) > 0 && found->second.empty()) index.erase(found);
    };
    for (const auto& subject : track.above) drop(below, subject);
    drop(explaining, key.subject);
    const auto own = effects.find(track.gap.id);
    const auto explained = own == effects.end() ? std::set<std::int64_t>{} : own->second;
    // What is still open now stands for itself, or has another cause. The closed gap keeps the cause that it had.
    for (const auto id : explained) {
        auto& other = tracks.at(id);
        if (set_cause(other, cause_of(other))) tell(other, other.gap.state, at, out);
    }
    if (track.gap.cause != 0) {
        const auto cause = track.gap.cause;
        set_cause(track, 0);
        track.gap.cause = cause;
    }
}

}  // namespace vg::rules
