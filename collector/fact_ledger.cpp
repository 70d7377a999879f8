#include "collector/fact_ledger.hpp"

#include "wire/fact_table.hpp"

#include <algorithm>
#include <functional>

namespace vg::collector {
namespace {

constexpr Millis measured_every = std::chrono::minutes(5);

StoredFact row_of(const FactNews& news, Time received) {
    return {.subject = news.subject,
            .name = news.name,
            .value = news.value,
            .at = news.at,
            .received = received,
            .error_ms = news.error_ms,
            .agent = news.agent,
            .confirmed = news.at};
}

}  // namespace

std::size_t FactLedger::Hash::operator()(const Key& key) const {
    const std::hash<std::string> hash;
    return hash(key.subject.id) * 31 + hash(key.name) * 7 + static_cast<std::size_t>(key.subject.kind);
}

void FactLedger::load(const std::vector<StoredFact>& latest) {
    for (const auto& fact : latest)
        held_[{fact.subject, fact.name}] = {fact.value, fact.at, fact.confirmed, fact.confirmed};
}

void FactLedger::forget(const rules::SubjectId& subject) {
    for (const auto& row : wire::fact_table())
        if (row.subject == subject.kind) held_.erase({subject, std::string(row.name)});
}

const FactLedger::Held* FactLedger::find(const rules::SubjectId& subject, const std::string& name) const {
    const auto found = held_.find({subject, name});
    return found == held_.end() ? nullptr : &found->second;
}

void FactLedger::redate(const std::function<Time(Time)>& redated) {
    for (auto& [key, held] : held_) {
        held.at = redated(held.at);
        held.confirmed = std::max(held.at, redated(held.confirmed));
        held.written = std::max(held.at, redated(held.written));
    }
}

void FactLedger::rollback() {
    for (auto entry = undo_.rbegin(); entry != undo_.rend(); ++entry) {
        if (entry->second)
            held_[entry->first] = *entry->second;
        else
            held_.erase(entry->first);
    }
    undo_.clear();
}

// It takes its own place in the history. What held when it came was told before and after it: that holds again from
// when it was told last, as far as anybody knows by the same witness.
std::vector<StoredFact> FactLedger::weigh_late(const Key& key, Held& held, const FactNews& news, Time received) {
    if (news.at >= held.at && held.value == news.value) return {};
    std::vector<StoredFact> out{row_of(news, received)};
    if (news.at <= held.at) return out;
    undo_.emplace_back(key, held);
    held.at = held.written = held.confirmed;
    out.push_back(row_of(news, received));
    out.back().value = held.value;
    out.back().at = out.back().confirmed = held.confirmed;
    return out;
}

std::vector<StoredFact> FactLedger::weigh(const FactNews& news, Time received) {
    const auto* row = wire::find_fact(news.subject.kind, news.name);
    const Millis fresh = row != nullptr ? row->fresh : Millis{0};
    const Key key{news.subject, news.name};
    const auto found = held_.find(key);
    if (found == held_.end()) {
        undo_.emplace_back(key, std::nullopt);
        held_.emplace(key, Held{news.value, news.at, news.at, news.at});
        return {row_of(news, received)};
    }
    auto& held = found->second;
    const bool measured = row != nullptr && wire::is_measured(*row);
    if (news.at < held.confirmed) {
        if (measured) return {};  // nothing is kept of them but the newest
        return weigh_late(key, held, news, received);
    }
    undo_.emplace_back(key, held);
    const bool was_unknown = fresh > Millis{0} && news.at - held.confirmed > fresh;
    if (measured && news.at - held.written < measured_every && !was_unknown) {
        held.value = news.value;
        held.confirmed = news.at;
        return {};
    }
    if (held.value != news.value || was_unknown) {
        held = {news.value, news.at, news.at, news.at};
        return {row_of(news, received)};
    }
    held.confirmed = news.at;
    if (fresh == Millis{0} || news.at - held.written < fresh / 4) return {};
    held.written = news.at;
    auto confirmation = row_of(news, received);
    confirmation.at = held.at;
    return {std::move(confirmation)};
}

void WaitingFacts::add(StoredFact fact) {
    const auto* row = wire::find_fact(fact.subject.kind, fact.name);
    const bool measured = row != nullptr && wire::is_measured(*row);
    std::tuple key{fact.subject, fact.name, measured ? Time{} : fact.at};
    all_.insert_or_assign(std::move(key), std::move(fact));
}

void WaitingFacts::append_to(std::vector<StoredFact>& out) const {
    for (const auto& [key, fact] : all_) out.push_back(fact);
}

}  // namespace vg::collector
