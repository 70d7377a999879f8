// Records of what was joined, and the story of how they came about.
#include "collector/inventory/identity_state.hpp"

#include <algorithm>

namespace vg::collector::inventory {
namespace {

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

void Identity::Impl::keep(const Region& region, std::vector<Cluster> clusters, Time now, Settled& out) {
    std::map<std::size_t, Record> before;
    std::map<const Node*, std::size_t> was;
    for (auto* node : region.nodes) {
        was[node] = node->record;
        if (const auto old = records.find(node->record); old != records.end()) {
            before.insert({old->first, old->second});
            by_record_id.erase(old->second.id);
            records.erase(old);
        }
    }
    std::set<std::string> ids;
    for (auto& cluster : clusters) {
        Record record;
        std::map<std::size_t, std::vector<std::string>> from;
        auto& first = region.nodes[cluster.members.front()]->witness;
        record.id = name_of(first);
        record.confidence = standing(first);
        std::vector<Reason> reasons;
        double score = 1;
        const auto number = next_record++;
        for (std::size_t i = 0; i < cluster.members.size(); ++i) {
            auto& node = *region.nodes[cluster.members[i]];
            record.witnesses.push_back(node.witness.id);
            from[was[&node]].push_back(node.witness.id);
            node.record = number;
            const bool was_held = node.witness.link && node.witness.link->held;
            if (was_held != (i > 0 && cluster.links[i].held)) out.held.push_back(node.witness.id);
            node.witness.link.reset();
            if (i == 0) continue;
            auto& link = cluster.links[i];
            link.score = std::min(link.score, 1.0);
            score = std::min(score, link.score);
            reasons.insert(reasons.end(), link.reasons.begin(), link.reasons.end());
            node.witness.link = std::move(link);
        }
        if (cluster.members.size() > 1) record.confidence = score;
        if (reasons.size() > 16) reasons.resize(16);
        ids.insert(record.id);

        const bool all_new = from.size() == 1 && from.begin()->first == 0;
        const auto* only = from.size() == 1 && !all_new ? &before.at(from.begin()->first) : nullptr;
        const bool is_same = only != nullptr && only->witnesses.size() == record.witnesses.size();
        if (is_same) record.cloned = only->cloned;
        if (!is_same || only->id != record.id) out.touched.push_back(record.id);
        Change change{Change::What::made, record.id, {}, {}, std::move(reasons), score};
        if (all_new) {
            out.changes.push_back(change);
            if (record.witnesses.size() > 1) {
                change.what = Change::What::merged;
                change.witnesses = record.witnesses;
                out.changes.push_back(std::move(change));
            }
        } else if (only != nullptr && !is_same) {
            // Part of one record: the rest went elsewhere. It is the rest's story unless this part lost the name.
            if (only->id != record.id) {
                change.what = Change::What::split;
                change.others = {only->id};
                change.witnesses = record.witnesses;
                out.changes.push_back(std::move(change));
            }
        } else if (only == nullptr) {
            change.what = Change::What::merged;
            // The largest part stayed; the others came.
            std::size_t stayed = 0;
            for (const auto& [old, members] : from)
                if (old != 0 && (stayed == 0 || before.at(old).id == record.id)) stayed = old;
            for (const auto& [old, members] : from) {
                if (old == stayed) continue;
                if (old != 0) change.others.push_back(before.at(old).id);
                change.witnesses.insert(change.witnesses.end(), members.begin(), members.end());
            }
            if (stayed != 0 && before.at(stayed).id != record.id) change.others.push_back(before.at(stayed).id);
            std::erase(change.others, record.id);
            out.changes.push_back(std::move(change));
        }
        by_record_id[record.id] = number;
        records.emplace(number, std::move(record));
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
            if (signal.kind != SignalKind::machine_id && signal.kind != SignalKind::board_serial) continue;
            for (const auto* id : holders.at(signal)) {
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
