#include "agent/fact_gate.hpp"

#include "wire/fact_table.hpp"

#include <algorithm>

namespace vg::agent {
namespace {

bool is_number(const wire::FactValue& value) {
    return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

}  // namespace

FactGate::Known& FactGate::known(const wire::Fact& fact, bool& is_new) {
    auto& of_subject = known_[fact.subject];
    const auto found = std::ranges::find(of_subject, std::string_view(fact.name), &Known::name);
    is_new = found == of_subject.end();
    if (!is_new) return *found;
    Known fresh;
    if (const auto* row = wire::find_fact(fact.subject.kind, fact.name); row != nullptr) {
        fresh.name = row->name;
        fresh.fresh_s =
            static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(row->fresh).count());
    } else {
        fresh.name = *names_.insert(fact.name).first;
    }
    if (of_subject.size() == of_subject.capacity()) of_subject.reserve(of_subject.size() + 4);
    return of_subject.emplace_back(std::move(fresh));
}

std::vector<wire::TimedFact> FactGate::pass(const wire::Observation& observation) {
    std::vector<wire::TimedFact> now;
    for (const auto& fact : observation.facts) {
        if (fact.name.find('/') != std::string::npos) continue;  // an entry of a list: Spool::append_lists
        bool is_new = false;
        auto& known = this->known(fact, is_new);
        known.latest_at = observation.at;
        const bool differs = known.sent != fact.value;
        known.waits = !is_new && (!differs || (is_number(known.sent) && is_number(fact.value)));
        if (known.waits) {
            known.latest = differs ? std::make_unique<wire::FactValue>(fact.value) : nullptr;
            continue;
        }
        known.latest.reset();
        known.sent = fact.value;
        known.sent_at = observation.at;
        now.push_back({fact, observation.at});
    }
    if (known_.size() > most_subjects_) forget_longest_untold();
    return now;
}

void FactGate::forget_longest_untold() {
    const auto told = [](const std::vector<Known>& facts) {
        return std::ranges::max_element(facts, {}, &Known::latest_at)->latest_at;
    };
    std::vector<Mono> times;
    for (const auto& [subject, facts] : known_) times.push_back(told(facts));
    const auto quarter = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 4);
    std::ranges::nth_element(times, quarter);
    std::erase_if(known_, [&](const auto& one) { return told(one.second) <= *quarter; });
}

std::vector<wire::TimedFact> FactGate::take_waiting(Mono now, Millis seal) {
    std::vector<wire::TimedFact> due;
    for (auto& [subject, facts] : known_) {
        for (auto& known : facts) {
            if (!known.waits) continue;
            const Millis fresh = std::chrono::seconds{known.fresh_s};
            // A changed number is news, at most once in a third of its freshness; a tenth is kept for the way.
            const auto age = now - known.sent_at;
            const bool runs_out = fresh.count() > 0 && age + seal > fresh - fresh / 10;
            const bool news = known.latest != nullptr && age >= std::max(fresh / 3, seal);
            if (!runs_out && !news) continue;
            known.waits = false;
            if (known.latest) known.sent = std::move(*known.latest);
            known.latest.reset();
            known.sent_at = known.latest_at;
            due.push_back({{subject, std::string(known.name), known.sent}, known.latest_at});
        }
    }
    return due;
}

}  // namespace vg::agent
