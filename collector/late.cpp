#include "collector/late.hpp"

#include "base/log.hpp"
#include "collector/pipeline_state.hpp"
#include "rules/replay.hpp"
#include "rules/views.hpp"

#include <algorithm>
#include <iterator>
#include <map>

namespace vg::collector {
namespace {

constexpr Millis quiet = std::chrono::seconds(2);
constexpr Millis patience = std::chrono::seconds(15);
constexpr std::chrono::milliseconds late_at_once{50};
constexpr std::size_t subjects_at_once = 5;
constexpr std::size_t events_at_once = 5'000, most_events = 100'000;

}  // namespace

void LateSubjects::note(const rules::SubjectId& subject, Time at, Time now) {
    const auto [found, is_new] = subjects_.try_emplace(subject, Entry{at, now, now});
    if (is_new) return;
    found->second.from = std::min(found->second.from, at);
    found->second.last_note = now;
}

void LateSubjects::redate(const std::function<Time(Time)>& redated) {
    for (auto& [subject, entry] : subjects_)
        for (auto* at : {&entry.from, &entry.first_note, &entry.last_note}) *at = redated(*at);
}

std::vector<LateSubjects::Due> LateSubjects::take_due(Time now, std::size_t most) {
    std::vector<Due> out;
    for (auto it = subjects_.begin(); it != subjects_.end() && out.size() < most;) {
        if (now - it->second.last_note < quiet && now - it->second.first_note < patience) {
            ++it;
            continue;
        }
        out.push_back({it->first, it->second.from});
        it = subjects_.erase(it);
    }
    return out;
}

// A whole province that comes back brings a past for every subject: the present does not wait for all of it.
void Pipeline::Impl::judge_late(Turn& turn) {
    const auto until = std::chrono::steady_clock::now() + late_at_once;
    do {
        const auto due = late.take_due(turn.now, subjects_at_once);
        if (due.empty()) return;
        for (const auto& one : due) rejudge(turn, one.subject, one.from);
    } while (std::chrono::steady_clock::now() < until);
}

// The subject's whole history over the stretch, late and known facts together, through the same judge again.
// A device's history is that of all its witnesses.
void Pipeline::Impl::rejudge(Turn& turn, const rules::SubjectId& witness, Time from) {
    const auto subject = subject_of(witness);
    rules::Past past{.subject = subject, .columns = {}, .facts = {}, .from = from, .to = turn.now};
    for (const auto& column : rules::view(subject.kind)) {
        if (column.name == "id") continue;
        if (column.fact == nullptr) {
            past.columns.emplace_back(std::string(column.name), facts.value(subject, column.name));
            continue;
        }
        for (const auto& teller : tellers(subject)) {
            auto history = store.fact_history(teller, std::string(column.name), from, turn.now);
            if (!history) return;
            for (const auto& fact : *history) {
                past.facts.push_back({fact.name, fact.value, fact.at});
                // Told again later: known for longer.
                if (fact.confirmed > fact.at) past.facts.push_back({fact.name, fact.value, fact.confirmed});
            }
        }
    }
    const auto verdicts = rules::judge_past(parts.rules, past);
    if (!verdicts) {
        log::warning("late data", verdicts.error().message);
        return;
    }
    Store::GapQuery query;
    query.open = false;
    query.closed = true;
    query.subject = subject;
    query.from = from;
    const auto recorded = store.gaps(query);
    if (!recorded) return;
    auto transitions = gaps->rewrite(subject, from, turn.now, *verdicts, *recorded, turn.now);
    counters.rewritten_gaps += transitions.size();
    track(turn, std::move(transitions));
}

// Late data of the last moments before the collector was killed: nobody had judged the past again.
Result<void> Pipeline::Impl::note_late_again(const std::vector<StoredFact>& latest, Time now) {
    Time last{};
    for (const auto& fact : latest) last = std::max(last, fact.received);
    auto subjects = store.told_late(last - 2 * patience, late_after);
    if (!subjects) return subjects.error();
    for (const auto& [subject, from] : *subjects) late.note(subject, from, now);
    return {};
}

rules::SeenEvent Pipeline::Impl::seen(const StoredEvent& event) {
    return {.kind = event.event.kind,
            .severity = event.event.severity,
            .subject = {event.event.subject.kind, event.subject_id},
            .agent = event.agent,
            .site = event.site,
            .fields = event.event.fields,
            .at = event.at};
}

// The windows of the correlations are of memory: the events that they may still hold are fed again.
Result<std::vector<rules::Detected>> Pipeline::Impl::replay_events(rules::Correlator& into, Time now) {
    const Time since = now - into.memory();
    std::vector<StoredEvent> recent;  // the newest first
    Store::EventQuery query;
    query.limit = events_at_once;
    for (bool is_done = false; !is_done && recent.size() < most_events;) {
        auto page = store.events(query);
        if (!page) return page.error();
        is_done = page->size() < query.limit || page->back().received < since;
        for (auto& event : *page) {
            if (event.received < since) break;
            query.before_id = event.id;
            recent.push_back(std::move(event));
        }
    }
    std::vector<rules::Detected> found;
    for (auto event = recent.rbegin(); event != recent.rend(); ++event) {
        auto detected = into.feed(seen(*event), event->received);
        std::move(detected.begin(), detected.end(), std::back_inserter(found));
    }
    return found;
}

// What the events in the store show and no gap says: the collector was killed between the two.
Result<void> Pipeline::Impl::detect_again(Turn& turn, const std::vector<rules::Detected>& found) {
    if (found.empty()) return {};
    Store::GapQuery query;
    query.open = false;
    query.closed = true;
    query.limit = most_events;
    query.from = found.front().first;
    for (const auto& detected : found) query.from = std::min(query.from, detected.first);
    const auto closed = store.gaps(query);
    if (!closed) return closed.error();
    std::map<rules::GapKey, std::vector<std::pair<Time, Time>>> told;  // their first and last events
    const auto note = [&](const rules::Gap& gap) {
        told[gap.key].emplace_back(gap.since, gap.met_since.value_or(gap.since));
    };
    for (const auto& gap : *closed) note(gap);
    for (const auto& gap : gaps->gaps()) note(gap);
    for (auto detected : found) {
        const auto& known = told[detected.key];
        const bool is_told = std::any_of(known.begin(), known.end(), [&](const auto& gap) {
            return gap.first <= detected.last && detected.last <= gap.second;
        });
        if (is_told) continue;
        detected.now = turn.now;
        track(turn, gaps->detect(detected));
    }
    return {};
}

}  // namespace vg::collector
