// Records of what was joined, and the story of how they came about.
#include "collector/inventory/identity_state.hpp"

#include <algorithm>

namespace vg::collector::inventory {
namespace {

constexpr std::size_t most_reasons = 16;

double standing(const Witness& witness) {
    switch (witness.source) {
        case Source::host: return 0.99;
        case Source::snmp: return 0.95;
        case Source::lan: return witness.signals.empty() || is_local_mac(witness.key.substr(4)) ? 0.3 : 0.8;
        case Source::reg: return 0.5;
    }
    return 0.5;
}

}  // namespace

// A device that only the register knows is named as it would be named when it is seen.
std::string Identity::Impl::name_of(const Witness& first) const {
    if (first.source != Source::reg) return first.id;
    const auto key = first.slots.find("key");
    if (key == first.slots.end()) return first.id;
    auto id = first.site + "/" + key->second;
    return nodes.contains(id) ? first.id : id;
}

// The largest part stayed; the others came.
void Identity::Impl::name_those_who_came(const Made& made, const Before& before, Change& change) {
    const auto& id = made.record.id;
    std::size_t stayed = 0;
    for (const auto& [old, members] : made.from)
        if (old != 0 && (stayed == 0 || before.at(old).id == id)) stayed = old;
    for (const auto& [old, members] : made.from) {
        if (old == stayed) continue;
        if (old != 0) change.others.push_back(before.at(old).id);
        change.witnesses.insert(change.witnesses.end(), members.begin(), members.end());
    }
    if (stayed != 0 && before.at(stayed).id != id) change.others.push_back(before.at(stayed).id);
    std::erase(change.others, id);
}

Identity::Impl::Before Identity::Impl::take_records(const Region& region) {
    Before out;
    for (const auto* node : region.nodes) {
        const auto old = records.find(node->record);
        if (old == records.end()) continue;
        const auto named = by_record_id.find(old->second.id);
        if (named != by_record_id.end() && named->second == old->first) by_record_id.erase(named);
        out.insert({old->first, std::move(old->second)});
        records.erase(old);
    }
    return out;
}

Identity::Impl::Made Identity::Impl::make_record(const Region& region, Cluster cluster, Settled& out) {
    Made made;
    auto& record = made.record;
    const auto& first = region.nodes[cluster.members.front()]->witness;
    record.id = name_of(first);
    record.confidence = standing(first);
    made.number = next_record++;
    for (std::size_t i = 0; i < cluster.members.size(); ++i) {
        auto& node = *region.nodes[cluster.members[i]];
        auto& witness = node.witness;
        record.witnesses.push_back(witness.id);
        made.from[node.record].push_back(witness.id);
        node.record = made.number;
        const auto kept = [](const Link& one) { return one.is_to_be_kept() ? one.to : std::string(); };
        if ((witness.link ? kept(*witness.link) : "") != kept(cluster.links[i])) out.held.push_back(witness.id);
        witness.link.reset();
        if (i == 0) continue;
        auto& link = cluster.links[i];
        link.score = std::min(link.score, 1.0);
        made.score = std::min(made.score, link.score);
        made.reasons.insert(made.reasons.end(), link.reasons.begin(), link.reasons.end());
        witness.link = std::move(link);
    }
    if (cluster.members.size() > 1) record.confidence = made.score;
    if (made.reasons.size() > most_reasons) made.reasons.resize(most_reasons);
    return made;
}

void Identity::Impl::tell(Made& made, const Before& before, Settled& out) {
    auto& record = made.record;
    const bool all_new = made.from.size() == 1 && made.from.begin()->first == 0;
    const auto* only = made.from.size() == 1 && !all_new ? &before.at(made.from.begin()->first) : nullptr;
    const bool is_same = only != nullptr && only->witnesses.size() == record.witnesses.size();
    if (is_same) record.cloned = only->cloned;
    if (!is_same || only->id != record.id) out.touched.push_back(record.id);
    if (is_same) return;
    // Part of one record: the rest went elsewhere. It is the rest's story unless this part lost the name.
    if (only != nullptr && only->id == record.id) return;

    Change change{Change::What::made, record.id, {}, {}, std::move(made.reasons), made.score};
    if (all_new) {
        out.changes.push_back(change);
        if (record.witnesses.size() == 1) return;
        change.what = Change::What::merged;
        change.witnesses = record.witnesses;
    } else if (only != nullptr) {
        change.what = Change::What::split;
        change.others = {only->id};
        change.witnesses = record.witnesses;
    } else {
        change.what = Change::What::merged;
        name_those_who_came(made, before, change);
    }
    out.changes.push_back(std::move(change));
}

void Identity::Impl::keep(const Region& region, std::vector<Cluster> clusters, Time now, Settled& out) {
    const auto before = take_records(region);
    std::set<std::string> ids;
    for (auto& cluster : clusters) {
        auto made = make_record(region, std::move(cluster), out);
        tell(made, before, out);
        ids.insert(made.record.id);
        by_record_id[made.record.id] = made.number;
        records.emplace(made.number, std::move(made.record));
    }
    for (const auto& [number, record] : before)
        if (!ids.contains(record.id)) out.removed.push_back(record.id);
    flag_clones(region, now, out);
}

void Identity::Impl::flag_clones(const Region& region, Time now, Settled& out) {
    std::map<std::size_t, std::string> cloned;  // record: the other machine
    for (std::size_t i = 0; i < region.nodes.size(); ++i) {
        auto& node = *region.nodes[i];
        const auto& w = node.witness;
        if (w.source != Source::host) continue;
        for (const auto& signal : w.signals) {
            const auto& all = holders.at(signal);
            const bool is_own = signal.kind == SignalKind::machine_id || signal.kind == SignalKind::board_serial;
            if (!attracts(signal.kind) || (!is_own && all.size() > common)) continue;
            for (const auto* id : all) {
                const auto* other = find(*id);
                if (other == &node || other->record == node.record || !is_clone(w, other->witness)) continue;
                const Time together = std::max(w.first, other->witness.first);
                const Time until = std::min(w.alive ? now : w.last, other->witness.alive ? now : other->witness.last);
                if (until - together > overlap)
                    cloned.emplace(node.record, records.at(other->record).id);
                else if (w.alive && other->witness.alive)
                    due.emplace(together + overlap + Millis{1}, w.id);
            }
        }
    }
    for (auto* node : region.nodes) {
        auto& record = records.at(node->record);
        const auto other = cloned.find(node->record);
        if (record.cloned == (other != cloned.end())) continue;
        record.cloned = other != cloned.end();
        out.touched.push_back(record.id);
        if (record.cloned) out.changes.push_back({Change::What::cloned, record.id, {other->second}, {}, {}, 1});
    }
}

}  // namespace vg::collector::inventory
