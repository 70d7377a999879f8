#include "collector/fact_ledger.hpp"

#include "wire/fact_table.hpp"

#include <algorithm>
#include <functional>

namespace vg::collector {
namespace {

constexpr Millis measured_every = std::chrono::minutes(5);  // numbers that change with every look

bool is_measured(const wire::FactRow& row) {
    return row.type == wire::FactType::real || (row.type == wire::FactType::integer && row.fresh > Millis{0});
}

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

const FactLedger::Held* FactLedger::find(const rules::SubjectId& subject, const std::string& name) const {
    const auto found = held_.find({subject, name});
    return found == held_.end() ? nullptr : &found->second;
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

std::optional<StoredFact> FactLedger::weigh(const FactNews& news, Time received) {
    const auto* row = wire::find_fact(news.subject.kind, news.name);
    const Millis fresh = row != nullptr ? row->fresh : Millis{0};
    const Key key{news.subject, news.name};
    const auto found = held_.find(key);
    if (found == held_.end()) {
        undo_.emplace_back(key, std::nullopt);
        held_.emplace(key, Held{news.value, news.at, news.at, news.at});
        return row_of(news, received);
    }
    auto& held = found->second;
    const bool same = held.value == news.value;
    if (news.at < held.confirmed) {  // late: it takes its own place in the history
        if (same && news.at >= held.at) return std::nullopt;
        return row_of(news, received);
    }
    undo_.emplace_back(key, held);
    const bool was_unknown = fresh > Millis{0} && news.at - held.confirmed > fresh;
    if (row != nullptr && is_measured(*row) && news.at - held.written < measured_every && !was_unknown) {
        held.value = news.value;
        held.confirmed = news.at;
        return std::nullopt;
    }
    if (!same || was_unknown) {
        held = {news.value, news.at, news.at, news.at};
        return row_of(news, received);
    }
    held.confirmed = news.at;
    if (fresh == Millis{0} || news.at - held.written < fresh / 4) return std::nullopt;
    held.written = news.at;
    auto confirmation = row_of(news, received);
    confirmation.at = held.at;
    return confirmation;
}

}  // namespace vg::collector
