#include "collector/inventory/identity.hpp"

#include "collector/inventory/clusters.hpp"
#include "collector/inventory/weigh.hpp"

#include <algorithm>
#include <map>
#include <queue>
#include <set>
#include <unordered_map>

namespace vg::collector::inventory {
namespace {

constexpr std::size_t largest_region = 20'000;  // witnesses that one change may touch
constexpr double keeps = 0.005;                 // what a link that stands is ahead of an equal one

struct SignalHash {
    std::size_t operator()(const Signal& signal) const {
        return std::hash<std::string>()(signal.value) * 31 + static_cast<std::size_t>(signal.kind);
    }
};

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
    void flag_clones(const Region& region, Time now, Settled& out);
    std::string name_of(const Witness& first) const;
};

// Everything that what changed could belong to, or ceases to belong to.
Identity::Impl::Region Identity::Impl::region(const Id& start) {
    Region out;
    const auto reach = [&](const Id& id) {
        auto* node = find(id);
        if (node == nullptr || out.nodes.size() >= largest_region) return;
        if (out.place.emplace(node->witness.id, out.nodes.size()).second) out.nodes.push_back(node);
    };
    reach(start);
    for (std::size_t at = 0; at < out.nodes.size(); ++at) {
        auto& node = *out.nodes[at];
        node.dirty = false;
        if (const auto record = records.find(node.record); record != records.end())
            for (const auto& mate : record->second.witnesses) reach(mate);
        for (const auto& signal : node.witness.signals) {
            if (!attracts(signal.kind)) continue;
            const auto& list = holders.at(signal);
            if (list.size() <= common)
                for (const auto* id : list) reach(*id);
        }
        if (node.witness.link) reach(node.witness.link->to);
        for (auto [at_pin, end] = pins_of.equal_range(node.witness.id); at_pin != end; ++at_pin)
            for (const auto* side : {&pins[at_pin->second].left, &pins[at_pin->second].right})
                for (const auto& id : *side) reach(id);
    }
    // The same order whatever came first.
    std::sort(out.nodes.begin(), out.nodes.end(),
              [](const Node* a, const Node* b) { return a->witness.id < b->witness.id; });
    for (std::size_t i = 0; i < out.nodes.size(); ++i) out.place[out.nodes[i]->witness.id] = i;
    return out;
}

// A card that its machine no longer has stays with it until another machine has it.
std::optional<Edge> Identity::Impl::held(const Region& region, std::size_t place) {
    const auto& w = region.nodes[place]->witness;
    if (w.source != Source::lan || !w.link || w.link->by_person) return std::nullopt;
    const auto to = region.place.find(w.link->to);
    if (to == region.place.end() || region.nodes[to->second]->witness.source > Source::snmp) return std::nullopt;
    return Edge{place, to->second, {"", 0.5, true, false, {}}};
}

std::vector<Edge> Identity::Impl::edges(const Region& region) {
    std::vector<Edge> out;
    std::set<std::pair<std::size_t, std::size_t>> weighed;
    for (std::size_t i = 0; i < region.nodes.size(); ++i) {
        const auto& w = region.nodes[i]->witness;
        for (const auto& signal : w.signals) {
            const auto& list = holders.at(signal);
            if (!attracts(signal.kind) || list.size() > common) continue;
            for (const auto* id : list) {
                const auto at = region.place.find(*id);
                if (at == region.place.end() || at->second == i) continue;
                const auto pair = std::minmax(i, at->second);
                if (!weighed.insert(pair).second) continue;
                const auto &a = region.nodes[pair.first]->witness, &b = region.nodes[pair.second]->witness;
                auto weight = weigh(a, b);
                if (weight.score < enough) continue;
                const bool stands = (a.link && a.link->to == b.id) || (b.link && b.link->to == a.id);
                out.push_back({pair.first,
                               pair.second,
                               {"", weight.score + (stands ? keeps : 0), false, false, std::move(weight.reasons)}});
            }
        }
        if (auto edge = held(region, i)) out.push_back(std::move(*edge));
    }
    for (const auto number : pins_in(region)) {
        const auto& pin = pins[number];
        if (!pin.together || pin.left.empty()) continue;
        const auto a = region.place.find(pin.left.front());
        if (a == region.place.end()) continue;
        for (const auto& id : pin.right)
            if (const auto b = region.place.find(id); b != region.place.end())
                out.push_back({a->second, b->second, {"", 1, false, true, {}}});
    }
    return out;
}

std::vector<Apart> Identity::Impl::apart(const Region& region) const {
    std::vector<Apart> out;
    for (const auto number : pins_in(region)) {
        const auto& pin = pins[number];
        if (pin.together) continue;
        const auto places = [&](const std::vector<std::string>& ids) {
            std::vector<std::size_t> found;
            for (const auto& id : ids)
                if (const auto at = region.place.find(id); at != region.place.end()) found.push_back(at->second);
            return found;
        };
        Apart one{places(pin.left), places(pin.right)};
        if (!one.left.empty() && !one.right.empty()) out.push_back(std::move(one));
    }
    return out;
}

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

Identity::Identity() : impl_(std::make_unique<Impl>()) {}
Identity::~Identity() = default;
Identity::Identity(Identity&&) noexcept = default;
Identity& Identity::operator=(Identity&&) noexcept = default;

bool Identity::add(const std::string& id, Source source, Time first) {
    auto& s = *impl_;
    const auto slash = id.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == id.size()) return false;
    if (auto* node = s.find(id)) {
        if (first < node->witness.first) node->witness.first = first;
        return true;
    }
    if (s.nodes.size() >= most_witnesses) return false;
    Impl::Node node;
    node.witness.id = id;
    node.witness.site = id.substr(0, slash);
    node.witness.key = id.substr(slash + 1);
    node.witness.source = source;
    node.witness.first = node.witness.last = first;
    s.mark(s.nodes.emplace(id, std::move(node)).first->second);
    return true;
}

