// Who a device is: the vendors' files, and what holds for everybody.
#include "probes/snmp/identity.hpp"

#include <gtest/gtest.h>

#include <set>

namespace vg::probes::snmp {
namespace {

TEST(SnmpVendors, EveryFileLoads) {
    std::set<std::uint32_t> seen;
    for (const auto& file : vendor_files()) {
        Problems problems;
        const auto vendor = read_vendor(file.text, std::string(file.file), problems);
        ASSERT_TRUE(vendor) << problems.text();
        for (const auto number : vendor->enterprises) {
            EXPECT_TRUE(seen.insert(number).second) << file.file << ": " << number << " is another vendor's, too";
            const auto* found = find_vendor(number);
            ASSERT_NE(found, nullptr) << file.file << ": " << number << " must stand on one line [..]";
            EXPECT_EQ(found->name, vendor->name);
        }
    }
    EXPECT_GE(vendor_files().size(), 100u);
}

TEST(SnmpVendors, MistakesHaveTheirPlace) {
    for (const auto* text :
         {"enterprises: [9]", "name: X", "name: X\nenterprises: [9]\nversion: [1.a]",
          "name: X\nenterprises: [9]\nversion: [{descr: '('}]",
          "name: X\nenterprises: [9]\nversion: [{entity: colour}]", "name: X\nenterprises: [9]\nversions: []",
          "name: X\nenterprises: [9]\nfamilies: [{version: []}]",
          "name: X\nenterprises: [9]\nversion: [{oid: .1, descr: a}]",
          "name: X\nenterprises: [9]\nversion: [{own: 1.3}]",
          "name: X\nenterprises: [9]\nversion: [{own: .1, oid: .1}]",
          "name: X\nenterprises: [9]\nversion: [{oid: .1, up: 1}]",
          "name: X\nenterprises: [9]\nversion: [{descr: a, row: .1}]"}) {
        Problems problems;
        EXPECT_FALSE(read_vendor(text, "x.yaml", problems)) << text;
        EXPECT_FALSE(problems.empty()) << text;
    }
}

TEST(SnmpIdentity, OfAVendorWithoutAFile) {
    Evidence e;
    e.object_id = Oid{1, 3, 6, 1, 4, 1, 4294967000u, 1};
    e.descr = "Brick, version 3.1";
    Part chassis;
    chassis.index = 1;
    chassis.cls = 3;
    chassis.serial = "AB12";
    chassis.model = "B-100";
    e.parts = {chassis};
    const auto who = identify(e);
    EXPECT_EQ(who.enterprise, 4294967000u);
    EXPECT_EQ(who.vendor, "");
    EXPECT_EQ(who.hardware, "B-100");
    EXPECT_EQ(who.version, "3.1");
    EXPECT_EQ(who.serial, "AB12");
}

Evidence of_nobody(std::string descr) {
    Evidence e;
    e.object_id = Oid{1, 3, 6, 1, 4, 1, 4294967000u, 1};
    e.descr = std::move(descr);
    return e;
}

TEST(SnmpIdentity, InventoryOfOtherStandards) {
    auto e = of_nobody("a phone");
    e.values = {{{1, 0, 8802, 1, 1, 2, 1, 5, 4795, 1, 2, 4, 0}, std::string("4.1.2")},
                {{1, 0, 8802, 1, 1, 2, 1, 5, 4795, 1, 2, 5, 0}, std::string("PH123456")},
                {{1, 0, 8802, 1, 1, 2, 1, 5, 4795, 1, 2, 7, 0}, std::string("PH-5")}};
    EXPECT_EQ(identify(e).version, "4.1.2");
    EXPECT_EQ(identify(e).serial, "PH123456");
    EXPECT_EQ(identify(e).hardware, "PH-5");
    e = of_nobody("a modem");
    e.values = {{{1, 3, 6, 1, 2, 1, 69, 1, 1, 4, 0}, std::string("CM123456")},
                {{1, 3, 6, 1, 2, 1, 69, 1, 3, 5, 0}, std::string("CM-1.2-SCM")}};
    EXPECT_EQ(identify(e).serial, "CM123456");
    EXPECT_EQ(identify(e).version, "CM-1.2-SCM");
}

TEST(SnmpIdentity, FillersAreNoAnswers) {
    auto e = of_nobody("");
    Part chassis, stick;
    chassis.cls = 3;
    chassis.serial = "N/A";
    chassis.model = "0x0002";
    stick.cls = 1;
    stick.within = 1;
    stick.serial = "usb_stick";
    e.parts = {chassis, stick};
    EXPECT_EQ(identify(e).serial, "");
    EXPECT_EQ(identify(e).hardware, "");
    e.values = {{{1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1}, std::string("Not Available")}};
    EXPECT_EQ(identify(e).serial, "");
    e.guessed.serial = "AB12345678";
    EXPECT_EQ(identify(e).serial, "AB12345678");
}

TEST(SnmpIdentity, AShortNumberInABannerYieldsToAVersionFound) {
    auto e = of_nobody("Brick Subsystem V1.0");
    e.guessed.version = "V1.50 2012";
    EXPECT_EQ(identify(e).version, "V1.50 2012");
    e.descr = "Brick, Software Version 4.2.1";
    EXPECT_EQ(identify(e).version, "4.2.1");
    e.descr = "Brick 2.50 Sep 23 2016";
    e.guessed.version = "2.50 Sep 23 2016";
    EXPECT_EQ(identify(e).version, "2.50");
    e.object_id = Oid{1, 3, 6, 1, 4, 1, 8072, 3, 2, 10};
    e.descr = "Linux brick 5.4.259 #0 Wed Aug 28 07:31:21 2024 mips";
    EXPECT_EQ(identify(e).version, "2.50 Sep 23 2016") << "a kernel is no firmware";
}

TEST(SnmpIdentity, TheVendorsObjectsGoFirst) {
    Evidence e;
    e.object_id = Oid{1, 3, 6, 1, 4, 1, 14988, 1};
    e.descr = "RouterOS RB2011iL";
    const auto asked = objects_to_ask(e);
    const Oid serial{1, 3, 6, 1, 4, 1, 14988, 1, 1, 7, 3, 0};
    EXPECT_NE(std::find(asked.begin(), asked.end(), serial), asked.end());
    e.values = {{serial, std::string(" 71B1060EE89D ")}};
    const auto who = identify(e);
    EXPECT_EQ(who.vendor, "MikroTik");
    EXPECT_EQ(who.hardware, "RB2011iL");
    EXPECT_EQ(who.serial, "71B1060EE89D");
}

TEST(SnmpIdentity, ObjectsUnderTheDevicesOwnObjectId) {
    Evidence e;
    e.object_id = Oid{1, 3, 6, 1, 4, 1, 5040, 1, 2, 99};
    const Oid type{1, 3, 6, 1, 4, 1, 5040, 1, 2, 99, 3, 3, 5, 0};
    const auto asked = objects_to_ask(e);
    EXPECT_NE(std::find(asked.begin(), asked.end(), type), asked.end());
    e.values = {{type, std::string("WEBGRAPH 99xTHERMO")}};
    EXPECT_EQ(identify(e).hardware, "WEBGRAPH 99xTHERMO");
    e.object_id.reset();
    EXPECT_EQ(identify(e).hardware, "");
}

TEST(SnmpIdentity, ObjectsBesideTheDevicesOwnObjectId) {
    Evidence e;
    e.object_id = Oid{1, 3, 6, 1, 4, 1, 259, 10, 1, 99, 101};  // the product line's stand under its parent
    e.values = {{{1, 3, 6, 1, 4, 1, 259, 10, 1, 99, 1, 1, 3, 1, 6, 1}, std::string("1.2.3.4")}};
    EXPECT_EQ(identify(e).version, "1.2.3.4");
    e.object_id = Oid{1, 3, 6, 1, 4, 1, 259};
    EXPECT_EQ(identify(e).version, "");
}

TEST(SnmpIdentity, TheRowThatAnotherObjectNames) {
    Evidence e;
    e.object_id = Oid{1, 3, 6, 1, 4, 1, 6527, 6, 1, 1, 2, 99};
    const Oid type{1, 3, 6, 1, 4, 1, 6527, 3, 1, 2, 2, 1, 3, 1, 4},
        name{1, 3, 6, 1, 4, 1, 6527, 3, 1, 2, 2, 1, 6, 1, 2};
    auto asked = objects_to_ask(e);
    EXPECT_NE(std::find(asked.begin(), asked.end(), type), asked.end());
    e.values = {{type + 1, std::uint64_t{23}}};
    asked = objects_to_ask(e);
    EXPECT_NE(std::find(asked.begin(), asked.end(), name + 23), asked.end());
    e.values.push_back({name + 22, std::string("Other")});
    e.values.push_back({name + 23, std::string("Router 8")});
    EXPECT_EQ(identify(e).hardware, "Router 8");
}

TEST(SnmpIdentity, APartWithThePattern) {
    Evidence e;
    e.object_id = Oid{1, 3, 6, 1, 4, 1, 207, 1};
    e.descr = "a switch";
    Part stack, unit;
    stack.cls = 11;
    stack.name = "x930 Stack";
    unit.cls = 5;
    unit.within = 1;
    unit.name = "AT-x930-28GSTX";
    e.parts = {stack, unit};
    EXPECT_EQ(identify(e).hardware, "AT-x930-28GSTX");
}

// Forms of sysDescr that firmware of different generations has, with made-up numbers.
TEST(SnmpIdentity, WhatDescriptionsOfVendorsSay) {
    struct Case {
        std::uint32_t enterprise;
        const char *descr, *hardware, *version, *serial;
    };
    constexpr Case all[] = {
        {9, "Cisco IOS Software [Fuji], C9999L Software (C9999L-UNIVERSALK9-M), Version 16.99.1, RELEASE SOFTWARE",
         "C9999L", "16.99.1", ""},
        {9, "Cisco NX-OS(tm) n9900, Software (n9900-uk9), Version 9.9(9)N1(1), RELEASE SOFTWARE", "n9900",
         "9.9(9)N1(1)", ""},
        {9, "Cisco Systems WS-C9906\nCisco Catalyst Operating System Software, Version 9.9(1)\n", "WS-C9906", "9.9(1)",
         ""},
        {9, "APIC VERSION 9.1(2h); PID APIC-SERVER-Z1; Serial ZZZ1234ABCD", "APIC-SERVER-Z1", "9.1(2h)", "ZZZ1234ABCD"},
        {9, "Linux 2.6.99, Cisco Small Business WAP999 (WAP999-E-K9), Version 9.0.6.5 Wed Oct 12 2016", "WAP999",
         "9.0.6.5", ""},
        {43, "3Com SuperStack 4 Switch 9900G-EI 24-Port Software Version 3Com OS V9.02.04s168",
         "SuperStack 4 Switch 9900G-EI 24-Port", "9.02.04s168", ""},
        {25506,
         "HP Series Router A-MSR99-40\nHP Comware Platform Software\nComware Software Version 9.20, Release 2299P15, "
         "Standard",
         "A-MSR99-40", "9.20, Release 2299P15", ""},
        {1991, "Brocade Communications Systems, Inc. ICX9910-48, IronWare Version 09.0.30T7f1 Compiled on",
         "ICX9910-48", "09.0.30T7f1", ""},
        {1588, "core, BR-VDX9940, Network Operating System Software Version 9.0.1b.", "BR-VDX9940", "9.0.1b", ""},
        {6527, "TiMOS-B-29.0.R3 both/hops Nokia SAS-Sx 99T 7210 Copyright (c) 2000-2029 Nokia.", "SAS-Sx 99T 7210",
         "29.0.R3", ""},
        {674, "Dell EMC Networking N9948EP-ON, 9.5.1.3, Linux 3.6.5", "Dell EMC Networking N9948EP-ON", "9.5.1.3", ""},
        {2011,
         "S9928C-EI\nHuawei Versatile Routing Platform Software\nVRP (R) software,Version 5.999 (S9900 V999R006C05)",
         "S9928C-EI", "V999R006C05", ""},
        {45, "ERS 9950GTS-PWR+  HW:10  FW:9.6.2.1  SW:v9.9.6.023 BN:23", "ERS 9950GTS-PWR+", "9.9.6.023", ""},
        {318,
         "APC Switched Rack PDU (MB:v9.7.0 PF:v9.7.1 PN:a.bin AF1:v9.7.3 AN1:b.bin MN:AP9999 HR:B2 SN: ZZ0000000001 "
         "MD:01/01/2001)",
         "AP9999", "9.7.1", "ZZ0000000001"},
        {8741, "SonicWALL TZ 999 wireless-AC (SonicOS Enhanced 9.2.4.2-20n)", "TZ 999", "9.2.4.2-20n", ""},
    };
    for (const auto& c : all) {
        Evidence e;
        e.object_id = Oid{1, 3, 6, 1, 4, 1, c.enterprise, 1};
        const Value descr = std::string(c.descr);
        e.descr = text(&descr, 1000);
        const auto who = identify(e);
        EXPECT_EQ(who.hardware, c.hardware) << c.descr;
        EXPECT_EQ(who.version, c.version) << c.descr;
        EXPECT_EQ(who.serial, c.serial) << c.descr;
    }
}

TEST(SnmpIdentity, BuiltOnNetSnmp) {
    Evidence e;
    e.object_id = Oid{1, 3, 6, 1, 4, 1, 8072, 3, 2, 10};
    e.descr = "Linux nas 3.2.40 #25426 armv7l";
    EXPECT_TRUE(needs_enterprises(e));
    EXPECT_EQ(identify(e).version, "3.2.40");
    e.enterprises = {2021, 2620, 8072};
    e.values = {{{1, 3, 6, 1, 4, 1, 2620, 1, 6, 4, 1, 0}, std::string("R80.30")}};
    const auto who = identify(e);
    EXPECT_EQ(who.enterprise, 8072u);
    EXPECT_EQ(who.vendor, "Check Point");
    EXPECT_EQ(who.version, "R80.30");
}

TEST(SnmpIdentity, NoUsableObjectId) {
    for (const auto& id : {Oid{}, Oid{0, 0}, Oid{1, 3, 6, 1, 4, 1}, Oid{1, 3, 9999, 1}}) {
        EXPECT_FALSE(enterprise_of(id));
        Evidence e;
        e.object_id = id;
        EXPECT_TRUE(needs_enterprises(e));
    }
}

}  // namespace
}  // namespace vg::probes::snmp
