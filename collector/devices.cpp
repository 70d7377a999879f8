// Devices: one row of the fact base for each record, with what its witnesses told merged into it.

#include "base/log.hpp"
#include "collector/pipeline_state.hpp"
#include "collector/record_reader.hpp"
#include "collector/register/subjects.hpp"
#include "rules/views.hpp"
#include "wire/fact_table.hpp"

#include <algorithm>

namespace vg::collector {
namespace {

using inventory::Record;
using inventory::Source;
using rules::SubjectId;
using wire::SubjectKind;

bool is_fact(const rules::ViewColumn& column) { return column.fact != nullptr; }

// Any witness that sees it is enough.
bool is_sighting(std::string_view name) { return name == "seen" || name == "snmp_ok"; }

struct Candidate {
    const FactLedger::Held* held = nullptr;
    std::string witness;
    bool is_fresh = false;
    Source source{};
};

bool is_better(const Candidate& a, const Candidate& b, std::string_view name) {
    if (a.is_fresh != b.is_fresh) return a.is_fresh;
    if (is_sighting(name)) {
        const bool yes = a.held->value == wire::FactValue{true}, other = b.held->value == wire::FactValue{true};
        if (yes != other) return yes;
        return a.held->confirmed > b.held->confirmed;
    }
    if (a.source != b.source) return a.source < b.source;
    // Since when a value holds, not when it was told last: two cards of one router do not take turns.
    if (a.held->at != b.held->at) return a.held->at > b.held->at;
    return a.witness < b.witness;
}

}  // namespace

SubjectId Pipeline::Impl::subject_of(const SubjectId& witness) const {
    if (witness.kind != SubjectKind::device) return witness;
    const auto* record = inventory.find(witness.id);
    return record != nullptr ? SubjectId{SubjectKind::device, record->id} : witness;
}

std::vector<SubjectId> Pipeline::Impl::tellers(const SubjectId& subject) const {
    const auto* record = subject.kind == SubjectKind::device ? inventory.find(subject.id) : nullptr;
    if (record == nullptr) return {subject};
    std::vector<SubjectId> out;
    for (const auto& witness : record->witnesses) out.push_back({SubjectKind::device, witness});
    if (std::find(out.begin(), out.end(), subject) == out.end()) out.push_back(subject);
    return out;
}

// The fact of the witness that is believed: fresh before old, agent before SNMP before LAN, then the newest change.
// What the collector derives it tells about the record itself.
std::optional<RecordFact> Pipeline::Impl::merged(const Record& record, const wire::FactRow& row) const {
    const std::string name(row.name);
    if (row.producer == "collector") {
        const auto* held = ledger.find({SubjectKind::device, record.id}, name);
        if (held == nullptr) return std::nullopt;
        return RecordFact{row.name, held->value, held->confirmed, record.id};
    }
    const Time now = clock.wall();
    Candidate best;
    for (const auto& witness : record.witnesses) {
        const auto* held = ledger.find({SubjectKind::device, witness}, name);
        if (held == nullptr) continue;
        const bool is_known = !std::holds_alternative<std::monostate>(held->value);
        Candidate one{held, witness, is_known && (row.fresh == Millis{0} || held->confirmed + row.fresh > now),
                      inventory.identity().witness(witness)->source};
        if (best.held == nullptr || is_better(one, best, row.name)) best = std::move(one);
    }
    if (best.held == nullptr) return std::nullopt;
    return RecordFact{row.name, best.held->value, best.held->confirmed, std::move(best.witness)};
}

bool Pipeline::Impl::note_changed(const SubjectId& subject, const Result<bool>& changed) {
    if (!changed || !*changed) return false;
    if (subject.kind == SubjectKind::device) rows.changed(subject.id);
    return true;
}

bool Pipeline::Impl::set_fact(const SubjectId& subject, const FactNews& news) {
    if (subject.kind == SubjectKind::device) {
        if (!news.agent.empty()) posture_due.insert(subject.id);
        if (news.name.find('/') != std::string::npos) return true;
        const auto* record = inventory.find(subject.id);
        const bool is_told = !news.agent.empty() && record != nullptr && record->witnesses.size() > 1;
        if (is_told) {
            const auto fact = merged(*record, *wire::find_fact(SubjectKind::device, news.name));
            const auto changed = fact ? facts.replace(subject, news.name, fact->value, fact->at) : Result<bool>(false);
            return note_changed(subject, changed);
        }
    }
    return note_changed(subject, facts.set(subject, news.name, news.value, news.at));
}

void Pipeline::Impl::put_record(const Record& record) {
    const SubjectId subject{SubjectKind::device, record.id};
    const auto put = facts.put_subject(
        subject, registry::device_columns(*parts.reg, inventory.site_of(record), inventory.registered(record)));
    if (!put) return log::warning("devices", put.error().message);
    for (const auto& column : rules::view(SubjectKind::device)) {
        if (!is_fact(column)) continue;
        if (const auto fact = merged(record, *column.fact))
            (void)facts.replace(subject, column.name, fact->value, fact->at);
        else if (!std::holds_alternative<std::monostate>(facts.value(subject, column.name)))
            (void)facts.replace(subject, column.name, std::monostate{}, clock.wall());
    }
    posture_due.insert(record.id);
    rows.changed(record.id);
}

// A record that is no more has no row, and its gaps close; what it stood on speaks in another row now.
void Pipeline::Impl::put_records(const inventory::Identity::Settled& settled) {
    for (const auto& id : settled.removed) {
        const auto* heir = inventory.identity().record_of(id);
        if (heir == nullptr || heir->id != id) {
            facts.remove_subject({SubjectKind::device, id});
            rows.forget(id);
            posture_due.erase(id);
        }
    }
    for (const auto& id : settled.touched)
        if (const auto* record = inventory.identity().record_of(id); record != nullptr && record->id == id)
            put_record(*record);
}

// Only what is durable is learnt: a commit that failed has taken the agents' news away.
void Pipeline::Impl::learn(Turn& turn) {
    for (const auto& news : turn.news) {
        if (news.subject.kind == SubjectKind::agent && news.name == "heard") {
            if (const auto* agent = agents.find(news.subject.id))
                inventory.agent_alive(agent->enrolment, news.value == wire::FactValue{true},
                                      agent->now.last_heard.value_or(agent->enrolment.enrolled));
        } else if (news.subject.kind == SubjectKind::device && !news.agent.empty()) {
            inventory.learn(news);
            if (inventory::is_identifying(news.name)) rows.changed(subject_of(news.subject).id);
        }
    }
    if (!inventory.has_work(turn.now)) return;
    const auto settled = inventory.settle(turn.now);
    const bool closes = !settled.removed.empty();
    put_records(settled);
    if (closes) track(turn, gaps->keep_subjects([this](const SubjectId& s) { return facts.has(s); }, turn.now));
}

// Whatever lapsed comes back with its next sighting, not with a start.
Result<void> Pipeline::Impl::begin_lives(std::vector<StoredFact>& latest) {
    const Time now = clock.wall();
    const auto lives = store.lives();
    if (!lives) return lives.error();
    std::set<std::string_view> lapsed;
    for (const auto& life : *lives)
        if (inventory.has_lapsed(life.subject, life.last, now))
            lapsed.insert(life.subject);
        else
            inventory.add(life.subject, life.first, life.last);
    if (!lapsed.empty())
        std::erase_if(latest, [&](const StoredFact& fact) {
            return fact.subject.kind == SubjectKind::device && lapsed.contains(fact.subject.id);
        });
    return {};
}

Result<void> Pipeline::Impl::begin_devices(const std::vector<StoredFact>& latest) {
    const Time now = clock.wall();
    for (const auto& [id, agent] : agents.all()) {
        const auto& enrolment = agent.enrolment;
        if (enrolment.revoked) continue;
        inventory.enrolled(enrolment);
        inventory.agent_alive(enrolment, false, enrolment.last_heard.value_or(enrolment.enrolled));
    }
    const auto tell = [&](const std::string& subject, std::string name, wire::FactValue value, Time at) {
        inventory.learn({{SubjectKind::device, subject}, std::move(name), std::move(value), at, 0, "store"});
    };
    for (const auto& fact : latest)
        if (fact.subject.kind == SubjectKind::device && !fact.agent.empty() && inventory::is_identifying(fact.name))
            tell(fact.subject.id, fact.name, fact.value, fact.at);
    for (const std::string list : {"adapter/", "interface/", "address/"}) {
        auto entries = store.entries({}, list);
        if (!entries) return entries.error();
        for (auto& entry : *entries) tell(entry.subject, list + entry.name, std::move(entry.value), entry.at);
    }
    for (const auto& fact : latest)
        if (fact.subject.kind == SubjectKind::agent && fact.name == "heard" && fact.value == wire::FactValue{true})
            if (const auto* agent = agents.find(fact.subject.id); agent != nullptr && !agent->enrolment.revoked)
                inventory.agent_alive(agent->enrolment, true, agent->now.last_heard.value_or(now));
    inventory.put_register(*parts.reg, now);
    inventory.begin(now);
    for (const auto* record : inventory.identity().records()) put_record(*record);
    return {};
}

void Pipeline::Impl::put_register_devices(Turn& turn) {
    inventory.put_register(*parts.reg, turn.now);
    const auto settled = inventory.settle(turn.now);
    put_records(settled);
    for (const auto* record : inventory.identity().records()) {
        (void)facts.put_subject(
            {SubjectKind::device, record->id},
            registry::device_columns(*parts.reg, inventory.site_of(*record), inventory.registered(*record)));
        posture_due.insert(record->id);
        rows.changed(record->id);
    }
}

const inventory::Inventory& Pipeline::inventory() const { return impl_->inventory; }

std::unique_ptr<inventory::RecordView> Pipeline::view_of(const Record& record) {
    return std::make_unique<RecordReader>(*this, record);
}

const inventory::DeviceRow& Pipeline::row_of(const Record& record) { return impl_->rows.of(*this, record); }

std::vector<RecordFact> Pipeline::facts_of(const Record& record) {
    std::vector<RecordFact> out;
    for (const auto& column : rules::view(SubjectKind::device)) {
        if (!is_fact(column)) continue;
        auto fact = impl_->merged(record, *column.fact);
        if (fact && !std::holds_alternative<std::monostate>(fact->value)) out.push_back(std::move(*fact));
    }
    return out;
}

Result<void> Pipeline::triage(const std::string& record, inventory::Verdict verdict, const std::string& who,
                              const std::string& note) {
    Turn turn(impl_->clock.wall());
    if (auto done = impl_->inventory.triage(record, verdict, who, note, turn.now); !done) return done;
    if (const auto* found = impl_->inventory.find(record)) {
        impl_->rows.changed(found->id);
        const auto* triage = impl_->inventory.triage_of(*found);
        impl_->tell_own(
            turn, SubjectKind::device, found->id, "triage",
            std::string(inventory::to_string(triage != nullptr ? triage->verdict : inventory::Verdict::none)));
    }
    return impl_->settle(turn);
}

Result<void> Pipeline::merge_records(const std::vector<std::string>& records, const std::string& who,
                                     const std::string& note) {
    Turn turn(impl_->clock.wall());
    if (auto done = impl_->inventory.merge(records, who, note, turn.now); !done) return done;
    return impl_->settle(turn);
}

Result<void> Pipeline::split_record(const std::string& record, const std::vector<std::string>& witnesses,
                                    const std::string& who, const std::string& note) {
    Turn turn(impl_->clock.wall());
    if (auto done = impl_->inventory.split(record, witnesses, who, note, turn.now); !done) return done;
    return impl_->settle(turn);
}

Result<void> Pipeline::stocktake_made(const std::string& site, const std::string& text) {
    const Time now = impl_->clock.wall();
    if (auto kept = impl_->inventory.stocktake_made(store(), site, text, now); !kept) return kept;
    impl_->next_sweep = {};
    return {};
}

}  // namespace vg::collector
