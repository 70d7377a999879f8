// Rows of the standard tables, as devices give them.
#include "probes/snmp/tables.hpp"

#include <gtest/gtest.h>

namespace vg::probes::snmp {
namespace {

using namespace std::string_literals;

Value text_value(std::string text) { return text; }

TEST(SnmpValue, TextIsCleanedForPeople) {
    const Value dirty = "  Switch\r\n\x01 v1\0rest"s,
                latin =
                    "Xa H\xf2"
                    "a An"s,
                bad = "\xed\xa0\x80"s;
    EXPECT_EQ(text(&dirty), "Switch  ? v1");
    EXPECT_EQ(text(&latin), "Xa Hòa An");
    EXPECT_EQ(text(&bad).find('\xed'), std::string::npos) << "a surrogate is no UTF-8";
    const Value long_one = std::string(99, 'a') + "ệ";
    EXPECT_EQ(text(&long_one, 100).size(), 99u) << "no half characters";
}

TEST(SnmpValue, MacAddressesInTheirWritings) {
    for (const auto& said :
         {"\x00\x1b\x21\x63\x9c\x84"s, "0:1b:21:63:9c:84"s, "00-1B-21-63-9C-84"s, "001b.2163.9c84"s, "001B21639C84"s}) {
        const Value v = said;
        EXPECT_EQ(mac_text(&v), "00:1b:21:63:9c:84") << said;
    }
    for (const auto& said : {""s, "00:1b:21"s, "00:1b:21:63:9c:8g"s, "0123456789abcdef"s}) {
        const Value v = said;
        EXPECT_EQ(mac_text(&v), "") << said;
    }
}

TEST(SnmpTables, InterfacesWithoutIndexColumn) {
    Rows plain, wide;
    plain[{3}][2] = text_value("GigabitEthernet0/3\0"s);
    plain[{3}][5] = std::uint64_t{0xffffffff};
    plain[{3}][8] = std::int64_t{1};
    plain[{4}][2] = std::int64_t{9};  // a name that is a number
    plain[{4, 1}][2] = text_value("no port");
    wide[{3}][1] = text_value("Gi0/3");
    wide[{3}][15] = std::uint64_t{10'000};
    wide[{77}][1] = text_value("not in ifTable");
    const auto all = interfaces_of(plain, wide);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].name, "Gi0/3");
    EXPECT_EQ(all[0].descr, "GigabitEthernet0/3");
    EXPECT_EQ(all[0].speed_bps, 10'000'000'000u);
    EXPECT_EQ(all[1].descr, "9");
    EXPECT_EQ(interfaces_of({}, wide).size(), 2u) << "some have only the extension";
}

TEST(SnmpTables, Addresses) {
    Rows old, fresh;
    old[{10, 1, 0, 1}][2] = std::int64_t{3};
    old[{10, 1, 0, 1}][3] = text_value("\xff\xff\xff\x00"s);
    old[{10, 1, 0, 300}][2] = std::int64_t{3};  // no address
    Oid v6{2, 16, 0xfe, 0x80};
    v6.resize(17, 0);
    v6.push_back(1);
    fresh[v6][3] = std::int64_t{7};
    fresh[{1, 4, 10, 1}][3] = std::int64_t{7};  // cut short
    const auto all = addresses_of(old, fresh, {});
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].address, "10.1.0.1");
    EXPECT_EQ(all[0].prefix, 24);
    EXPECT_EQ(all[1].address, "fe80::1");
    EXPECT_EQ(all[1].interface, 7u);
}

TEST(SnmpTables, NeighboursByLldpAndCdp) {
    Rows lldp, local, cdp;
    auto& row = lldp[{900, 5, 1}];
    row[4] = std::int64_t{4};
    row[5] = text_value("\x00\x80\x9f\x85\x78\x8e"s);
    row[6] = std::int64_t{5};
    row[7] = text_value("Gi1/0/1");
    row[9] = text_value("core");
    local[{5}][2] = std::int64_t{5};
    local[{5}][3] = text_value("e5");
    cdp[{10101, 1}][6] = text_value("SEP001122");
    cdp[{10101, 1}][7] = text_value("Port 1");
    const auto all = neighbours_of(lldp, local, {}, cdp);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].chassis, "00:80:9f:85:78:8e");
    EXPECT_EQ(all[0].port, "Gi1/0/1");
    EXPECT_EQ(all[0].local, 5u);
    EXPECT_EQ(all[0].local_name, "e5");
    EXPECT_EQ(all[1].protocol, "cdp");
    EXPECT_EQ(all[1].local, 10101u);
}

TEST(SnmpTables, StationsByBridgePortAndVlan) {
    Rows ports, learned, current;
    ports[{2}][2] = std::int64_t{10002};
    current[{0, 20}][3] = std::uint64_t{7};  // filtering database 7 is VLAN 20
    learned[{7, 0, 1, 2, 3, 4, 5}][2] = std::int64_t{2};
    learned[{7, 0, 1, 2, 3, 4, 5}][3] = std::int64_t{3};
    learned[{7, 0, 1, 2, 3, 4, 6}][2] = std::int64_t{2};
    learned[{7, 0, 1, 2, 3, 4, 6}][3] = std::int64_t{4};  // the switch's own
    learned[{7, 0, 1, 2, 3, 4, 999}][2] = std::int64_t{2};
    const auto all = stations_of(ports, {}, learned, current);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].mac, "00:01:02:03:04:05");
    EXPECT_EQ(all[0].interface, 10002u);
    EXPECT_EQ(all[0].vlan, 20u);
}

TEST(SnmpTables, SuppliesWithUnknownLevels) {
    Rows rows;
    rows[{1, 1}] = {{6, text_value("Black")}, {8, std::int64_t{2000}}, {9, std::int64_t{500}}};
    rows[{1, 2}] = {{6, text_value("Waste")}, {8, std::int64_t{-2}}, {9, std::int64_t{-3}}};
    const auto all = supplies_of(rows);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].percent, 25);
    EXPECT_FALSE(all[1].percent);
}

}  // namespace
}  // namespace vg::probes::snmp
