// IF-MIB and the addresses of IP-MIB.
#include "probes/snmp/tables.hpp"

#include <algorithm>
#include <bit>
#include <set>

namespace vg::probes::snmp {
namespace {

constexpr std::uint32_t descr = 2, type = 3, speed = 5, physical = 6, admin = 7, oper = 8, in_octets = 10,
                        in_errors = 14, out_octets = 16, out_errors = 20;
constexpr std::uint32_t x_name = 1, x_in = 6, x_out = 10, x_speed = 15, x_alias = 18;

constexpr std::int64_t broadcast = 3;  // ipAddressType

const Row nothing;

const Row& row_at(const Rows& rows, const Oid& index) {
    const auto row = rows.find(index);
    return row == rows.end() ? nothing : row->second;
}

std::set<Oid> indices_of(const Rows& interfaces, const Rows& extensions) {
    std::set<Oid> all;
    for (const auto* rows : {&interfaces, &extensions}) {
        if (!all.empty()) break;  // ifTable says which rows there are; some have only the extension
        for (const auto& [index, row] : *rows)
            if (index.size() == 1) all.insert(index);
    }
    return all;
}

std::optional<std::uint64_t> speed_of(const Row& row, const Row& extension) {
    const auto plain = number(cell(row, speed));
    const auto mega = number(cell(extension, x_speed));
    const bool is_at_its_limit = plain && *plain >= 0xfffffffeu;
    if (plain && *plain > 0 && !is_at_its_limit) return plain;
    if (mega && *mega > 0 && *mega < 100'000'000) return *mega * 1'000'000;
    return plain;
}

std::optional<int> prefix_of(const Value* mask) {
    const auto* bytes = octets(mask);
    if (!bytes || bytes->size() != 4) return std::nullopt;
    std::uint32_t bits = 0;
    for (const char c : *bytes) bits = bits << 8 | static_cast<unsigned char>(c);
    const int length = std::countl_one(bits);
    const bool is_whole = length == 32 || (bits << length) == 0;
    return is_whole ? std::optional(length) : std::nullopt;
}

// InetAddressType and InetAddress of an index, from `at`: type, length, octets. Some leave the length out.
std::optional<Address> address_at(const Oid& index, std::size_t at) {
    if (index.size() < at + 5) return std::nullopt;
    const auto kind = index[at];
    const std::size_t size = kind == 1 || kind == 3 ? 4 : kind == 2 || kind == 4 ? 16 : 0;
    if (size == 0) return std::nullopt;
    const bool has_length = index[at + 1] == size || index[at + 1] == size + 4;  // with a zone
    const auto from = at + (has_length ? 2 : 1);
    if (index.size() < from + size) return std::nullopt;
    const std::span parts(index.data() + from, size);
    Address a;
    a.is_v6 = size == 16;
    a.address = a.is_v6 ? ipv6_text(parts) : ipv4_text(parts);
    return a.address.empty() ? std::nullopt : std::optional(a);
}

std::uint32_t index_of(const Value* value) {
    const auto n = number(value);
    return n && *n <= UINT32_MAX ? static_cast<std::uint32_t>(*n) : 0;
}

}  // namespace

const TableId& if_table() {
    static const TableId id{{1, 3, 6, 1, 2, 1, 2, 2, 1}, {1, descr, type, speed, physical, admin, oper, in_octets}};
    return id;
}
const TableId& if_x_table() {
    static const TableId id{{1, 3, 6, 1, 2, 1, 31, 1, 1, 1}, {x_name, x_in, x_speed, x_alias}};
    return id;
}
const TableId& if_counters() {
    static const TableId id{{1, 3, 6, 1, 2, 1, 2, 2, 1}, {oper, in_octets, in_errors, out_octets, out_errors}};
    return id;
}
const TableId& if_x_counters() {
    static const TableId id{{1, 3, 6, 1, 2, 1, 31, 1, 1, 1}, {x_in, x_out}};
    return id;
}

std::vector<Interface> interfaces_of(const Rows& interfaces, const Rows& extensions) {
    std::vector<Interface> all;
    for (const auto& index : indices_of(interfaces, extensions)) {
        const auto& row = row_at(interfaces, index);
        const auto& extension = row_at(extensions, index);
        Interface i;
        i.index = index[0];
        i.descr = text(cell(row, descr));
        i.name = text(cell(extension, x_name), 64);
        i.alias = text(cell(extension, x_alias), 64);
        i.mac = mac_text(cell(row, physical));
        i.type = integer(cell(row, type));
        i.admin = integer(cell(row, admin));
        i.oper = integer(cell(row, oper));
        i.speed_bps = speed_of(row, extension);
        all.push_back(std::move(i));
    }
    return all;
}

std::string_view admin_word(std::int64_t state) {
    switch (state) {
        case 1: return "up";
        case 2: return "down";
        case 3: return "testing";
        default: return "";
    }
}

std::string_view oper_word(std::int64_t state) {
    switch (state) {
        case 4: return "unknown";
        case 5: return "dormant";
        case 6: return "not_present";
        case 7: return "lower_layer_down";
        default: return admin_word(state);
    }
}

std::vector<Counters> counters_of(const Rows& interfaces, const Rows& extensions) {
    std::vector<Counters> all;
    for (const auto& index : indices_of(interfaces, extensions)) {
        const auto& row = row_at(interfaces, index);
        const auto& extension = row_at(extensions, index);
        Counters c;
        c.index = index[0];
        c.rx = number(cell(extension, x_in));
        c.tx = number(cell(extension, x_out));
        c.is_wide = c.rx && c.tx;
        if (!c.is_wide) {
            c.rx = number(cell(row, in_octets));
            c.tx = number(cell(row, out_octets));
        }
        c.errors = number(cell(row, in_errors)).value_or(0) + number(cell(row, out_errors)).value_or(0);
        c.oper = integer(cell(row, oper));
        all.push_back(c);
    }
    return all;
}

const TableId& ip_addr_table() {
    static const TableId id{{1, 3, 6, 1, 2, 1, 4, 20, 1}, {2, 3}};
    return id;
}
const TableId& ip_address_table() {
    static const TableId id{{1, 3, 6, 1, 2, 1, 4, 34, 1}, {3, 4, 5}};
    return id;
}
const TableId& ipv6_addr_table() {
    static const TableId id{{1, 3, 6, 1, 2, 1, 55, 1, 8, 1}, {2}};
    return id;
}

std::vector<Address> addresses_of(const Rows& ip_addr, const Rows& ip_address, const Rows& ipv6_addr) {
    std::map<std::string, Address> all;
    for (const auto& [index, row] : ip_addr) {
        Address a;
        a.address = ipv4_text(index);
        a.interface = index_of(cell(row, 2));
        a.prefix = prefix_of(cell(row, 3));
        if (!a.address.empty()) all.emplace(a.address, a);
    }
    for (const auto& [index, row] : ip_address) {
        auto a = address_at(index, 0);
        if (!a || integer(cell(row, 4)) == broadcast) continue;
        a->interface = index_of(cell(row, 3));
        const auto* prefix = cell(row, 5) ? std::get_if<Oid>(cell(row, 5)) : nullptr;  // points to ipAddressPrefixTable
        if (prefix && prefix->size() > 5 && prefix->back() <= (a->is_v6 ? 128u : 32u))
            a->prefix = static_cast<int>(prefix->back());
        all.emplace(a->address, *a);
    }
    for (const auto& [index, row] : ipv6_addr) {
        if (index.size() != 17) continue;
        Address a;
        a.is_v6 = true;
        a.interface = index[0];
        a.address = ipv6_text(std::span(index).subspan(1));
        if (const auto n = number(cell(row, 2)); n && *n <= 128) a.prefix = static_cast<int>(*n);
        if (!a.address.empty()) all.emplace(a.address, a);
    }
    std::vector<Address> list;
    list.reserve(all.size());
    for (auto& [key, a] : all) list.push_back(std::move(a));
    return list;
}

const TableId& net_to_media_table() {
    static const TableId id{{1, 3, 6, 1, 2, 1, 4, 22, 1}, {2}};
    return id;
}
const TableId& net_to_physical_table() {
    static const TableId id{{1, 3, 6, 1, 2, 1, 4, 35, 1}, {4}};
    return id;
}

std::vector<Resolution> arp_of(const Rows& media, const Rows& physical_rows) {
    std::map<std::string, Resolution> all;
    for (const auto& [index, row] : media) {
        if (index.size() != 5) continue;
        Resolution b{ipv4_text(std::span(index).subspan(1)), mac_text(cell(row, 2)), index[0]};
        if (!b.address.empty() && !b.mac.empty()) all.emplace(b.address, b);
    }
    for (const auto& [index, row] : physical_rows) {
        const auto a = address_at(index, 1);
        if (!a) continue;
        Resolution b{a->address, mac_text(cell(row, 4)), index[0]};
        if (!b.mac.empty()) all.emplace(b.address, b);
    }
    std::vector<Resolution> list;
    list.reserve(all.size());
    for (auto& [key, b] : all) list.push_back(std::move(b));
    return list;
}

}  // namespace vg::probes::snmp
