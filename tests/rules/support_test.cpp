#include "rules/support.hpp"

#include "rules/load.hpp"
#include "rules/version_order.hpp"

#include <gtest/gtest.h>

namespace vg::rules {
namespace {

Day day(int y, unsigned m, unsigned d) {
    return std::chrono::sys_days(std::chrono::year(y) / std::chrono::month(m) / std::chrono::day(d));
}

const SupportTables& shipped() {
    static const auto rules = [] {
        Problems problems;
        auto loaded = load_rules(read_rule_files({VONGGAC_SOURCE_DIR "/rules/catalogue"}, problems), {}, problems);
        EXPECT_EQ(problems.text(), "");
        return loaded;
    }();
    return *rules->support;
}

SupportAnswer os(const char* id, const char* version, Day today, const char* name = "") {
    return shipped().look_up({.os = id, .vendor = {}, .hardware = {}, .version = version, .name = name}, today);
}

SupportAnswer device(const char* vendor, const char* hardware, const char* version) {
    return shipped().look_up({.os = {}, .vendor = vendor, .hardware = hardware, .version = version, .name = {}},
                             day(2026, 11, 22));
}

TEST(VersionOrder, ReadsVersionsOutOfTexts) {
    EXPECT_EQ(version_in("v7.2.10,build1706,240918 (GA.M)"), "7.2.10");
    EXPECT_EQ(version_in("CAT9K_IOSXE 16.6.7"), "16.6.7");
    EXPECT_EQ(version_in("5.170 (V200R009C00SPC500)"), "5.170");
    EXPECT_EQ(version_in("V5.5.0 build 170722"), "5.5.0");
    EXPECT_EQ(version_in("12"), "12");
    EXPECT_EQ(version_in("none"), "");
    EXPECT_EQ(build_in("V5.5.0 build 170722"), 170722);
    EXPECT_EQ(build_in("1.1.1 Build 20230219 rel.69802"), 20230219);
    EXPECT_EQ(build_in("1.1.1"), std::nullopt);
    EXPECT_EQ(build_in("build"), std::nullopt);
}

TEST(VersionOrder, OrdersAsVendorsDo) {
    for (const auto& [less, more] :
         std::initializer_list<std::pair<const char*, const char*>>{{"6.42", "6.42.1"},
                                                                    {"6.9", "6.10"},
                                                                    {"7.1rc3", "7.1"},
                                                                    {"7.1beta2", "7.1rc1"},
                                                                    {"17.9.4", "17.9.4a"},
                                                                    {"12.2(55)SE11", "12.2(55)SE12"},
                                                                    {"10.2.9", "10.2.9-h1"},
                                                                    {"10.2.9-h1", "10.2.12-h2"},
                                                                    {"12.3R11.2", "20.4R3-S9"},
                                                                    {"3.8.8.2", "3.9.8.3"},
                                                                    {"", "1"}}) {
        EXPECT_TRUE(compare_versions(less, more) < 0) << less << " < " << more;
        EXPECT_TRUE(compare_versions(more, less) > 0) << more << " > " << less;
    }
    EXPECT_TRUE(compare_versions("1.02", "1.2") == 0);
    EXPECT_TRUE(compare_versions("4.99999999999999999999999", "4.100000000000000000000000") < 0);
}

TEST(Support, EndsAfterItsLastDay) {
    const auto before = os("windows-10", "10.0.19045.6456", day(2025, 10, 14));
    EXPECT_EQ(before.supported, true);
    EXPECT_EQ(before.end, day(2025, 10, 14));
    EXPECT_EQ(os("windows-10", "10.0.19045.6456", day(2025, 10, 15)).supported, false);
    EXPECT_EQ(os("windows-10", "10.0.14393.447", day(2026, 11, 22), "Windows 10 Pro").end, day(2019, 4, 9));
    EXPECT_EQ(os("debian", "12", day(2026, 11, 22)).supported, true);
    EXPECT_EQ(os("debian", "11", day(2026, 11, 22)).supported, false);
    EXPECT_EQ(os("ubuntu", "24.04", day(2026, 11, 22)).supported, true);
    EXPECT_EQ(os("ubuntu", "16.10", day(2026, 11, 22)).supported, false);
}

TEST(Support, DependsOnTheEditionWhereItDoes) {
    const auto today = day(2026, 11, 22);
    EXPECT_EQ(os("windows-10", "10.0.17763.1", today, "Windows 10 Enterprise LTSC 2019").supported, true);
    EXPECT_EQ(os("windows-10", "10.0.17763.1", today, "Windows 10 Pro").supported, false);
    EXPECT_EQ(os("windows-11", "10.0.26100.1", today, "Windows 11 Enterprise").supported, true);
    EXPECT_EQ(os("windows-11", "10.0.26100.1", today, "Windows 11 Pro").supported, false);
    EXPECT_EQ(os("centos", "9", today, "CentOS Stream 9").supported, true);
}

TEST(Support, WhatTheTablesDoNotSayIsNotKnown) {
    EXPECT_EQ(os("temple-os", "5", day(2026, 11, 22)).supported, std::nullopt);
    EXPECT_EQ(os("debian", "99", day(2026, 11, 22)).supported, std::nullopt);
    EXPECT_EQ(os("debian", "", day(2026, 11, 22)).supported, std::nullopt);
    EXPECT_EQ(os("windows-11", "10.0.99999", day(2026, 11, 22)).supported, std::nullopt);
    EXPECT_EQ(os("macos", "26.1", day(2026, 11, 22)).supported, true);
    EXPECT_EQ(os("macos", "26.1", day(2029, 1, 1)).supported, std::nullopt) << "nobody looked for two years";
    const auto unheard = device("Acme", "Router 1", "1.0");
    EXPECT_EQ(unheard.supported, std::nullopt);
    EXPECT_EQ(unheard.vulnerable, std::nullopt);
}

TEST(Support, FirmwareInAVulnerableRange) {
    const auto old = device("MikroTik", "RB951G-2HnD", "6.40.5");
    EXPECT_EQ(old.vulnerable, true);
    EXPECT_EQ(old.supported, false);
    EXPECT_NE(old.advisories.find("CVE-2018-14847"), std::string::npos) << old.advisories;
    EXPECT_NE(old.advisories.find("CVE-2023-30799"), std::string::npos) << old.advisories;
    EXPECT_EQ(device("MikroTik", "RB750Gr3", "6.48.7 (long-term)").vulnerable, false);
    EXPECT_EQ(device("MikroTik", "RB750Gr3", "6.49.6").vulnerable, true);
    EXPECT_EQ(device("MikroTik", "RB750Gr3", "7.20.4 (stable)").vulnerable, false);
    EXPECT_EQ(device("MikroTik", "RB750Gr3", "").vulnerable, std::nullopt);
    EXPECT_EQ(device("DrayTek", "Vigor2962", "4.3.2.5").vulnerable, true);
    EXPECT_EQ(device("DrayTek", "Vigor2962", "4.3.2.9").vulnerable, false);
    EXPECT_EQ(device("DrayTek", "Vigor2962", "4.4.1").vulnerable, true);
    EXPECT_EQ(device("DrayTek", "Vigor9999", "1.0").vulnerable, std::nullopt) << "no line speaks of this model";
    EXPECT_EQ(device("Fortinet", "FortiGate 60F", "v7.2.10,build1706,240918 (GA.M)").vulnerable, false);
    EXPECT_EQ(device("Fortinet", "FortiGate 60F", "v7.0.6,build0366,220606 (GA.F)").advisories,
              "CVE-2024-21762, CVE-2023-27997, CVE-2022-40684");
    EXPECT_EQ(device("Hikvision", "DS-2CD2143", "V5.5.0 build 170722").vulnerable, true);
    EXPECT_EQ(device("Hikvision", "DS-2CD2143", "V5.7.1 build 211223").vulnerable, false);
    EXPECT_EQ(device("Hikvision", "DS-2CD2143", "V5.7.1").vulnerable, std::nullopt);
    EXPECT_EQ(device("Huawei", "HG532e", "").vulnerable, true) << "every version";
}

TEST(Support, EveryMistakeHasItsPlace) {
    Problems problems;
    std::vector<SupportProduct> out;
    read_support(R"(
- os: debian
  vendor: debian
  name: Debian
  checked: yesterday
  versions:
    - { version: "12", ends: 2028-06-30 }
- vendor: x
  name: X
  mark: maybe
  source: s
  checked: 2026-01-01
  vulnerable:
    - { from: "2.0", before: "1.0", advisory: a }
    - { before: new }
- os: y
  name: Y
  mark: V
  source: s
  checked: 2026-01-01
)",
                 "t.support.yaml", out, problems);
    EXPECT_TRUE(out.empty());
    for (const auto* expected :
         {"t.support.yaml:2:3: a product has either 'os'", "t.support.yaml:5:12: expected a date",
          "t.support.yaml:2:3: 'mark' is missing", "t.support.yaml:7:24: unknown key 'ends'; did you mean 'end'?",
          "t.support.yaml:10:9: a mark is V", "t.support.yaml:14:7: 'from' must be an older version",
          "t.support.yaml:15:7: 'advisory' is missing", "t.support.yaml:15:17: 'new' is no version",
          "t.support.yaml:16:3: the product has neither 'versions' nor 'vulnerable'"})
        EXPECT_NE(problems.text(Language::en).find(expected), std::string::npos) << expected << "\nin\n"
                                                                                 << problems.text(Language::en);
}

TEST(Support, ShippedTablesNameWhereTheyComeFrom) {
    EXPECT_GE(shipped().products().size(), 30U);
    for (const auto& product : shipped().products()) {
        EXPECT_FALSE(product.source.empty()) << product.name;
        EXPECT_GE(product.checked, day(2026, 1, 1)) << product.name;
    }
}

}  // namespace
}  // namespace vg::rules
