#include "collector/inventory/weigh.hpp"

#include <algorithm>

namespace vg::collector::inventory {
namespace {

const Signal* first_of(const Witness& witness, SignalKind kind) {
    const auto at = std::lower_bound(witness.signals.begin(), witness.signals.end(), kind,
                                     [](const Signal& s, SignalKind k) { return s.kind < k; });
    return at != witness.signals.end() && at->kind == kind ? &*at : nullptr;
}

bool has(const Witness& witness, const Signal& signal) {
    return std::binary_search(witness.signals.begin(), witness.signals.end(), signal);
}

bool any_is(const Witness& a, const Witness& b, Source source) { return a.source == source || b.source == source; }

// What a card says depends on whose it is: a LAN witness is its card, a machine may have borrowed it (a dock).
double mac_weight(const Witness& a, const Witness& b, std::string_view mac) {
    const bool is_here = a.site == b.site;
    if (a.source == Source::lan && b.source == Source::lan) return is_local_mac(mac) ? 0 : 0.85;
    if (any_is(a, b, Source::lan) || any_is(a, b, Source::reg)) {
        if (is_local_mac(mac)) return is_here ? 0.85 : 0;
        return is_here ? 0.9 : 0.85;
    }
    return is_local_mac(mac) ? 0 : 0.6;
}

// The witness knows its own cards, and this one's is not among them.
bool disowns(const Witness& owner, const Witness& lan) {
    const auto* own = first_of(owner, SignalKind::mac);
    const auto* card = first_of(lan, SignalKind::mac);
    return own != nullptr && card != nullptr && !has(owner, *card);
}

double address_weight(const Witness& a, const Witness& b) {
    if (a.source > b.source) return address_weight(b, a);
    if (a.source == Source::lan && b.source == Source::lan) return 0;
    if (a.source == Source::reg) return 0;
    if (b.source == Source::lan) {
        if (a.source == Source::host || first_of(b, SignalKind::mac) == nullptr) return 0;
        return disowns(a, b) ? 0 : 0.8;
    }
    if (b.source == Source::reg) {
        // An address alone means what the register knows without a card: addresses move, cards do not.
        const bool has_card = first_of(b, SignalKind::mac) != nullptr;
        if (a.source == Source::host) return has_card ? 0 : 0.8;
        return has_card && disowns(a, b) ? 0.4 : 0.85;
    }
    return a.source == Source::snmp ? 0.8 : 0.6;  // the same router asked at two addresses; a machine that answers SNMP
}

double weight_of(const Witness& a, const Witness& b, const Signal& signal) {
    switch (signal.kind) {
        case SignalKind::machine_id: return 0.95;
        case SignalKind::board_serial: return 0.9;
        case SignalKind::serial: return 0.88;
        case SignalKind::engine_id: return 0.95;
        case SignalKind::mac: return mac_weight(a, b, signal.value);
        case SignalKind::client_id: return 0.72;
        case SignalKind::address:
            if (b.source == Source::lan && a.source == Source::reg)
                return first_of(a, SignalKind::mac) == nullptr ? 0.8 : 0;
            if (a.source == Source::lan && b.source == Source::reg)
                return first_of(b, SignalKind::mac) == nullptr ? 0.8 : 0;
            return address_weight(a, b);
        case SignalKind::agent_host: return any_is(a, b, Source::reg) ? 0.9 : 0.3;
        case SignalKind::host_name: return 0.15;
    }
    return 0;
}

bool differ(const Witness& a, const Witness& b, SignalKind kind) {
    const auto *one = first_of(a, kind), *other = first_of(b, kind);
    return one != nullptr && other != nullptr && one->value != other->value;
}

bool share(const Witness& a, const Witness& b, SignalKind kind) {
    const auto *one = first_of(a, kind), *other = first_of(b, kind);
    return one != nullptr && other != nullptr && one->value == other->value;
}

}  // namespace

bool attracts(SignalKind kind) { return kind != SignalKind::host_name; }

Weight weigh(const Witness& a, const Witness& b) {
    Weight out;
    const auto& fewer = a.signals.size() <= b.signals.size() ? a : b;
    const auto& more = &fewer == &a ? b : a;
    double against = 1;
    std::size_t cards = 0;
    for (const auto& signal : fewer.signals) {
        if (!has(more, signal)) continue;
        const double weight = weight_of(a, b, signal);
        if (weight <= 0 || (signal.kind == SignalKind::mac && ++cards > 4)) continue;
        against *= 1 - weight;
        out.reasons.push_back({signal.kind, signal.value, weight});
    }
    out.score = 1 - against;
    std::stable_sort(out.reasons.begin(), out.reasons.end(),
                     [](const Reason& x, const Reason& y) { return x.weight > y.weight; });
    if (out.reasons.size() > 8) out.reasons.resize(8);
    return out;
}

bool excludes(const Witness& a, const Witness& b, Time now) {
    if (a.source == Source::host && b.source == Source::host) {
        if (differ(a, b, SignalKind::board_serial)) return true;
        if (a.alive && b.alive) return true;
        const Time together = std::max(a.first, b.first);
        const Time until = std::min(a.alive ? now : a.last, b.alive ? now : b.last);
        return until - together > overlap;
    }
    if (a.source == Source::snmp && b.source == Source::snmp)
        return differ(a, b, SignalKind::serial) ||
               (differ(a, b, SignalKind::engine_id) && !share(a, b, SignalKind::serial));
    return false;
}

bool is_clone(const Witness& a, const Witness& b) {
    if (a.source != Source::host || b.source != Source::host) return false;
    if (share(a, b, SignalKind::machine_id) || share(a, b, SignalKind::board_serial)) return true;
    return !differ(a, b, SignalKind::machine_id) && !differ(a, b, SignalKind::board_serial) &&
           weigh(a, b).score >= enough;
}

}  // namespace vg::collector::inventory
