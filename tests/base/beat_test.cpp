#include "base/beat.hpp"

#include <gtest/gtest.h>

namespace vg {
namespace {

using std::chrono::seconds;

TEST(Beat, WhoTicksWithItKeepsThePace) {
    Mono now{Millis{1'234'567}};
    const Millis every = seconds(3);
    auto at = next_beat(now + every / 4, every);
    EXPECT_GT(at - now, every / 4);
    EXPECT_LE(at - now, every + every / 4);
    for (int i = 0; i < 1000; ++i) {
        now = at + Millis{i % 7};  // a wake-up comes late
        const auto next = next_beat(now + every / 4, every);
        ASSERT_EQ(next - at, every);
        at = next;
    }
}

TEST(Beat, TwoTimersOfNearlyOneMomentRingTogether) {
    const std::chrono::steady_clock::time_point now{std::chrono::nanoseconds(1'234'000'300)};
    const auto later = now + std::chrono::microseconds(700);  // when the second one is set
    EXPECT_EQ(shared_moment(Millis(2000), now), shared_moment(Millis(2000), later));
    EXPECT_EQ(shared_moment(Millis(2000), now), shared_moment(Millis(1999), later));
    for (int i = 0; i < 100; ++i) {
        const auto at = shared_moment(Millis(2000 + i), now);
        EXPECT_GE(at, now + Millis(2000 + i));
        EXPECT_LT(at, now + Millis(2025 + i));
    }
    EXPECT_EQ(shared_moment(Millis(100), now), now + Millis(100));  // in haste
}

}  // namespace
}  // namespace vg
