#include "agent/fact_gate.hpp"

#include "wire/fact_table.hpp"

#include <algorithm>

namespace vg::agent {
namespace {

bool is_number(const wire::FactValue& value) {
    return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

// How long the collector believes the fact; zero: for ever.
Millis freshness(const wire::Subject& subject, std::string_view name) {
    const auto* row = wire::find_fact(subject.kind, name);
    return row == nullptr ? Millis{0} : row->fresh;
}

}  // namespace

std::vector<wire::TimedFact> FactGate::pass(const wire::Observation& observation) {
    std::vector<wire::TimedFact> now;
    for (const auto& fact : observation.facts) {
        if (fact.name.find('/') != std::string::npos) continue;  // an entry of a list: Spool::append_lists
        auto& known = known_[{fact.subject, fact.name}];
        known.latest = fact.value;
        known.latest_at = observation.at;
        const bool state_changed = known.sent != fact.value && !(is_number(known.sent) && is_number(fact.value));
        known.waits = known.was_sent && !state_changed;
        if (known.waits) continue;
        known.sent = fact.value;
        known.sent_at = observation.at;
        known.was_sent = true;
        now.push_back({fact, observation.at});
    }
    return now;
}

std::vector<wire::TimedFact> FactGate::take_waiting(Mono now, Millis seal) {
    std::vector<wire::TimedFact> due;
    for (auto& [key, known] : known_) {
        if (!known.waits) continue;
        const auto fresh = freshness(key.first, key.second);
        // A changed number is news, at most once in a third of its freshness; a tenth is kept for the way.
        const auto age = now - known.sent_at;
        const bool runs_out = fresh.count() > 0 && age + seal > fresh - fresh / 10;
        const bool news = known.latest != known.sent && age >= std::max(fresh / 3, seal);
        if (!runs_out && !news) continue;
        known.waits = false;
        known.sent = known.latest;
        known.sent_at = known.latest_at;
        due.push_back({{key.first, key.second, known.latest}, known.latest_at});
    }
    return due;
}

}  // namespace vg::agent
