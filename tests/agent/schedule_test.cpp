#include "agent/schedule.hpp"

#include <gmock/gmock.h>

#include <map>

namespace vg::agent {
namespace {

using std::chrono::seconds;
constexpr Mono start{Millis{5'000'123}};

TEST(Schedule, IsEmptyWithoutProbes) {
    Schedule schedule("a", {}, start);
    EXPECT_EQ(schedule.next(), std::nullopt);
    EXPECT_TRUE(schedule.take(start).empty());
}

TEST(Schedule, RunsEachProbeSoonAndThenOnItsGrid) {
    Schedule schedule("agent", {{"icmp", seconds{30}}}, start);
    ASSERT_TRUE(schedule.next());
    EXPECT_LT(*schedule.next() - start, seconds{10});
    std::vector<Mono> at;
    for (int i = 0; i < 100; ++i) {
        const auto now = *schedule.next() + Millis{i % 7};  // a timer is late by a few milliseconds
        const auto due = schedule.take(now);
        ASSERT_EQ(due.size(), 1U);
        at.push_back(due[0].at);
    }
    for (std::size_t i = 2; i < at.size(); ++i) EXPECT_EQ(at[i] - at[i - 1], seconds{30}) << i;
    EXPECT_GE(at[1] - at[0], Millis{7'500});
}

TEST(Schedule, SkipsWhatWasMissedInsteadOfMakingUpForIt) {
    Schedule schedule("agent", {{"icmp", seconds{30}}}, start);
    (void)schedule.take(start + seconds{10});
    const auto due = schedule.take(start + std::chrono::hours{5});
    EXPECT_EQ(due.size(), 1U);
    EXPECT_GT(*schedule.next(), start + std::chrono::hours{5});
}

TEST(Schedule, SpreadsAProvincesAgents) {
    std::map<std::int64_t, int> per_second;
    for (int agent = 0; agent < 3000; ++agent) {
        Schedule schedule("agent-" + std::to_string(agent), {{"portal", seconds{30}}}, start);
        (void)schedule.take(start + seconds{10});
        const auto next = *schedule.next();
        ++per_second[std::chrono::floor<seconds>(next.time_since_epoch()).count() % 30];
    }
    EXPECT_EQ(per_second.size(), 30U);
    for (const auto& [second, count] : per_second) EXPECT_LT(count, 160) << second;  // 100 on average
}

TEST(Schedule, SpreadsTheProbesOfOneAgent) {
    std::vector<Timed> probes;
    for (int i = 0; i < 100; ++i) probes.push_back({"probe-" + std::to_string(i), seconds{10}});
    Schedule schedule("agent", probes, start);
    std::size_t most = 0;
    for (int ms = 0; ms < 20'000; ms += 100) most = std::max(most, schedule.take(start + Millis{ms}).size());
    EXPECT_LE(most, 8U);
}

TEST(Grid, TheNextPointIsLaterAlsoBeforeThePhase) {
    EXPECT_EQ(next_on_grid(Mono{Millis{0}}, Millis{10}, Millis{3}), Mono{Millis{3}});
    EXPECT_EQ(next_on_grid(Mono{Millis{3}}, Millis{10}, Millis{3}), Mono{Millis{13}});
    EXPECT_EQ(next_on_grid(Mono{Millis{22}}, Millis{10}, Millis{3}), Mono{Millis{23}});
}

}  // namespace
}  // namespace vg::agent