void Identity::forget(const std::string& id) {
    auto& s = *impl_;
    auto* node = s.find(id);
    if (node == nullptr) return;
    if (const auto record = s.records.find(node->record); record != s.records.end()) {
        std::erase(record->second.witnesses, id);
        for (const auto& mate : record->second.witnesses) s.mark(mate);
        if (record->second.witnesses.empty()) {
            s.by_record_id.erase(record->second.id);
            s.records.erase(record);
        }
    }
    for (const auto& signal : node->witness.signals) s.mark_holders(signal);
    s.drop_signals(*node);
    s.nodes.erase(id);
}

void Identity::tell(const std::string& id, std::string_view fact, std::string_view value) {
    auto& s = *impl_;
    auto* node = s.find(id);
    if (node == nullptr) return;
    auto& slots = node->witness.slots;
    auto kept = slot_value(fact, value);
    const auto found = slots.find(fact);
    if (found == slots.end() ? kept.empty() : found->second == kept) return;
    if (kept.empty())
        slots.erase(found);
    else if (found != slots.end())
        found->second = std::move(kept);
    else if (slots.size() < most_signals)
        slots.emplace(fact, std::move(kept));
    s.mark(*node);
}

void Identity::seen(const std::string& id, Time at) {
    if (auto* node = impl_->find(id); node != nullptr && at > node->witness.last) node->witness.last = at;
}

void Identity::alive(const std::string& id, bool is_alive, Time at) {
    auto* node = impl_->find(id);
    if (node == nullptr) return;
    node->witness.last = std::max(node->witness.last, at);
    if (node->witness.alive == is_alive) return;
    node->witness.alive = is_alive;
    impl_->mark(*node);
}

void Identity::set_pins(std::vector<Pin> pins) {
    const auto mark_all = [&] {
        for (const auto& pin : impl_->pins)
            for (const auto* side : {&pin.left, &pin.right})
                for (const auto& id : *side) impl_->mark(id);
    };
    mark_all();
    impl_->pins = std::move(pins);
    impl_->pins_of.clear();
    for (std::size_t i = 0; i < impl_->pins.size(); ++i)
        for (const auto* side : {&impl_->pins[i].left, &impl_->pins[i].right})
            for (const auto& id : *side) impl_->pins_of.emplace(id, i);
    mark_all();
}

void Identity::hold(const std::string& id, const std::string& to) {
    auto* node = impl_->find(id);
    if (node == nullptr || impl_->find(to) == nullptr) return;
    node->witness.link = Link{to, 0.5, true, false, {}};
    impl_->mark(*node);
}

bool Identity::has_work(Time now) const {
    return !impl_->dirty.empty() || (!impl_->due.empty() && impl_->due.top().first <= now);
}

Identity::Settled Identity::settle(Time now) {
    Settled out;
    while (!impl_->due.empty() && impl_->due.top().first <= now) {
        impl_->mark(impl_->due.top().second);
        impl_->due.pop();
    }
    auto& dirty = impl_->dirty;
    for (std::size_t i = 0; i < dirty.size(); ++i)  // grows meanwhile
        if (auto* node = impl_->find(dirty[i])) impl_->read_signals(*node);
    const auto changed = std::exchange(dirty, {});
    for (const auto& id : changed) {
        const auto* node = impl_->find(id);
        if (node == nullptr || !node->dirty) continue;  // gone, or settled with another
        const auto region = impl_->region(id);
        std::vector<const Witness*> witnesses;
        for (const auto* one : region.nodes) witnesses.push_back(&one->witness);
        impl_->keep(region, join(witnesses, impl_->edges(region), impl_->apart(region), now), now, out);
    }
    return out;
}

const Witness* Identity::witness(std::string_view id) const {
    const auto* node = impl_->find(std::string(id));
    return node != nullptr ? &node->witness : nullptr;
}

const Record* Identity::record_of(std::string_view id) const {
    const std::string key(id);
    if (const auto* node = impl_->find(key))
        if (const auto found = impl_->records.find(node->record); found != impl_->records.end()) return &found->second;
    const auto named = impl_->by_record_id.find(key);
    return named == impl_->by_record_id.end() ? nullptr : &impl_->records.at(named->second);
}

std::vector<const Record*> Identity::records() const {
    std::vector<const Record*> out;
    out.reserve(impl_->records.size());
    for (const auto& [number, record] : impl_->records) out.push_back(&record);
    std::sort(out.begin(), out.end(), [](const Record* a, const Record* b) { return a->id < b->id; });
    return out;
}

std::size_t Identity::witnesses() const { return impl_->nodes.size(); }

std::vector<const Witness*> Identity::having(const Signal& signal) const {
    std::vector<const Witness*> out;
    const auto found = impl_->holders.find(signal);
    if (found == impl_->holders.end()) return out;
    for (const auto* id : found->second) {
        if (out.size() == common) break;
        out.push_back(&impl_->find(*id)->witness);
    }
    return out;
}

}  // namespace vg::collector::inventory
