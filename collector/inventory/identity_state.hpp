#pragma once
// What the identity engine holds: witnesses by id, who holds which signal, records, pins. Used by identity.cpp, which
// says what is joined, and identity_records.cpp, which makes the records of it.

#include "collector/inventory/clusters.hpp"
#include "collector/inventory/identity.hpp"
#include "collector/inventory/weigh.hpp"

#include <map>
#include <queue>
#include <set>
#include <unordered_map>

namespace vg::collector::inventory {

struct SignalHash {
    std::size_t operator()(const Signal& signal) const {
        return std::hash<std::string>()(signal.value) * 31 + static_cast<std::size_t>(signal.kind);
    }
};

struct Identity::Impl {
    struct Node {
        Witness witness;
        std::size_t record = 0;  // 0: none yet
        bool dirty = false;
    };
    using Id = std::string;

    std::unordered_map<Id, Node> nodes;
    std::unordered_map<Signal, std::vector<const Id*>, SignalHash> holders;  // keys of nodes
    std::unordered_map<std::size_t, Record> records;
    std::unordered_map<Id, std::size_t> by_record_id;
    std::size_t next_record = 1;
    std::vector<Id> dirty;
    std::vector<Id> gone;  // records whose last witness was forgotten, until they are told
    std::vector<Pin> pins;
    std::unordered_multimap<Id, std::size_t> pins_of;
    std::priority_queue<std::pair<Time, Id>, std::vector<std::pair<Time, Id>>, std::greater<>> due;

    Node* find(const Id& id) {
        const auto found = nodes.find(id);
        return found == nodes.end() ? nullptr : &found->second;
    }
    void mark(Node& node) {
        if (std::exchange(node.dirty, true)) return;
        dirty.push_back(node.witness.id);
    }
    void mark(const Id& id) {
        if (auto* node = find(id)) mark(*node);
    }

    void hold_signals(const Node& node, const Id& key) {
        for (const auto& signal : node.witness.signals) holders[signal].push_back(&key);
    }
    void drop_signals(const Node& node) {
        for (const auto& signal : node.witness.signals) {
            auto& list = holders[signal];
            std::erase_if(list, [&](const Id* id) { return *id == node.witness.id; });
            if (list.empty()) holders.erase(signal);
        }
    }
    void read_signals(Node& node) {
        const auto& w = node.witness;
        auto now = signals_of(w.source, w.site, w.key, w.slots);
        if (now == w.signals) return;
        for (const auto& signal : w.signals) mark_holders(signal);  // whom it has left
        drop_signals(node);
        node.witness.signals = std::move(now);
        hold_signals(node, nodes.find(w.id)->first);
    }
    void mark_holders(const Signal& signal) {
        const auto found = holders.find(signal);
        if (found == holders.end() || found->second.size() > common || !attracts(signal.kind)) return;
        for (const auto* id : found->second) mark(*id);
    }

    struct Region {
        std::vector<Node*> nodes;
        std::map<std::string_view, std::size_t> place;
    };
    Region region(const Id& start);
    std::set<std::size_t> pins_in(const Region& region) const {
        std::set<std::size_t> out;
        for (const auto* node : region.nodes)
            for (auto [at, end] = pins_of.equal_range(node->witness.id); at != end; ++at) out.insert(at->second);
        return out;
    }
    std::vector<Edge> edges(const Region& region);
    std::optional<Edge> held(const Region& region, std::size_t place);
    std::vector<Apart> apart(const Region& region) const;
    void keep(const Region& region, std::vector<Cluster> clusters, Time now, Settled& out);

    struct Made {  // what one cluster became, and where its witnesses came from
        Record record;
        std::size_t number = 0;
        std::map<std::size_t, std::vector<Id>> from;  // by the number of the record that they were in; 0: none
        std::vector<Reason> reasons;
        double score = 1;
    };
    using Before = std::map<std::size_t, Record>;  // by number
    Before take_records(const Region& region);
    Made make_record(const Region& region, Cluster cluster, Settled& out);
    void tell(Made& made, const Before& before, Settled& out);
    static void name_those_who_came(const Made& made, const Before& before, Change& change);
    void flag_clones(const Region& region, Time now, Settled& out);
    std::string name_of(const Witness& first) const;
};

}  // namespace vg::collector::inventory
