#include "collector/late.hpp"

#include "base/log.hpp"
#include "collector/pipeline_state.hpp"
#include "rules/replay.hpp"
#include "rules/views.hpp"

#include <algorithm>

namespace vg::collector {
namespace {

constexpr Millis quiet = std::chrono::seconds(2);
constexpr Millis patience = std::chrono::seconds(15);

}  // namespace

void LateSubjects::note(const rules::SubjectId& subject, Time at, Time now) {
    const auto [found, is_new] = subjects_.try_emplace(subject, Entry{at, now, now});
    if (is_new) return;
    found->second.from = std::min(found->second.from, at);
    found->second.last_note = now;
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
    query.site = site_of(subject);
    query.from = from;
    auto recorded = store.gaps(query);
    if (!recorded) return;
    std::erase_if(*recorded, [&](const rules::Gap& gap) { return gap.key.subject != subject; });
    auto transitions = gaps->rewrite(subject, from, turn.now, *verdicts, *recorded, turn.now);
    counters.rewritten_gaps += transitions.size();
    track(turn, std::move(transitions));
}

}  // namespace vg::collector
