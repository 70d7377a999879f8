#include "agent/backoff.hpp"
#include "agent/byte_budget.hpp"
#include "agent/fact_gate.hpp"
#include "agent/profile.hpp"
#include "agent/send_window.hpp"
#include "agent/talk.hpp"

#include <gmock/gmock.h>

namespace vg::agent {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Mono at(std::int64_t ms) { return Mono{Millis{ms}}; }

wire::Observation active(const std::string& kind, const std::string& name) {
    wire::Observation observation;
    observation.facts = {{{wire::SubjectKind::site, ""}, "active_uplink", kind},
                         {{wire::SubjectKind::site, ""}, "active_uplink_name", name}};
    return observation;
}

TEST(Backoff, DoublesWithJitterUpToItsLimit) {
    Backoff backoff(Millis{1000}, Millis{4000});
    EXPECT_EQ(backoff.next(0), Millis{500});
    EXPECT_EQ(backoff.next(1000), Millis{2000});
    EXPECT_EQ(backoff.next(2000), Millis{4000});
    EXPECT_EQ(backoff.next(0), Millis{2000});
    backoff.reset();
    EXPECT_LE(backoff.next(12345), Millis{1000});
}

TEST(LineWatch, TheFirstLineOfItsClassIsNoChange) {
    LineWatch watch;
    EXPECT_EQ(watch.note(active("fibre", "fibre")), LineWatch::Change::none);
    EXPECT_EQ(watch.note(active("fibre", "fibre")), LineWatch::Change::none);
    EXPECT_EQ(watch.note(active("xdsl", "backup")), LineWatch::Change::line);
    EXPECT_EQ(watch.note(active("3g", "mobile")), LineWatch::Change::profile);
    EXPECT_EQ(watch.line_class(), LineClass::metered);
    EXPECT_EQ(watch.note(active("fibre", "fibre")), LineWatch::Change::profile);
}

TEST(LineWatch, NotKnowingKeepsWhatWas) {
    LineWatch watch;
    (void)watch.note(active("3g", "mobile"));
    wire::Observation unknown;
    unknown.facts = {{{wire::SubjectKind::site, ""}, "active_uplink", std::monostate{}}};
    EXPECT_EQ(watch.note(unknown), LineWatch::Change::none);
    EXPECT_EQ(watch.note(active("none", "")), LineWatch::Change::line);
    EXPECT_EQ(watch.line_class(), LineClass::metered);
}

TEST(LineWatch, AModemsInterfaceIsMeteredThoughUnknown) {
    EXPECT_EQ(class_of_line("unknown", "wwan0"), LineClass::metered);
    EXPECT_EQ(class_of_line("unknown", "eth0"), LineClass::fibre);
    EXPECT_EQ(class_of_line("satellite", "x"), LineClass::metered);
}

TEST(ByteCount, TheDayIsVietNams) {
    ByteCount count;
    const Time evening = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + std::chrono::hours{16};
    count.add(100, evening);  // 23:00 in Ha Noi
    EXPECT_EQ(count.today(evening + minutes{59}), 100U);
    EXPECT_EQ(count.today(evening + minutes{61}), 0U);
    ByteCount other;
    other.restore(count.text());
    EXPECT_EQ(other.today(evening), 100U);
    other.restore("nonsense");
    EXPECT_EQ(other.today(evening), 100U);
    EXPECT_TRUE(count.is_used_up(100, evening));
    EXPECT_FALSE(count.is_used_up(0, evening));
}

wire::Observation with_fact(std::string name, wire::FactValue value, Mono when,
                            wire::SubjectKind kind = wire::SubjectKind::agent) {
    wire::Observation observation;
    observation.at = when;
    observation.facts = {{{kind, ""}, std::move(name), std::move(value)}};
    return observation;
}

TEST(FactGate, AStateThatChangedGoesAtOnceARepetitionWaits) {
    FactGate gate;
    EXPECT_THAT(gate.pass(with_fact("internet", true, at(0))), SizeIs(1));
    EXPECT_THAT(gate.pass(with_fact("internet", true, at(30'000))), IsEmpty());
    EXPECT_THAT(gate.pass(with_fact("internet", false, at(60'000))), SizeIs(1));
    EXPECT_THAT(gate.pass(with_fact("internet", std::monostate{}, at(90'000))), SizeIs(1));
}

TEST(FactGate, ARepetitionGoesBeforeTheFactRunsOut) {
    FactGate gate;  // `internet` is fresh for 15 minutes
    (void)gate.pass(with_fact("internet", true, at(0)));
    (void)gate.pass(with_fact("internet", true, at(300'000)));
    EXPECT_THAT(gate.take_waiting(at(300'000), minutes{5}), IsEmpty());
    (void)gate.pass(with_fact("internet", true, at(600'000)));
    const auto due = gate.take_waiting(at(600'000), minutes{5});
    ASSERT_THAT(due, SizeIs(1));
    EXPECT_EQ(due[0].at, at(600'000));
    EXPECT_THAT(gate.take_waiting(at(600'000), minutes{5}), IsEmpty());
}

TEST(FactGate, ANumberIsNewsSeldomAndOnlyTheLatest) {
    FactGate gate;
    EXPECT_THAT(gate.pass(with_fact("cpu_percent", 1.0, at(0))), SizeIs(1));
    EXPECT_THAT(gate.pass(with_fact("cpu_percent", 2.0, at(30'000))), IsEmpty());
    EXPECT_THAT(gate.take_waiting(at(60'000), seconds{30}), IsEmpty());
    EXPECT_THAT(gate.pass(with_fact("cpu_percent", 3.0, at(330'000))), IsEmpty());
    const auto due = gate.take_waiting(at(330'000), seconds{30});
    ASSERT_THAT(due, SizeIs(1));
    EXPECT_EQ(std::get<double>(due[0].fact.value), 3.0);
}

TEST(FactGate, EntriesOfListsAreNotItsBusiness) {
    FactGate gate;
    EXPECT_THAT(gate.pass(with_fact("software/bash", std::string("5"), at(0), wire::SubjectKind::device)), IsEmpty());
}

TEST(FactGate, WhatIsForgottenIsNewsAgain) {
    FactGate gate;
    (void)gate.pass(with_fact("internet", true, at(0)));
    gate.forget();
    EXPECT_THAT(gate.pass(with_fact("internet", true, at(1))), SizeIs(1));
}

TEST(FactGate, InventedDevicesDoNotFillIt) {
    FactGate gate(100);
    wire::Observation observation;
    for (int i = 0; i < 1000; ++i) {
        observation.at = at(i);
        observation.facts = {{{wire::SubjectKind::device, "mac:" + std::to_string(i)}, "seen", true}};
        EXPECT_THAT(gate.pass(observation), SizeIs(1));
    }
    EXPECT_THAT(gate.pass(observation), IsEmpty()) << "the latest is known";
    observation.facts[0].subject.key = "mac:0";
    EXPECT_THAT(gate.pass(observation), SizeIs(1)) << "the longest untold is not";
}

TEST(FactGate, AFactThatNoTableHasIsGatedAllTheSame) {
    FactGate gate;
    EXPECT_THAT(gate.pass(with_fact("no such fact", true, at(0))), SizeIs(1));
    EXPECT_THAT(gate.pass(with_fact("no such fact", true, at(1))), IsEmpty());
    EXPECT_THAT(gate.pass(with_fact("no such fact either", true, at(1))), SizeIs(1));
}

TEST(FactGate, ANumberThatCameBackIsOnlyARepetition) {
    FactGate gate;  // `cpu_percent` is fresh for 15 minutes
    (void)gate.pass(with_fact("cpu_percent", 1.0, at(0)));
    (void)gate.pass(with_fact("cpu_percent", 2.0, at(30'000)));
    (void)gate.pass(with_fact("cpu_percent", 1.0, at(330'000)));
    EXPECT_THAT(gate.take_waiting(at(330'000), seconds{30}), IsEmpty());
    const auto due = gate.take_waiting(at(800'000), seconds{30});
    ASSERT_THAT(due, SizeIs(1));
    EXPECT_EQ(std::get<double>(due[0].fact.value), 1.0);
    EXPECT_EQ(due[0].at, at(330'000));
}

TEST(SendWindow, PrefersEventsThenFactsThenLiveThenBacklog) {
    SendWindow window(10, {});
    const std::array lanes = {Lane::events, Lane::facts, Lane::live, Lane::backlog};
    for (const auto lane : lanes) {
        const auto want = window.next(20, true, true);
        ASSERT_TRUE(want);
        EXPECT_EQ(want->lane, lane);
        window.note_exhausted(lane, 20);
    }
    EXPECT_FALSE(window.next(20, true, true));
    const auto want = window.next(21, true, true);  // something new
    ASSERT_TRUE(want);
    EXPECT_EQ(want->lane, Lane::events);
}

TEST(SendWindow, NeverHoldsMoreInFlightThanItsLimits) {
    SendWindow window(100, {4, 1000, 2});
    for (const auto lane : {Lane::events, Lane::facts, Lane::live}) window.note_exhausted(lane, 200);
    auto want = window.next(200, true, true);
    ASSERT_TRUE(want);
    EXPECT_EQ(want->lane, Lane::backlog);
    EXPECT_EQ(want->most, 2U);
    window.note_sent(Lane::backlog, 1, 10);
    window.note_sent(Lane::backlog, 2, 10);
    EXPECT_FALSE(window.next(200, true, true));
    window.note_done(1);
    want = window.next(200, true, true);
    ASSERT_TRUE(want);
    EXPECT_EQ(want->first, 3U);
    window.note_sent(Lane::events, 150, 5000);  // too many bytes
    EXPECT_FALSE(window.next(300, true, true));
    window.note_done(150);
    window.note_done(150);
    EXPECT_EQ(window.in_flight(), 1U);
}

TEST(SendWindow, ARefusedBatchIsReadAgain) {
    SendWindow window(1, {});
    window.note_sent(Lane::events, 5, 10);
    window.note_exhausted(Lane::events, 6);
    window.send_again(5);
    const auto want = window.next(6, true, true);
    ASSERT_TRUE(want);
    EXPECT_EQ(want->first, 5U);
}

TEST(Talk, BeatsAtItsPaceAndGivesUpWithoutAnswer) {
    Talk talk(LineClass::fibre, {seconds{3}, seconds{30}, 0}, at(0));
    EXPECT_TRUE(talk.heartbeat_due(at(0)));
    talk.note_heartbeat(at(0));
    EXPECT_EQ(talk.next(), at(3000));
    EXPECT_FALSE(talk.is_dead(at(8'999)));
    EXPECT_TRUE(talk.is_dead(at(9'000)));
    talk.note_heard();
    EXPECT_FALSE(talk.is_dead(at(60'000)));
    EXPECT_EQ(talk.promise(), seconds{3});
}

TEST(Talk, OnAMeteredLineBatchesAreEnough) {
    Talk talk(LineClass::metered, {Millis{0}, minutes{5}, 0}, at(0));
    talk.note_heartbeat(at(0));
    EXPECT_EQ(talk.promise(), minutes{10});
    talk.note_sent(at(300'000), true);
    EXPECT_FALSE(talk.heartbeat_due(at(600'000)));
    EXPECT_TRUE(talk.heartbeat_due(at(300'000 + 525'000)));  // nothing at all was said: before the promise runs out
}

TEST(Talk, AfterTheLineChangedOnlyALaterAnswerCounts) {
    Talk talk(LineClass::fibre, {seconds{3}, seconds{30}, 0}, at(0));
    talk.suspect(at(1000));
    EXPECT_TRUE(talk.heartbeat_due(at(1001)));
    talk.note_heard();
    talk.note_pulse(at(900));
    EXPECT_TRUE(talk.is_dead(at(2200)));
    talk.note_pulse(at(1001));
    EXPECT_FALSE(talk.is_dead(at(2200)));
}

}  // namespace
}  // namespace vg::agent
