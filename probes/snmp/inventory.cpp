#include "probes/snmp/inventory.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace vg::probes::snmp {
namespace {

namespace json = boost::json;

const Oid sys_descr{1, 3, 6, 1, 2, 1, 1, 1, 0}, sys_object_id{1, 3, 6, 1, 2, 1, 1, 2, 0},
    sys_up_time{1, 3, 6, 1, 2, 1, 1, 3, 0}, sys_name{1, 3, 6, 1, 2, 1, 1, 5, 0},
    sys_location{1, 3, 6, 1, 2, 1, 1, 6, 0}, snmp_engine_id{1, 3, 6, 1, 6, 3, 10, 2, 1, 1, 0};
// UPS-MIB; and PowerNet-MIB, which many units speak alone.
const Oid charge{1, 3, 6, 1, 2, 1, 33, 1, 2, 4, 0}, source{1, 3, 6, 1, 2, 1, 33, 1, 4, 1, 0},
    power_net_charge{1, 3, 6, 1, 4, 1, 318, 1, 1, 1, 2, 2, 1, 0},
    power_net_state{1, 3, 6, 1, 4, 1, 318, 1, 1, 1, 4, 1, 1, 0};

const Value* value_at(const std::vector<Binding>& values, const Oid& oid) {
    const auto found = std::find_if(values.begin(), values.end(), [&](const Binding& b) { return b.oid == oid; });
    return found == values.end() ? nullptr : &found->value;
}

class Visit {
public:
    Visit(Session& session, Until deadline, Look* look) : session_(session), reader_(session, deadline), look_(look) {}

    boost::asio::awaitable<Result<Inventory>> run(Depth depth) {
        auto system = co_await read_system(session_, reader_);
        if (!system) co_return system.error();
        seen_.system = std::move(*system);
        co_await read_interfaces();
        co_await read_parts_and_identity();
        co_await read_neighbours();
        co_await read_addresses();
        co_await read_vlans();
        if (depth == Depth::all) co_await read_slow_tables();
        co_return std::move(seen_);
    }

private:
    boost::asio::awaitable<Table> table(const TableId& id) { return reader_.table(id.entry, id.columns); }

    boost::asio::awaitable<void> read_interfaces() {
        const auto rows = co_await table(if_table());
        const auto extensions = co_await table(if_x_table());
        seen_.interfaces = {interfaces_of(rows.rows, extensions.rows), rows.is_whole && extensions.is_whole};
    }

    boost::asio::awaitable<void> read_parts_and_identity() {
        const auto parts = co_await table(entity_table());
        seen_.parts = {parts_of(parts.rows), parts.is_whole};
        Evidence known;
        known.object_id = seen_.system.object_id;
        known.descr = seen_.system.descr;
        known.name = seen_.system.name;
        known.parts = seen_.parts.items;
        std::vector<Oid> of_ups{charge, source, power_net_charge, power_net_state};
        const auto evidence = co_await read_evidence(reader_, std::move(known), std::move(of_ups), look_);
        seen_.ups = ups_of(evidence.values);
        seen_.identity = identify(evidence);
    }

    boost::asio::awaitable<void> read_neighbours() {
        const auto lldp = co_await table(lldp_remote_table());
        Table local, lldp_v2;
        if (!lldp.rows.empty())
            local = co_await table(lldp_local_table());
        else
            lldp_v2 = co_await table(lldp_v2_remote_table());
        const auto cdp = co_await table(cdp_cache_table());
        seen_.neighbours = {neighbours_of(lldp.rows, local.rows, lldp_v2.rows, cdp.rows),
                            lldp.is_whole && lldp_v2.is_whole && cdp.is_whole};
    }

    boost::asio::awaitable<void> read_addresses() {
        const auto old = co_await table(ip_addr_table());
        const auto fresh = co_await table(ip_address_table());
        const auto v6 = co_await table(ipv6_addr_table());
        seen_.addresses = {addresses_of(old.rows, fresh.rows, v6.rows), old.is_whole && fresh.is_whole && v6.is_whole};
    }

    boost::asio::awaitable<void> read_vlans() {
        const auto fixed = co_await table(vlan_static_table());
        vlan_current_ = co_await table(vlan_current_table());
        const auto vtp = co_await table(vtp_vlan_table());
        seen_.vlans = {vlans_of(fixed.rows, vlan_current_.rows, vtp.rows),
                       fixed.is_whole && vlan_current_.is_whole && vtp.is_whole};
    }

    boost::asio::awaitable<void> read_slow_tables() {
        const auto media = co_await table(net_to_media_table());
        const auto physical = co_await table(net_to_physical_table());
        seen_.arp = {arp_of(media.rows, physical.rows), media.is_whole && physical.is_whole};
        const auto ports = co_await table(base_port_table());
        const auto fdb = co_await table(fdb_table());
        const auto q_fdb = co_await table(q_fdb_table());
        seen_.stations = {stations_of(ports.rows, fdb.rows, q_fdb.rows, vlan_current_.rows),
                          ports.is_whole && fdb.is_whole && q_fdb.is_whole && vlan_current_.is_whole};
        const auto supplies = co_await table(supply_table());
        seen_.supplies = {supplies_of(supplies.rows), supplies.is_whole};
    }

