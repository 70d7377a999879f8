#include "rules/gaps.hpp"

#include "rules/gap_state.hpp"

#include <algorithm>

namespace vg::rules {
namespace {

constexpr Millis evidence_every = std::chrono::hours(1);  // in the history

bool is_open(GapState state) { return state == GapState::open || state == GapState::acknowledged; }

}  // namespace

const char* to_string(GapState state) noexcept {
    switch (state) {
        case GapState::pending: return "pending";
        case GapState::open: return "open";
        case GapState::acknowledged: return "acknowledged";
        case GapState::closed: return "closed";
    }
    return "closed";
}

const GapRule& GapTracker::Impl::rule(const GapKey& key) const {
    static const GapRule unknown;
    const auto at = rules.find(key.rule);
    return at == rules.end() ? unknown : at->second;
}

Track* GapTracker::Impl::find(const GapKey& key) {
    const auto* id = by_key.find(key);
    return id == nullptr ? nullptr : &tracks.at(*id);
}

Track& GapTracker::Impl::add(const GapKey& key, Time since, Time now) {
    const auto id = next_id++;
    auto& track = tracks[id];
    track.gap.id = id;
    track.gap.key = key;
    track.gap.severity = rule(key).severity;
    track.gap.since = since;
    track.gap.recorded = track.gap.detected = now;
    by_key.put(key, id);
    return track;
}

void GapTracker::Impl::forget(std::int64_t id) {
    const auto at = tracks.find(id);
    if (at->second.due != Time::max()) dues.erase({at->second.due, id});
    by_key.erase(at->second.gap.key);
    tracks.erase(at);
}

// When the gap's state changes by itself. While the verdict is not known it neither opens nor closes.
void GapTracker::Impl::plan(Track& track) {
    const auto& gap = track.gap;
    Time due = Time::max();
    if (!gap.uncertain && gap.state == GapState::pending)
        due = std::max(gap.since + rule(gap.key).hold, track.not_before);
    else if (!gap.uncertain && gap.met_since)
        due = std::max(*gap.met_since + rule(gap.key).recover, track.not_before);
    if (due == track.due) return;
    if (track.due != Time::max()) dues.erase({track.due, gap.id});
    track.due = due;
    if (due != Time::max()) dues.insert({due, gap.id});
}

void GapTracker::Impl::tell(const Track& track, GapState from, Time at, Out& out, bool is_new) const {
    out.push_back({track.gap, from, is_new, at});
}

void GapTracker::Impl::go(Track& track, GapState to, Time at, Out& out) {
    const auto from = track.gap.state;
    track.gap.state = to;
    switch (to) {
        case GapState::pending:
        case GapState::acknowledged: break;
        case GapState::open: {
            track.gap.opened = at;
            const auto place = out.size();
            opened(track, at, out);
            // The gap itself is told before those that it explains.
            out.insert(out.begin() + static_cast<std::ptrdiff_t>(place), Transition{track.gap, from, false, at});
            plan(track);
            return;
        }
        case GapState::closed: {
            track.gap.closed = at;
            track.gap.uncertain = false;
            const auto place = out.size();
            if (is_open(from)) closed(track, at, out);
            out.insert(out.begin() + static_cast<std::ptrdiff_t>(place), Transition{track.gap, from, false, at});
            if (rule(track.gap.key).detection) remember(track.gap);
            forget(track.gap.id);
            return;
        }
    }
    plan(track);
    tell(track, from, at, out);
}

void GapTracker::Impl::run_until(Time time, Out& out) {
    clock = std::max(clock, time);
    while (!dues.empty() && dues.begin()->first <= clock) {
        const auto [at, id] = *dues.begin();
        auto& track = tracks.at(id);
        go(track, track.gap.state == GapState::pending ? GapState::open : GapState::closed, at, out);
    }
}

void GapTracker::Impl::apply(const Seen& seen, Time at, Out& out) {
    Track* track = find(seen.key);
    if (track == nullptr) {
        if (seen.verdict != Verdict::not_met) return;
        auto& made = add(seen.key, at, seen.now);
        made.gap.evidence = seen.evidence;
        made.gap.evidence_at = made.noted = at;
        plan(made);
        tell(made, GapState::pending, at, out, true);
        return;
    }
    auto& gap = track->gap;
    at = std::max(at, gap.since);
    const auto before = gap;
    if (gap.uncertain && seen.verdict != Verdict::not_known) track->not_before = at;
    gap.uncertain = seen.verdict == Verdict::not_known;
    switch (seen.verdict) {
        case Verdict::not_applicable: return go(*track, GapState::closed, at, out);
        case Verdict::met:
            if (gap.state == GapState::pending) return go(*track, GapState::closed, at, out);
            if (!gap.met_since) gap.met_since = at;
            break;
        case Verdict::not_met:
            gap.met_since.reset();
            if (seen.evidence.empty()) break;
            if (gap.evidence != seen.evidence) gap.evidence_at = track->noted = at;
            gap.evidence = seen.evidence;
            break;
        case Verdict::not_known: break;
    }
    plan(*track);
    if (before.uncertain != gap.uncertain || before.met_since != gap.met_since || before.evidence != gap.evidence)
        tell(*track, gap.state, at, out);
}

GapTracker::GapTracker(GapRules rules, Above above, std::int64_t next_id) : impl_(std::make_unique<Impl>()) {
    impl_->rules = std::move(rules);
    impl_->above = std::move(above);
    impl_->next_id = next_id;
}
GapTracker::GapTracker(GapTracker&&) noexcept = default;
GapTracker& GapTracker::operator=(GapTracker&&) noexcept = default;
GapTracker::~GapTracker() = default;

void GapTracker::restore(std::vector<Gap> gaps) {
    for (auto& gap : gaps) {
        impl_->next_id = std::max(impl_->next_id, gap.id + 1);
        if (gap.state == GapState::closed || impl_->by_key.find(gap.key) != nullptr) continue;
        impl_->by_key.put(gap.key, gap.id);
        auto& track = impl_->tracks[gap.id];
        track.gap = std::move(gap);
        if (is_open(track.gap.state)) impl_->link(track);
        impl_->plan(track);
    }
}

std::vector<Transition> GapTracker::set_rules(GapRules rules, Time now) {
    impl_->rules = std::move(rules);
    std::vector<Transition> out;
    std::vector<std::int64_t> gone;
    for (auto& [id, track] : impl_->tracks) {
        if (!impl_->rules.contains(track.gap.key.rule)) gone.push_back(id);
        track.gap.severity = impl_->rule(track.gap.key).severity;
        impl_->plan(track);
    }
    for (const auto id : gone) impl_->go(impl_->tracks.at(id), GapState::closed, now, out);
    return out;
}

std::vector<Transition> GapTracker::keep_subjects(const std::function<bool(const SubjectId&)>& exists, Time now) {
    std::vector<Transition> out;
    std::vector<std::int64_t> gone;
    for (const auto& [id, track] : impl_->tracks)
        if (!exists(track.gap.key.subject)) gone.push_back(id);
    for (const auto id : gone) impl_->go(impl_->tracks.at(id), GapState::closed, now, out);
    return out;
}

std::vector<Transition> GapTracker::observe(const Seen& seen) {
    std::vector<Transition> out;
    const Time at = std::min(seen.at, seen.now);
    impl_->run_until(at, out);
    impl_->apply(seen, at, out);
    impl_->run_until(at, out);  // hold 0, and what late data had due in the past
    return out;
}

std::optional<Transition> GapTracker::refresh(const GapKey& key, const std::string& evidence, Time now) {
    auto* track = impl_->find(key);
    if (track == nullptr || evidence.empty() || track->gap.evidence == evidence) return std::nullopt;
    auto& gap = track->gap;
    gap.evidence = evidence;
    gap.evidence_at = now;
    const bool is_noted = now - track->noted >= evidence_every;
    if (is_noted) track->noted = now;
    return Transition{gap, gap.state, false, now, is_noted};
}

void GapTracker::redate(const std::function<Time(Time)>& redated) {
    impl_->clock = redated(impl_->clock);
    for (auto& [id, track] : impl_->tracks) {
        auto& gap = track.gap;
        if (gap.state == GapState::pending) gap.since = redated(gap.since);
        if (gap.met_since) gap.met_since = redated(*gap.met_since);
        track.not_before = redated(track.not_before);
        track.noted = redated(track.noted);
        impl_->plan(track);
    }
}

std::vector<Transition> GapTracker::tick(Time now) {
    std::vector<Transition> out;
    impl_->run_until(now, out);
    return out;
}

Time GapTracker::next_due() const { return impl_->dues.empty() ? Time::max() : impl_->dues.begin()->first; }

Result<Transition> GapTracker::acknowledge(std::int64_t id, const std::string& who, Time now) {
    const auto at = impl_->tracks.find(id);
    if (at == impl_->tracks.end())
        return fail(Errc::not_found, say({"không có điểm chưa đạt đang mở số {}", "there is no open gap {}"}, id));
    auto& track = at->second;
    if (track.gap.state == GapState::pending)
        return fail(Errc::conflict, say({"điểm chưa đạt {} còn chờ xác nhận; hãy tiếp nhận khi nó mở",
                                         "gap {} waits to be confirmed; acknowledge it when it is open"},
                                        id));
    if (track.gap.state != GapState::open)
        return fail(Errc::conflict, say({"điểm chưa đạt {} không còn mở", "gap {} is not open any more"}, id));
    track.gap.acknowledged_by = who;
    std::vector<Transition> out;
    impl_->go(track, GapState::acknowledged, now, out);
    return out.front();
}

const Gap* GapTracker::find(std::int64_t id) const {
    const auto at = impl_->tracks.find(id);
    return at == impl_->tracks.end() ? nullptr : &at->second.gap;
}

std::vector<Gap> GapTracker::gaps() const {
    std::vector<Gap> out;
    for (const auto& [id, track] : impl_->tracks) out.push_back(track.gap);
    return out;
}

std::size_t GapTracker::behind(std::int64_t id) const {
    const auto at = impl_->effects.find(id);
    return at == impl_->effects.end() ? 0 : at->second.size();
}

std::int64_t GapTracker::next_id() const { return impl_->next_id; }

}  // namespace vg::rules
