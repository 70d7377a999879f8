#pragma once
// The tables of the standard MIBs: which columns are asked, and what their rows mean. Total functions of what came;
// rows that make no sense are left out. Pure; any thread.
//
// SNMPv2-MIB RFC 3418, IF-MIB RFC 2863, IP-MIB RFC 4293 (and the older tables of RFC 2465), ENTITY-MIB RFC 6933,
// LLDP-MIB IEEE 802.1AB, BRIDGE-MIB RFC 4188, Q-BRIDGE-MIB RFC 4363, Printer-MIB RFC 3805, UPS-MIB RFC 1628.

#include "probes/snmp/value.hpp"

namespace vg::probes::snmp {

struct TableId {
    Oid entry;
    std::vector<std::uint32_t> columns;
};

[[nodiscard]] const TableId& if_table();
[[nodiscard]] const TableId& if_x_table();
[[nodiscard]] const TableId& if_counters();  // of both: what moves
[[nodiscard]] const TableId& if_x_counters();

struct Interface {
    std::uint32_t index = 0;
    std::string name, descr, alias, mac;
    std::optional<std::int64_t> type, admin, oper;  // as in IF-MIB; oper 1 is up
    std::optional<std::uint64_t> speed_bps;
};
[[nodiscard]] std::vector<Interface> interfaces_of(const Rows& interfaces, const Rows& extensions);
[[nodiscard]] std::string_view admin_word(std::int64_t state);  // "up" "down" "testing"; "" when it is none
[[nodiscard]] std::string_view oper_word(std::int64_t state);

struct Counters {
    std::uint32_t index = 0;
    std::optional<std::uint64_t> rx, tx;  // bytes
    bool is_wide = false;                 // 64-bit counters
    std::uint64_t errors = 0;             // both directions
    std::optional<std::int64_t> oper;
};
[[nodiscard]] std::vector<Counters> counters_of(const Rows& interfaces, const Rows& extensions);

[[nodiscard]] const TableId& ip_addr_table();
[[nodiscard]] const TableId& ip_address_table();
[[nodiscard]] const TableId& ipv6_addr_table();
struct Address {
    std::string address;
    bool is_v6 = false;
    std::optional<int> prefix;
    std::uint32_t interface = 0;
};
[[nodiscard]] std::vector<Address> addresses_of(const Rows& ip_addr, const Rows& ip_address, const Rows& ipv6_addr);

[[nodiscard]] const TableId& net_to_media_table();
[[nodiscard]] const TableId& net_to_physical_table();
struct Resolution {
    std::string address, mac;
    std::uint32_t interface = 0;
};
[[nodiscard]] std::vector<Resolution> arp_of(const Rows& media, const Rows& physical);

[[nodiscard]] const TableId& entity_table();
struct Part {
    std::uint32_t index = 0, within = 0;
    std::int64_t cls = 0;  // entPhysicalClass; 3 is a chassis
    std::string descr, name, hardware, firmware, software, serial, model;
};
[[nodiscard]] std::vector<Part> parts_of(const Rows& rows);
[[nodiscard]] std::string_view class_word(std::int64_t cls);

[[nodiscard]] const TableId& lldp_remote_table();
[[nodiscard]] const TableId& lldp_local_table();
[[nodiscard]] const TableId& lldp_v2_remote_table();
[[nodiscard]] const TableId& cdp_cache_table();
struct Neighbour {
    std::uint32_t local = 0;  // LLDP: lldpRemLocalPortNum; LLDP v2 and CDP: ifIndex
    std::string protocol;     // "lldp", "cdp"
    std::string chassis, port, port_descr, name, platform;
    std::string local_name;  // as the device calls its own port
};
[[nodiscard]] std::vector<Neighbour> neighbours_of(const Rows& lldp, const Rows& local, const Rows& lldp_v2,
                                                   const Rows& cdp);

[[nodiscard]] const TableId& base_port_table();
[[nodiscard]] const TableId& fdb_table();
[[nodiscard]] const TableId& q_fdb_table();
[[nodiscard]] const TableId& vlan_static_table();
[[nodiscard]] const TableId& vlan_current_table();
[[nodiscard]] const TableId& vtp_vlan_table();
struct Station {
    std::string mac;
    std::uint32_t interface = 0, vlan = 0;  // vlan 0: not known
};
struct Vlan {
    std::uint32_t id = 0;
    std::string name;
};
[[nodiscard]] std::vector<Vlan> vlans_of(const Rows& fixed, const Rows& current, const Rows& vtp);
[[nodiscard]] std::vector<Station> stations_of(const Rows& base_port, const Rows& fdb, const Rows& q_fdb,
                                               const Rows& vlan_current);

[[nodiscard]] const TableId& supply_table();
struct Supply {
    std::uint32_t number = 0;
    std::string name;
    std::optional<int> percent;
};
[[nodiscard]] std::vector<Supply> supplies_of(const Rows& rows);

}  // namespace vg::probes::snmp
