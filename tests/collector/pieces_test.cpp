// The pure pieces of the pipeline.
#include "collector/derive.hpp"
#include "collector/fact_ledger.hpp"
#include "collector/presence.hpp"
#include "collector/store/seq_set.hpp"
#include "tests/collector/instants.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace {

using namespace vg;
using namespace vg::collector;
using namespace vg::collector::test;

TEST(SeqSet, IsASetHoweverTheNumbersCome) {
    std::mt19937 random(5);
    SeqSet set;
    std::set<std::uint64_t> truth;
    for (int i = 0; i < 5'000; ++i) {
        const std::uint64_t seq = 1 + random() % 3'000;
        EXPECT_EQ(set.add(seq), truth.insert(seq).second);
    }
    for (std::uint64_t seq = 1; seq <= 3'001; ++seq) ASSERT_EQ(set.has(seq), truth.contains(seq));
    const auto read = SeqSet::decode(set.encode());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->ranges(), set.ranges());
    std::size_t missing = 0;
    for (const auto& range : set.missing(3'001, 100'000)) missing += range.last - range.first + 1;
    EXPECT_EQ(missing, 3'000 - truth.size());
    EXPECT_FALSE(SeqSet::decode(Bytes{0x80}));
}

TEST(Presence, FibreIsSilentAfterThreeHeartbeatsAndASecond) {
    Presence presence;
    EXPECT_TRUE(presence.heard("a", at(0), Profile::fibre));
    EXPECT_FALSE(presence.heard("a", at(3'000), Profile::fibre));
    EXPECT_TRUE(presence.silent(at(12'999)).empty());
    EXPECT_EQ(presence.silent(at(13'000)), std::vector<std::string>{"a"});
    EXPECT_TRUE(presence.silent(at(99'000)).empty());
    EXPECT_TRUE(presence.heard("a", at(99'000), Profile::fibre));
}

TEST(Presence, ALongerHeartbeatIsWaitedFor) {
    Presence presence;
    presence.heard("a", at(0), Profile::fibre, Millis{10'000});
    EXPECT_TRUE(presence.silent(at(30'999)).empty());
    EXPECT_EQ(presence.silent(at(31'000)).size(), 1u);
}

TEST(Presence, MeteredIsSilentAfterWhatItAnnounced) {
    Presence presence;
    presence.heard("a", at(0), Profile::metered, Millis{300'000});
    EXPECT_TRUE(presence.silent(at(329'999)).empty());
    EXPECT_EQ(presence.silent(at(330'000)).size(), 1u);
}

TEST(Presence, AGoodbyeCountsAtOnceAndOnlyOnce) {
    Presence presence;
    presence.heard("a", at(0), Profile::fibre);
    EXPECT_TRUE(presence.gone("a"));
    EXPECT_FALSE(presence.gone("a"));
    EXPECT_TRUE(presence.silent(at(99'000)).empty());
}

FactNews up(std::int64_t t, bool value) {
    return {.subject = {wire::SubjectKind::uplink, "HA01/fibre"},
            .name = "up",
            .value = value,
            .at = at(t),
            .error_ms = 0,
            .agent = "a"};
}

TEST(FactLedger, WritesChangesAndNowAndThenAConfirmation) {
    FactLedger ledger;
    EXPECT_EQ(ledger.weigh(up(0, true), at(0)).size(), 1u);
    EXPECT_TRUE(ledger.weigh(up(60'000, true), at(60'000)).empty());
    const auto confirmed = ledger.weigh(up(150'000, true), at(150'000));  // a quarter of ten minutes
    ASSERT_EQ(confirmed.size(), 1u);
    EXPECT_EQ(confirmed[0].at, at(0));
    EXPECT_EQ(confirmed[0].confirmed, at(150'000));
    EXPECT_EQ(ledger.weigh(up(160'000, false), at(160'000)).size(), 1u);
    const auto late = ledger.weigh(up(155'000, false), at(170'000));
    ASSERT_EQ(late.size(), 1u);
    EXPECT_EQ(late[0].at, at(155'000));
}

TEST(FactLedger, WhatLiesInTheMiddleOfAnotherValueEndsWhereThatWasToldAgain) {
    FactLedger ledger;
    (void)ledger.weigh(up(0, true), at(0));
    (void)ledger.weigh(up(500'000, true), at(500'000));
    EXPECT_TRUE(ledger.weigh(up(400'000, true), at(510'000)).empty());
    const auto late = ledger.weigh(up(200'000, false), at(510'000));
    ASSERT_EQ(late.size(), 2u);
    EXPECT_EQ(late[0].value, wire::FactValue{false});
    EXPECT_EQ(late[0].at, at(200'000));
    EXPECT_EQ(late[1].value, wire::FactValue{true});
    EXPECT_EQ(late[1].at, at(500'000));
    ASSERT_EQ(ledger.weigh(up(300'000, true), at(510'000)).size(), 1u) << "it was up again before";
    ledger.rollback();
    EXPECT_EQ(ledger.find({wire::SubjectKind::uplink, "HA01/fibre"}, "up"), nullptr);
}

TEST(FactLedger, AHoleInTheKnowledgeBeginsANewRow) {
    FactLedger ledger;
    (void)ledger.weigh(up(0, true), at(0));
    const auto later = ledger.weigh(up(3'600'000, true), at(3'600'000));
    ASSERT_EQ(later.size(), 1u);
    EXPECT_EQ(later[0].at, at(3'600'000));
}

TEST(FactLedger, AFailedCommitIsForgotten) {
    FactLedger ledger;
    (void)ledger.weigh(up(0, true), at(0));
    ledger.keep();
    (void)ledger.weigh(up(1'000, false), at(1'000));
    ledger.rollback();
    EXPECT_EQ(ledger.weigh(up(1'000, false), at(1'000)).size(), 1u);
}

TEST(WaitingFacts, TakeNoMoreRoomForWhatIsOnlyMeasured) {
    WaitingFacts waiting;
    StoredFact spool;
    spool.subject = {wire::SubjectKind::agent, "a1"};
    spool.name = "spool_bytes";
    StoredFact heard = spool;
    heard.name = "heard";
    for (std::int64_t i = 0; i < 1'000; ++i) {
        spool.value = i;
        heard.value = i % 2 == 0;
        spool.at = heard.at = at(i * 300'000);
        waiting.add(spool);
        if (i < 10) waiting.add(heard);
    }
    EXPECT_EQ(waiting.size(), 11u);
    std::vector<StoredFact> out;
    waiting.append_to(out);
    ASSERT_EQ(out.size(), 11u);
    EXPECT_EQ(out.back().value, wire::FactValue{std::int64_t{999}});
}

TEST(Availability, IsAnIntervalWhereNobodyKnew) {
    const auto fact = [](std::int64_t t, std::int64_t confirmed, bool value) {
        StoredFact f;
        f.value = value;
        f.at = at(t);
        f.confirmed = at(confirmed);
        return f;
    };
    // Up for 40, down for 10, not known for 50 of 100.
    const auto share = availability({fact(0, 30, true), fact(40, 40, false)}, Millis{10}, at(0), at(100));
    ASSERT_TRUE(share);
    EXPECT_DOUBLE_EQ(share->low, 40);
    EXPECT_DOUBLE_EQ(share->high, 90);
    EXPECT_FALSE(availability({}, Millis{10}, at(0), at(100)));
}

TEST(HopMeans, IsTheMeanOfTheLastQuarterOfAnHour) {
    HopMeans means;
    means.add("HA01", SeriesRole::hop_latency, at(0), 1000);
    for (int i = 0; i < 10; ++i) means.add("HA01", SeriesRole::hop_latency, at(1'000'000 + i * 30'000), 10 + i);
    const auto changed = means.take_changed();
    ASSERT_EQ(changed.size(), 1u);
    EXPECT_DOUBLE_EQ(changed[0].value, 14.5);
    EXPECT_TRUE(means.take_changed().empty());
}

TEST(MonthStart, IsLocal) {
    const Time new_year_in_vietnam{std::chrono::sys_days(std::chrono::year(2026) / 12 / 31) + std::chrono::hours(18)};
    EXPECT_EQ(to_iso(month_start(new_year_in_vietnam)), "2026-12-31T17:00:00.000Z");
}

TEST(Derive, offices_work_on_weekdays_but_for_noon) {
    const auto at = [](int day, int hour, int minute) {  // of November 2026, as clocks in Vietnam show it
        return Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / day)) + std::chrono::hours(hour - 7) +
               std::chrono::minutes(minute);
    };
    EXPECT_FALSE(is_working_time(at(23, 7, 29)));  // a Monday
    EXPECT_TRUE(is_working_time(at(23, 7, 30)));
    EXPECT_FALSE(is_working_time(at(23, 11, 30)));
    EXPECT_FALSE(is_working_time(at(23, 13, 0)));
    EXPECT_TRUE(is_working_time(at(27, 16, 59)));
    EXPECT_FALSE(is_working_time(at(27, 17, 0)));
    EXPECT_FALSE(is_working_time(at(28, 9, 0)));
    EXPECT_FALSE(is_working_time(at(29, 9, 0)));
}

}  // namespace
