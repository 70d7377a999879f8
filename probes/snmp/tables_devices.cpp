// ENTITY-MIB, LLDP and CDP, bridges and printers.
#include "probes/snmp/tables.hpp"

#include <algorithm>

namespace vg::probes::snmp {
namespace {

// LldpChassisIdSubtype and LldpPortIdSubtype: which of them are MAC and network addresses differs.
enum class Id { chassis, port };

std::string network_address(const std::string& bytes) {  // one octet of IANA address family, then the address
    std::vector<std::uint32_t> parts;
    for (const char c : bytes) parts.push_back(static_cast<unsigned char>(c));
    if (parts.size() == 5 && parts[0] == 1) return ipv4_text(std::span(parts).subspan(1));
    if (parts.size() == 17 && parts[0] == 2) return ipv6_text(std::span(parts).subspan(1));
    return {};
}

bool is_readable(const std::string& bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
}

std::string id_text(const Value* subtype, const Value* value, Id what) {
    const auto* bytes = octets(value);
    if (!bytes) return text(value);
    const auto kind = integer(subtype).value_or(0);
    const auto mac_kind = what == Id::chassis ? 4 : 3, network_kind = what == Id::chassis ? 5 : 4;
    if (kind == mac_kind)
        if (auto mac = mac_text(value); !mac.empty()) return mac;
    if (kind == network_kind)
        if (auto address = network_address(*bytes); !address.empty()) return address;
    if (bytes->size() == 6 && !is_readable(*bytes)) return mac_text(value);
    return text(value);
}

std::string local_name(const Rows& local, std::uint32_t port) {
    const auto found = local.find({port});
    if (found == local.end()) return {};
    auto name = id_text(cell(found->second, 2), cell(found->second, 3), Id::port);
    return name.empty() ? text(cell(found->second, 4)) : name;
}

Neighbour lldp_neighbour(const Row& row, std::uint32_t first) {
    Neighbour n;
    n.protocol = "lldp";
    n.chassis = id_text(cell(row, first), cell(row, first + 1), Id::chassis);
    n.port = id_text(cell(row, first + 2), cell(row, first + 3), Id::port);
    n.port_descr = text(cell(row, first + 4));
    n.name = text(cell(row, first + 5));
    n.platform = text(cell(row, first + 6));
    return n;
}

}  // namespace

const TableId& entity_table() {
    static const TableId id{{1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1}, {2, 4, 5, 7, 8, 9, 10, 11, 13}};
    return id;
}

std::vector<Part> parts_of(const Rows& rows) {
    std::vector<Part> all;
    for (const auto& [index, row] : rows) {
        if (index.size() != 1) continue;
        Part p;
        p.index = index[0];
        if (const auto n = number(cell(row, 4)); n && *n <= UINT32_MAX) p.within = static_cast<std::uint32_t>(*n);
        p.cls = integer(cell(row, 5)).value_or(0);
        p.descr = text(cell(row, 2));
        p.name = text(cell(row, 7));
        p.hardware = text(cell(row, 8));
        p.firmware = text(cell(row, 9));
        p.software = text(cell(row, 10));
        p.serial = text(cell(row, 11));
        p.model = text(cell(row, 13));
        all.push_back(std::move(p));
    }
    return all;
}

std::string_view class_word(std::int64_t cls) {
    constexpr std::string_view words[] = {
        "",       "other",  "unknown", "chassis", "backplane", "container", "power_supply", "fan",
        "sensor", "module", "port",    "stack",   "cpu",       "energy",    "battery",      "storage"};
    return cls >= 0 && cls < static_cast<std::int64_t>(std::size(words)) ? words[cls] : "";
}

const TableId& lldp_remote_table() {
    static const TableId id{{1, 0, 8802, 1, 1, 2, 1, 4, 1, 1}, {4, 5, 6, 7, 8, 9, 10}};
    return id;
}
const TableId& lldp_local_table() {
    static const TableId id{{1, 0, 8802, 1, 1, 2, 1, 3, 7, 1}, {2, 3, 4}};
    return id;
}
const TableId& lldp_v2_remote_table() {
    static const TableId id{{1, 3, 111, 2, 802, 1, 1, 13, 1, 4, 1, 1}, {5, 6, 7, 8, 9, 10, 11}};
    return id;
}
const TableId& cdp_cache_table() {
    static const TableId id{{1, 3, 6, 1, 4, 1, 9, 9, 23, 1, 2, 1, 1}, {6, 7, 8}};
    return id;
}

std::vector<Neighbour> neighbours_of(const Rows& lldp, const Rows& local, const Rows& lldp_v2, const Rows& cdp) {
    std::vector<Neighbour> all;
    for (const auto& [index, row] : lldp) {  // lldpRemTimeMark, lldpRemLocalPortNum, lldpRemIndex
        if (index.size() < 2) continue;
        auto n = lldp_neighbour(row, 4);
        n.local = index.size() == 2 ? index[0] : index[1];
        n.local_name = local_name(local, n.local);
        if (!n.chassis.empty() || !n.port.empty() || !n.name.empty()) all.push_back(std::move(n));
    }
    for (const auto& [index, row] : lldp_v2) {  // time mark, ifIndex, destination, index
        if (!lldp.empty() || index.size() < 3) continue;
        auto n = lldp_neighbour(row, 5);
        n.local = index[1];
        if (!n.chassis.empty() || !n.port.empty() || !n.name.empty()) all.push_back(std::move(n));
    }
    for (const auto& [index, row] : cdp) {
        if (index.empty()) continue;
        Neighbour n;
        n.protocol = "cdp";
        n.local = index[0];
        n.chassis = n.name = text(cell(row, 6));
        n.port = text(cell(row, 7));
        n.platform = text(cell(row, 8));
        if (!n.name.empty() || !n.port.empty()) all.push_back(std::move(n));
    }
    return all;
}

const TableId& base_port_table() {
    static const TableId id{{1, 3, 6, 1, 2, 1, 17, 1, 4, 1}, {2}};
    return id;
}
const TableId& fdb_table() {
    static const TableId id{{1, 3, 6, 1, 2, 1, 17, 4, 3, 1}, {2, 3}};
    return id;
}
const TableId& q_fdb_table() {
    static const TableId id{{1, 3, 6, 1, 2, 1, 17, 7, 1, 2, 2, 1}, {2, 3}};
    return id;
}
const TableId& vlan_static_table() {
    static const TableId id{{1, 3, 6, 1, 2, 1, 17, 7, 1, 4, 3, 1}, {1, 2, 5}};
    return id;
}
const TableId& vlan_current_table() {
    static const TableId id{{1, 3, 6, 1, 2, 1, 17, 7, 1, 4, 2, 1}, {3, 4}};
    return id;
}
const TableId& vtp_vlan_table() {
    static const TableId id{{1, 3, 6, 1, 4, 1, 9, 9, 46, 1, 3, 1, 1}, {2, 4}};
    return id;
}

std::vector<Vlan> vlans_of(const Rows& fixed, const Rows& current, const Rows& vtp) {
    std::map<std::uint32_t, std::string> all;
    const auto add = [&all](std::uint32_t id, std::string name) {
        if (id < 1 || id > 4094) return;
        const auto at = all.emplace(id, name).first;
        if (at->second.empty()) at->second = std::move(name);
    };
    for (const auto& [index, row] : fixed)
        if (index.size() == 1) add(index[0], text(cell(row, 1), 64));
    for (const auto& [index, row] : vtp)  // management domain, VLAN
        if (index.size() == 2) add(index[1], text(cell(row, 4), 64));
    for (const auto& [index, row] : current)  // time mark, VLAN
        if (index.size() == 2) add(index[1], {});
    std::vector<Vlan> list;
    list.reserve(all.size());
    for (auto& [id, name] : all) list.push_back({id, std::move(name)});
    return list;
}

std::vector<Station> stations_of(const Rows& base_port, const Rows& fdb, const Rows& q_fdb, const Rows& vlan_current) {
    std::map<std::uint64_t, std::uint32_t> interface_of, vlan_of;
    for (const auto& [index, row] : base_port)
        if (const auto n = number(cell(row, 2)); index.size() == 1 && n && *n <= UINT32_MAX)
            interface_of[index[0]] = static_cast<std::uint32_t>(*n);
    for (const auto& [index, row] : vlan_current)
        if (const auto n = number(cell(row, 3)); index.size() == 2 && n) vlan_of[*n] = index[1];
    std::map<std::string, Station> all;
    const auto add = [&](std::span<const std::uint32_t> mac, const Row& row, std::uint32_t vlan) {
        const auto port = number(cell(row, 2));
        const auto status = integer(cell(row, 3)).value_or(3);
        if (!port || *port == 0 || *port > UINT32_MAX || status != 3) return;  // learned, not the device's own
        Station s{mac_text(mac), 0, vlan};
        const auto found = interface_of.find(*port);
        s.interface = found == interface_of.end() ? static_cast<std::uint32_t>(*port) : found->second;
        if (!s.mac.empty()) all.emplace(s.mac, s);
    };
    for (const auto& [index, row] : q_fdb) {  // filtering database, MAC
        if (index.size() != 7) continue;
        const auto found = vlan_of.find(index[0]);
        const auto vlan = found != vlan_of.end() ? found->second : vlan_of.empty() && index[0] <= 4094 ? index[0] : 0;
        add(std::span(index).subspan(1), row, vlan);
    }
    for (const auto& [index, row] : fdb) add(index, row, 0);
    std::vector<Station> list;
    list.reserve(all.size());
    for (auto& [key, s] : all) list.push_back(std::move(s));
    return list;
}

const TableId& supply_table() {
    static const TableId id{{1, 3, 6, 1, 2, 1, 43, 11, 1, 1}, {6, 8, 9}};
    return id;
}

std::vector<Supply> supplies_of(const Rows& rows) {
    std::vector<Supply> all;
    for (const auto& [index, row] : rows) {  // hrDeviceIndex, number
        if (index.size() != 2) continue;
        Supply s;
        s.number = index[1];
        s.name = text(cell(row, 6), 100);
        const auto most = integer(cell(row, 8)), level = integer(cell(row, 9));
        // Below zero: unlimited, not known, or -3: something is left.
        if (most && level && *most > 0 && *level >= 0)
            s.percent =
                static_cast<int>(std::min<std::int64_t>(100, *level > INT64_MAX / 100 ? 100 : *level * 100 / *most));
        if (!s.name.empty() || s.percent) all.push_back(std::move(s));
    }
    return all;
}

}  // namespace vg::probes::snmp
