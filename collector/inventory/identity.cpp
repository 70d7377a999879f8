#include "collector/inventory/identity_state.hpp"

#include <algorithm>

namespace vg::collector::inventory {
namespace {

constexpr std::size_t largest_region = 20'000;  // witnesses that one change may touch

}  // namespace

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
    // Who is seen now under a name that a row of the register had for it may be another: that row is named anew.
    if (const auto named = s.by_record_id.find(id); named != s.by_record_id.end())
        s.mark(s.records.at(named->second).witnesses.front());
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
            s.gone.push_back(record->second.id);
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
    return !impl_->dirty.empty() || !impl_->gone.empty() || (!impl_->due.empty() && impl_->due.top().first <= now);
}

Identity::Settled Identity::settle(Time now) {
    Settled out;
    out.removed = std::exchange(impl_->gone, {});
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
