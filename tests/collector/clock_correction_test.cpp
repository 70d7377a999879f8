#include "collector/clock_correction.hpp"
#include "tests/collector/instants.hpp"

#include <gtest/gtest.h>

namespace {

using namespace vg;
using namespace vg::collector;
using namespace vg::collector::test;

constexpr std::int64_t now_ms = noon;
constexpr std::int64_t hour = 3'600'000;

wire::BootInfo boot(std::string id, std::int64_t device_zero, std::int64_t last) {
    wire::BootInfo out;
    out.boot_id = std::move(id);
    out.device_wall_at_zero_ms = device_zero;
    out.last_mono_ms = last;
    return out;
}

Witness witness(std::int64_t device_error = 0) {
    const Offset offset{now_ms - hour, 50};  // the present boot began an hour ago
    return {.boot_id = "now",
            .offset = offset,
            .device_wall_at_zero_ms = offset.at_zero_ms + device_error,
            .not_before = at(now_ms - 1000 * hour),
            .now = at(now_ms)};
}

// The truth must lie within the bound.
void expect_holds(const Offset& offset, std::int64_t truth) {
    EXPECT_LE(std::abs(offset.at_zero_ms - truth), offset.error_ms);
}

TEST(SessionClock, TakesTheFastestFrameAndTellsItsBound) {
    SessionClock clock(Millis{100});
    clock.observe(at(now_ms + 80), 1'000);
    clock.observe(at(now_ms + 1'000 + 20), 2'000);   // the best: 20 ms under way
    clock.observe(at(now_ms + 2'000 + 900), 3'000);  // queued for long
    expect_holds(clock.offset(), now_ms - 1'000);
    EXPECT_LE(clock.offset().error_ms, 51);
}

TEST(SessionClock, FollowsADriftingCrystal) {
    SessionClock clock(Millis{20});
    for (std::int64_t s = 0; s < 86'400; s += 60) clock.observe(at(now_ms + s * 1000 + s / 20 + 10), s * 1000);
    EXPECT_NEAR(static_cast<double>(clock.offset().at_zero_ms), static_cast<double>(now_ms + 86'340 / 20), 100.0);
}

TEST(OffsetOf, ThePresentBootIsTheSessions) {
    EXPECT_EQ(offset_of(boot("now", 0, 0), witness()).at_zero_ms, now_ms - hour);
    EXPECT_EQ(offset_of(boot("", 0, 0), witness()).at_zero_ms, now_ms - hour);
}

TEST(OffsetOf, AnOldBootWithAGoodClockIsBelieved) {
    const auto truth = now_ms - 10 * hour;
    const auto offset = offset_of(boot("old", truth + 300, 2 * hour), witness(300));
    expect_holds(offset, truth);
    EXPECT_LT(offset.error_ms, 10'000);
}

TEST(OffsetOf, WhatTheCollectorToldInThatBootIsBelievedMost) {
    auto old = boot("old", 0, 2 * hour);
    old.corrected_at_zero_ms = now_ms - 10 * hour;
    old.error_ms = 40;
    const auto offset = offset_of(old, witness());
    EXPECT_EQ(offset.at_zero_ms, now_ms - 10 * hour);
    EXPECT_LT(offset.error_ms, 2'000);
}

TEST(OffsetOf, A1970ClockIsRepairedWithinItsBound) {
    const auto truth = now_ms - 10 * hour;  // ran 2 hours, then the present boot came
    expect_holds(offset_of(boot("old", 0, 2 * hour), witness()), truth);
}

TEST(OffsetOf, A2038ClockIsRepairedWithinItsBound) {
    const auto truth = now_ms - 3 * hour;
    expect_holds(offset_of(boot("old", 2'147'483'647'000, hour), witness()), truth);
}

TEST(OffsetOf, AnOldBootNeverReachesIntoThePresentOne) {
    for (const std::int64_t device : {std::int64_t{0}, now_ms, std::int64_t{4'000'000'000'000}}) {
        const auto offset = offset_of(boot("old", device, 5 * hour), witness());
        EXPECT_LE(offset.at(5 * hour), at(now_ms - hour + 50));
    }
}

TEST(OffsetOf, ALieAboutWhatWasToldDoesNotReachTheFuture) {
    auto old = boot("old", 0, hour);
    old.corrected_at_zero_ms = INT64_MAX;
    old.error_ms = INT64_MIN;
    const auto offset = offset_of(old, witness());
    EXPECT_LE(offset.at(hour), at(now_ms));
    auto wild = boot("old", INT64_MIN, INT64_MAX);
    EXPECT_LE(offset_of(wild, witness()).error_ms, std::int64_t{1} << 54);
}

TEST(OffsetOf, AClockThatWasStepsWrongAsItIsNow) {
    const auto truth = now_ms - 20 * hour;
    const std::int64_t wrong = 7 * hour;  // set to local time: always seven hours ahead
    const auto offset = offset_of(boot("old", truth + wrong, hour), witness(wrong));
    expect_holds(offset, truth);
}

}  // namespace
