// What texts of devices look like, and what sysDescr of any vendor says.
#include "probes/snmp/banner.hpp"
#include "probes/snmp/shapes.hpp"

#include <gtest/gtest.h>

namespace vg::probes::snmp {
namespace {

TEST(SnmpBanner, Versions) {
    const std::pair<const char*, const char*> all[] = {
        {"Acme IP Box, Software Version 4.2.1(3)b, built today", "4.2.1(3)b"},
        {"Acme Gateway V1.2.3", "1.2.3"},
        {"firmware: v7.4.4.24", "7.4.4.24"},
        {"Product: Brick; Vers: 2.1.7; Build: 2021-03-04 11:12:13", "2.1.7"},
        {"Brick, HW: Version 3, FW: Version V04.02.00", "V04.02.00"},
        {"Brick, Hardware Version 2.0, Software Version V210R240", "V210R240"},
        {"Brick 24-Port, 1.8.0.510, Linux 3.6.5-1b505fb7", "1.8.0.510"},
        {"Brick, PL.1.9, eCos-3.0", "PL.1.9"},
        {"Brick version BR62.YS.N636 kernel 3.0.0", "BR62.YS.N636"},
        {"BrickOS 4.02.C.1.0-1 (boot 1.0.1)", "4.02.C.1.0-1"},
        {"Linux brick 5.4.0-1-amd64 #1 SMP Tue Mar 12 11:58:56 UTC 2019 x86_64", ""},
        {"a brick of 12.03.2019", ""},
        {"a box of bricks", ""},
        {"", ""},
    };
    for (const auto& [descr, version] : all) EXPECT_EQ(version_in(descr), version) << descr;
}

TEST(SnmpBanner, KernelsOfComputers) {
    EXPECT_EQ(kernel_in("Linux brick 5.4.0-1-amd64 #1 SMP x86_64"), "5.4.0-1-amd64");
    EXPECT_EQ(kernel_in("FreeBSD brick.vn 9.2-RELEASE FreeBSD 9.2-RELEASE #0"), "9.2-RELEASE");
    EXPECT_EQ(kernel_in("Brick, Linux 3.6.5"), "");
}

TEST(SnmpBanner, Models) {
    const std::pair<const char*, const char*> all[] = {
        {"ACME IGS-10020MT Managed Switch", "IGS-10020MT"},
        {"BR-2024PWR", "BR-2024PWR"},
        {"Brick 360 2.12.540 STD", "Brick 360"},
        {"AcmeOS (MODEL: OAB-6000), Version 6.3.1.23 (56687)", "OAB-6000"},
        {"<<VENDOR: Acme; SW_REV: 2.6; MODEL: SB5101E>>", "SB5101E"},
        {"Prod: Integra-E;Vers: 3.17.10", "Integra-E"},
        {"Acme, SIMPLE NET, BRICK XC206-2SFP, HW: Version 3", "XC206-2SFP"},
        {"Linux brick 5.4.0 #1", ""},
        {"", ""},
    };
    for (const auto& [descr, model] : all) EXPECT_EQ(hardware_in(descr), model) << descr;
}

TEST(SnmpBanner, Serials) {
    EXPECT_EQ(serial_in("Brick Card v5.53 (SN 11200071820065)"), "11200071820065");
    EXPECT_EQ(serial_in("Prod: Brick;S/N: 382920100006"), "382920100006");
    EXPECT_EQ(serial_in("SN:Outlet Metered"), "");
    EXPECT_EQ(serial_in("a snow brick"), "");
}

TEST(SnmpShapes, Fillers) {
    for (const auto* text : {"", "-", "N/A", "n/a", "None", "unknown", "Not Available", "not specified", "0", "(null)",
                             "To be filled by O.E.M.", "Unavailable", "default string", "..."})
        EXPECT_TRUE(is_filler(text)) << text;
    for (const auto* text : {"01", "1.0", "Nonesuch 12", "AB12", "Not-A-Brick 5", "000000000000"})
        EXPECT_FALSE(is_filler(text)) << text;
}

TEST(SnmpShapes, Versions) {
    for (const auto* text : {"1.2.3", "V2.40(AAHN.0)", "v7.0.1,build0022,220323 (Interim)", "Rev 2.44d", "R80.20.1"})
        EXPECT_EQ(version_likeness(text), Likeness::strong) << text;
    for (const auto* text : {"2.1", "10.12", "7.1f"}) EXPECT_EQ(version_likeness(text), Likeness::faint) << text;
    for (const auto* text :
         {"192.168.1.1", "49.982Hz", "2023-01-31", "00:11:22:33:44:55", "AB123456", "1.3.6.1.4.1.9", ""})
        EXPECT_EQ(version_likeness(text), Likeness::none) << text;
}

TEST(SnmpShapes, Serials) {
    for (const auto* text : {"AB12345678", "S110Z47000583", "2Q1L200001"})
        EXPECT_EQ(serial_likeness(text), Likeness::strong) << text;
    for (const auto* text : {"20230131", "001122334455667", "00-11-22-33-44-55", "ab12345678", "AB12", "11111111",
                             "0000001234", "878643-B21", "311480471431471"})
        EXPECT_NE(serial_likeness(text), Likeness::strong) << text;
}

}  // namespace
}  // namespace vg::probes::snmp