    Session& session_;
    Reader reader_;
    Look* look_;
    Inventory seen_;
    Table vlan_current_;
};

json::value text_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::value word_or_null(std::string_view word) {
    return word.empty() ? json::value(nullptr) : json::value(json::string(word));
}

template <class T>
json::value number_or_null(const std::optional<T>& number) {
    return number ? json::value(*number) : json::value(nullptr);
}

json::object json_of(const Interface& i) {
    return {{"index", i.index},
            {"name", text_or_null(i.name)},
            {"descr", text_or_null(i.descr)},
            {"type", number_or_null(i.type)},
            {"speed_bps", number_or_null(i.speed_bps)},
            {"mac", text_or_null(i.mac)},
            {"admin", word_or_null(admin_word(i.admin.value_or(0)))},
            {"oper", word_or_null(oper_word(i.oper.value_or(0)))}};
}

json::object json_of(const Neighbour& n) {
    return {{"local_index", n.local},
            {"protocol", n.protocol},
            {"chassis", text_or_null(n.chassis)},
            {"port", text_or_null(n.port)},
            {"name", text_or_null(n.name)}};
}

json::object json_of(const Address& a) {
    return {{"address", a.address}, {"prefix", number_or_null(a.prefix)}, {"index", a.interface}};
}

}  // namespace

System system_of(const std::vector<Binding>& values) {
    System s;
    if (const auto* id = value_at(values, sys_object_id); id && std::holds_alternative<Oid>(*id))
        s.object_id = std::get<Oid>(*id);
    s.descr = text(value_at(values, sys_descr), 1000);
    s.name = text(value_at(values, sys_name));
    s.location = text(value_at(values, sys_location));
    s.ticks = number(value_at(values, sys_up_time)).value_or(0);
    if (const auto* engine = octets(value_at(values, snmp_engine_id)); engine && engine->size() <= 32)
        s.engine_id = *engine;
    return s;
}

Ups ups_of(const std::vector<Binding>& values) {
    Ups ups;
    const auto percent = [&](const Oid& oid) -> std::optional<int> {
        const auto n = number(value_at(values, oid));
        return n && *n <= 100 ? std::optional(static_cast<int>(*n)) : std::nullopt;
    };
    ups.charge_percent = percent(charge);
    if (!ups.charge_percent) ups.charge_percent = percent(power_net_charge);
    if (const auto n = number(value_at(values, source)); n && *n >= 2)
        ups.on_battery = *n == 5;
    else if (const auto state = number(value_at(values, power_net_state)); state && *state >= 2)
        ups.on_battery = *state == 3;
    return ups;
}

boost::asio::awaitable<Result<System>> read_system(Session& session, Reader& reader) {
    std::vector<Oid> oids{sys_descr, sys_object_id, sys_up_time, sys_name, sys_location, snmp_engine_id};
    auto values = co_await reader.values(std::move(oids));
    if (!values) co_return values.error();
    auto system = system_of(*values);
    if (system.engine_id.empty()) system.engine_id = session.engine_id();
    co_return system;
}

boost::asio::awaitable<Result<Inventory>> read_inventory(Session& session, Until deadline, Depth depth, Look* look) {
    Visit visit(session, deadline, look);
    co_return co_await visit.run(depth);
}

std::string to_json(const Inventory& seen) {
    json::array interfaces, ipv4, ipv6, neighbours, vlans;
    for (const auto& i : seen.interfaces.items) interfaces.push_back(json_of(i));
    for (const auto& a : seen.addresses.items) (a.is_v6 ? ipv6 : ipv4).push_back(json_of(a));
    for (const auto& n : seen.neighbours.items) neighbours.push_back(json_of(n));
    for (const auto& v : seen.vlans.items) vlans.push_back(v.id);
    const auto& object = seen.system.object_id;
    return json::serialize(json::object{{"sys_object_id", text_or_null(object ? to_text(*object) : "")},
                                        {"enterprise", number_or_null(seen.identity.enterprise)},
                                        {"vendor", text_or_null(seen.identity.vendor)},
                                        {"hardware", text_or_null(seen.identity.hardware)},
                                        {"version", text_or_null(seen.identity.version)},
                                        {"serial", text_or_null(seen.identity.serial)},
                                        {"name", text_or_null(seen.system.name)},
                                        {"location", text_or_null(seen.system.location)},
                                        {"interfaces", std::move(interfaces)},
                                        {"ipv4", std::move(ipv4)},
                                        {"ipv6", std::move(ipv6)},
                                        {"neighbours", std::move(neighbours)},
                                        {"vlans", std::move(vlans)},
                                        {"entities", seen.parts.items.size()}});
}

}  // namespace vg::probes::snmp
