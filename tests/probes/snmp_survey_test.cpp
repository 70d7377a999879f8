// Looking around under the number of a vendor that no file knows.
#include "probes/snmp/identity.hpp"
#include "probes/snmp/survey.hpp"

#include <gtest/gtest.h>

namespace vg::probes::snmp {
namespace {

constexpr std::uint32_t nobody = 4294967000u;

Binding said(std::vector<std::uint32_t> below, std::string text) {
    Oid oid{1, 3, 6, 1, 4, 1, nobody};
    oid.insert(oid.end(), below.begin(), below.end());
    return {oid, std::move(text)};
}

TEST(SnmpSurvey, ModelVersionAndSerialSideBySide) {
    const auto seen = guess({said({1, 1, 0}, "Brick-500"), said({1, 2, 0}, "N/A"), said({1, 3, 0}, "BK12345678"),
                             said({1, 4, 0}, "3.2.1"), said({2, 1, 0}, "Hanoi 1")},
                            "Brick", "gate");
    EXPECT_EQ(seen.hardware, "Brick-500");
    EXPECT_EQ(seen.serial, "BK12345678");
    EXPECT_EQ(seen.version, "3.2.1");
}

TEST(SnmpSurvey, VersionsWithoutTheWordsAround) {
    EXPECT_EQ(guess({said({1, 1, 0}, "Brick Version 7.1f")}, "", "").version, "7.1f");
    EXPECT_EQ(guess({said({1, 1, 0}, "V2.40(AAHN.0) | 11/14/2017")}, "", "").version, "V2.40(AAHN.0)");
}

TEST(SnmpSurvey, WhatItsNeighboursMakeLikely) {
    EXPECT_EQ(guess({said({1, 1, 0}, "Brick 9"), said({1, 2, 0}, "2.1")}, "Brick 9", "").version, "2.1");
    EXPECT_EQ(guess({said({1, 2, 0}, "2.1")}, "", "").version, "") << "may be a voltage";
}

TEST(SnmpSurvey, AModelWhereTheBannerIsMute) {
    EXPECT_EQ(guess({said({1, 1, 0}, "BR-6KL")}, "Power agent", "").hardware, "BR-6KL");
    EXPECT_EQ(guess({said({1, 1, 0}, "BR-6KL")}, "Brick 500", "").hardware, "");
    EXPECT_EQ(guess({said({1, 1, 0}, "Slot 4"), said({1, 2, 0}, "12.5V")}, "Power agent", "").hardware, "");
}

TEST(SnmpSurvey, RowsOfTablesAreNotTheDevice) {
    const auto seen = guess({said({1, 1, 2, 1}, "AB12345671"), said({1, 1, 2, 2}, "AB12345672"),
                             said({1, 1, 3, 1}, "1.0.1"), said({1, 1, 3, 2}, "1.0.2")},
                            "", "");
    EXPECT_EQ(seen.serial, "");
    EXPECT_EQ(seen.version, "");
}

TEST(SnmpSurvey, NeitherAddressesNorDatesNorNames) {
    const auto seen = guess({said({1, 1, 0}, "00:11:22:33:44:55"), said({1, 2, 0}, "2023-01-31"),
                             said({1, 3, 0}, "192.168.1.100"), said({1, 4, 0}, "GATE1234567")},
                            "", "GATE1234567");
    EXPECT_EQ(seen.serial, "");
    EXPECT_EQ(seen.version, "");
}

TEST(SnmpSurvey, LeavesALongColumn) {
    std::vector<Binding> found{said({1, 1, 2, 1}, "a"), said({1, 1, 2, 2}, "b"), said({1, 1, 2, 3}, "c")};
    EXPECT_TRUE(behind_column(found).empty());
    found.push_back(said({1, 1, 2, 4}, "d"));
    EXPECT_EQ(behind_column(found), said({1, 1, 3}, "").oid);
    EXPECT_TRUE(
        behind_column({said({1, 1, 0}, ""), said({1, 2, 0}, ""), said({1, 3, 0}, ""), said({1, 4, 0}, "")}).empty());
    EXPECT_TRUE(behind_column({}).empty());
}

TEST(SnmpSurvey, OnlyWhereSomethingIsOpen) {
    Evidence e;
    e.object_id = Oid{1, 3, 6, 1, 4, 1, nobody, 1};
    e.enterprises = {2021, 8072, nobody};
    EXPECT_EQ(enterprises_to_survey(e), std::vector<std::uint32_t>{nobody});
    e.object_id = Oid{1, 3, 6, 1, 4, 1, 14988, 1};
    e.enterprises = {};
    e.descr = "RouterOS RB2011iL";
    e.values = {{{1, 3, 6, 1, 4, 1, 14988, 1, 1, 7, 3, 0}, std::string("71B1060EE89D")},
                {{1, 3, 6, 1, 4, 1, 14988, 1, 1, 4, 4, 0}, std::string("6.40.5")}};
    EXPECT_TRUE(enterprises_to_survey(e).empty());
}

}  // namespace
}  // namespace vg::probes::snmp
