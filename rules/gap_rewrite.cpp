// Late data: what the gaps of a stretch of time would have been, against what was recorded.
#include "rules/gap_state.hpp"

#include <algorithm>
#include <set>

namespace vg::rules {
namespace {

bool overlap(const Gap& a, const Gap& b) {
    return a.since <= b.closed.value_or(Time::max()) && b.since <= a.closed.value_or(Time::max());
}

bool ever_open(const Gap& gap) { return gap.opened.has_value(); }

// The gaps of one key that the verdicts make, by the same machine as the live path. `before` is the gap in which the
// stretch begins.
std::vector<Gap> gaps_of(const GapKey& key, const GapRule& rule, const std::vector<VerdictAt>& verdicts, Time from,
                         Time to, const Gap* before) {
    GapTracker tracker({{key.rule, rule}}, {});
    if (before != nullptr) {
        Gap at_start = *before;
        at_start.id = 1;
        at_start.closed.reset();
        at_start.met_since.reset();
        at_start.cause = 0;
        const bool was_open = at_start.opened && *at_start.opened <= from;
        if (!was_open) at_start.opened.reset();
        at_start.state = was_open ? GapState::open : GapState::pending;
        tracker.restore({at_start});
    }
    std::vector<Gap> out;
    const auto keep = [&](const std::vector<Transition>& list) {
        for (const auto& t : list)
            if (t.gap.state == GapState::closed && ever_open(t.gap)) out.push_back(t.gap);
    };
    for (const auto& verdict : verdicts)
        if (verdict.rule == key.rule && verdict.at <= to)
            keep(tracker.observe({key, verdict.verdict, verdict.at, to, verdict.evidence}));
    keep(tracker.tick(to));
    for (const auto& gap : tracker.gaps())
        if (ever_open(gap)) out.push_back(gap);
    return out;
}

// Clocks are corrected to about this; smaller differences are none.
constexpr Millis same_moment = std::chrono::seconds(2);

bool same(const std::optional<Time>& a, const std::optional<Time>& b) {
    return a.has_value() == b.has_value() && (!a || (*a - *b < same_moment && *b - *a < same_moment));
}

// Takes the times of `right` over into `recorded`; true when anything changed. An end is corrected, never given.
bool correct(Gap& recorded, const Gap& right) {
    const bool both_closed = recorded.state == GapState::closed && right.closed;
    if (same(recorded.since, right.since) && same(recorded.opened, right.opened) &&
        (!both_closed || same(recorded.closed, right.closed)))
        return false;
    recorded.since = right.since;
    if (recorded.state != GapState::pending) recorded.opened = right.opened;
    if (both_closed) {
        recorded.closed = right.closed;
        recorded.met_since = right.met_since;
    }
    recorded.rewritten = true;
    return true;
}

}  // namespace

std::vector<Transition> GapTracker::rewrite(const SubjectId& subject, Time from, Time to,
                                            const std::vector<VerdictAt>& verdicts, const std::vector<Gap>& recorded,
                                            Time now) {
    std::vector<Transition> out;
    std::set<std::string> rules;
    for (const auto& verdict : verdicts) rules.insert(verdict.rule);
    for (const auto& rule : rules) {
        const GapKey key{rule, subject, {}};
        if (!impl_->rules.contains(rule) || impl_->rule(key).detection) continue;
        Track* live = impl_->find(key);
        std::vector<Gap> known;
        for (const auto& gap : recorded)
            if (gap.key == key && gap.state == GapState::closed && ever_open(gap) && gap.closed >= from &&
                gap.since <= to)
                known.push_back(gap);
        if (live != nullptr && live->gap.since <= to) known.push_back(live->gap);
        std::sort(known.begin(), known.end(), [](const Gap& a, const Gap& b) { return a.since < b.since; });
        const Gap* before = !known.empty() && known.front().since <= from ? &known.front() : nullptr;
        auto right = gaps_of(key, impl_->rule(key), verdicts, from, to, before);
        impl_->reconcile(live, std::move(known), std::move(right), from, to, now, out);
    }
    impl_->run_until(impl_->clock, out);
    return out;
}

void GapTracker::Impl::reconcile(Track* live, std::vector<Gap> known, std::vector<Gap> right, Time from, Time to,
                                 Time now, Out& out) {
    // What is open at the end goes with the gap that is open now; the live path alone opens and closes that one.
    if (live != nullptr) {
        std::erase_if(known, [&](const Gap& gap) { return gap.id == live->gap.id; });
        auto match = right.end();
        if (!right.empty() && !right.back().closed)
            match = std::prev(right.end());
        else
            match = std::find_if(right.begin(), right.end(), [&](const Gap& r) { return overlap(r, live->gap); });
        if (match != right.end()) {
            if (correct(live->gap, *match)) {
                plan(*live);
                tell(*live, live->gap.state, now, out);
            }
            right.erase(match);
        }
    }
    for (auto& gap : known) {
        const auto match = std::find_if(right.begin(), right.end(), [&](const Gap& r) { return overlap(r, gap); });
        if (match != right.end()) {
            if (correct(gap, *match)) out.push_back({gap, gap.state, false, now});
            right.erase(match);
        } else if (gap.since >= from && gap.closed <= to) {
            // It was met, or not known, all the time: nothing stays of the gap but the record that it was told.
            gap.opened.reset();
            gap.closed = gap.since;
            gap.rewritten = true;
            out.push_back({gap, gap.state, false, now});
        }
    }
    for (auto& gap : right) {
        if (!gap.closed) continue;
        gap.id = next_id++;
        gap.recorded = gap.detected = now;
        gap.rewritten = true;
        gap.severity = rule(gap.key).severity;
        out.push_back({gap, GapState::pending, true, now});
    }
}

}  // namespace vg::rules
