// An SNMP agent that answers whatever it likes: walks over its tables end, and what it said becomes facts and rates or
// nothing. (The bytes of SNMP are net-snmp's; this begins at the values it hands over.)
#include "base/bytes.hpp"
#include "probes/snmp/device.hpp"
#include "probes/snmp/trap.hpp"
#include "tests/fuzz/round_trip.hpp"
#include "wire/fact_table.hpp"
#include "wire/limits.hpp"

#include <cmath>

using namespace vg;
using namespace vg::probes::snmp;

namespace {

class Liar {  // makes bindings of the input's bytes
public:
    explicit Liar(ByteView input) : rest_(input) {}
    [[nodiscard]] bool is_done() const { return rest_.empty(); }

    std::uint8_t byte() {
        if (rest_.empty()) return 0;
        const auto b = rest_[0];
        rest_ = rest_.subspan(1);
        return b;
    }
    std::uint64_t number() {
        std::uint64_t n = 0;
        for (int i = byte() % 9; i > 0; --i) n = n << 8 | byte();
        return n;
    }
    Oid oid(const std::vector<Oid>& asked) {
        Oid out;
        const auto how = byte();
        if (how % 4 != 0 && !asked.empty()) out = asked[how / 4 % asked.size()];
        for (int i = byte() % 5; i > 0; --i) out.push_back(static_cast<std::uint32_t>(number()));
        return out;
    }
    Value value() {
        switch (byte() % 5) {
            case 0: return std::monostate{};
            case 1: return static_cast<std::int64_t>(number());
            case 2: return number();
            case 3: {
                std::string text;
                for (int i = byte() % 64; i > 0; --i) text += static_cast<char>(byte());
                return text;
            }
            default: return oid({});
        }
    }
    Answer answer(const std::vector<Oid>& asked) {
        Answer out;
        if (byte() % 8 == 0) {
            out.error = byte() % 20;
            out.error_index = static_cast<int>(byte()) - 2;
        }
        for (int i = byte() % 32; i > 0; --i) {
            auto name = oid(asked);
            out.bindings.push_back({std::move(name), value()});
        }
        return out;
    }

private:
    ByteView rest_;
};

Rows walk(Liar& liar, const TableId& table) {
    Walk walk(table.entry, table.columns, liar.byte() % 4 != 0);
    for (auto asked = walk.next(); !asked.oids.empty(); asked = walk.next()) {
        if (liar.byte() % 16 == 0)
            walk.take_silence();
        else
            walk.take(liar.answer(asked.oids));
    }
    return walk.take_rows();
}

Inventory inventory(Liar& liar) {
    Inventory seen;
    Evidence evidence;
    const auto system = liar.answer({{1, 3, 6, 1, 2, 1, 1, 1, 0}, {1, 3, 6, 1, 2, 1, 1, 2, 0}}).bindings;
    seen.system = system_of(system);
    const auto interfaces = walk(liar, if_table()), extensions = walk(liar, if_x_table());
    seen.interfaces = {interfaces_of(interfaces, extensions), liar.byte() % 2 == 0};
    seen.parts.items = parts_of(walk(liar, entity_table()));
    evidence.object_id = seen.system.object_id;
    evidence.descr = seen.system.descr;
    evidence.parts = seen.parts.items;
    evidence.enterprises = {static_cast<std::uint32_t>(liar.number() % 60'000)};
    evidence.values = liar.answer(objects_to_ask(evidence)).bindings;
    std::vector<Oid> looked_at;
    for (std::uint32_t i = 0; i < 6; ++i) looked_at.push_back({1, 3, 6, 1, 4, 1, 99, 1, i / 2, i, 0});
    const auto looked = liar.answer(looked_at).bindings;
    (void)behind_column(looked);
    evidence.guessed = guess(looked, evidence.descr, seen.system.name);
    seen.ups = ups_of(evidence.values);
    seen.identity = identify(evidence);
    const auto lldp = walk(liar, lldp_remote_table()), local = walk(liar, lldp_local_table()),
               lldp_v2 = walk(liar, lldp_v2_remote_table()), cdp = walk(liar, cdp_cache_table());
    seen.neighbours.items = neighbours_of(lldp, local, lldp_v2, cdp);
    const auto old = walk(liar, ip_addr_table()), fresh = walk(liar, ip_address_table()),
               v6 = walk(liar, ipv6_addr_table());
    seen.addresses.items = addresses_of(old, fresh, v6);
    const auto media = walk(liar, net_to_media_table()), physical = walk(liar, net_to_physical_table());
    seen.arp.items = arp_of(media, physical);
    const auto fixed = walk(liar, vlan_static_table()), current = walk(liar, vlan_current_table()),
               vtp = walk(liar, vtp_vlan_table());
    seen.vlans.items = vlans_of(fixed, current, vtp);
    const auto ports = walk(liar, base_port_table()), fdb = walk(liar, fdb_table()), q_fdb = walk(liar, q_fdb_table());
    seen.stations.items = stations_of(ports, fdb, q_fdb, current);
    seen.supplies.items = supplies_of(walk(liar, supply_table()));
    return seen;
}

void trap(Liar& liar) {
    Trap trap;
    trap.source = "10.0.0.1";
    trap.version = liar.byte() % 2 == 0 ? "1" : "2c";
    trap.generic = static_cast<std::int64_t>(liar.number());
    trap.specific = static_cast<std::int64_t>(liar.number());
    trap.bindings = liar.answer({{1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0}}).bindings;
    fuzz::require(event_of(trap, Mono{}).fields.size() <= wire::limits::max_event_fields);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    (void)v3_sender({data, size});
    Liar liar({data, size});
    trap(liar);
    Device device("snmp:10.0.0.1");
    Mono at{};
    for (int visit = 0; visit < 3; ++visit, at += Millis{60'000}) {
        wire::Observation seen;
        const auto all = inventory(liar);
        fuzz::require(!to_json(all).empty());
        device.add(all.system, seen);
        device.add(all, seen);
        const auto plain = walk(liar, if_counters()), wide = walk(liar, if_x_counters());
        device.add(counters_of(plain, wide), all.system.ticks, at, true, seen);
        for (const auto& sample : seen.samples) fuzz::require(std::isfinite(sample.value) && sample.value >= 0);
        for (const auto& fact : seen.facts) {
            fuzz::require(wire::find_fact(fact.subject.kind, fact.name) != nullptr);
            const auto* text = std::get_if<std::string>(&fact.value);
            fuzz::require(!text || text->size() <= wire::limits::max_text);
        }
    }
    return 0;
}
