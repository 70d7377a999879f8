#include "agent/runner.hpp"

#include <gmock/gmock.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace vg::agent {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

// Kinds made for these tests; what they do is counted here.
struct Counts {
    int running = 0, most = 0, runs = 0, cancelled = 0, watches = 0;
};
Counts counts;

class Slow final : public probes::Probe {
public:
    explicit Slow(asio::io_context& io, bool stubborn) : timer_(io), stubborn_(stubborn) {}
    asio::awaitable<wire::Observation> run(probes::Deadline deadline) override {
        ++counts.runs;
        counts.most = std::max(counts.most, ++counts.running);
        struct Leave {
            bool done = false;
            ~Leave() {
                --counts.running;
                if (!done) ++counts.cancelled;
            }
        } leave;
        timer_.expires_at(stubborn_ ? deadline + seconds{60} : steady_clock::now() + Millis{5});
        co_await timer_.async_wait(asio::use_awaitable);
        leave.done = true;
        wire::Observation seen;
        seen.samples = {{{"m", "t", "1"}, 1.0}};
        co_return seen;
    }

private:
    asio::steady_timer timer_;
    bool stubborn_;
};

class Fragile final : public probes::Watcher {
public:
    asio::awaitable<Result<void>> watch(probes::Emit emit) override {
        ++counts.watches;
        emit({});
        co_return fail(Errc::unavailable, value_of("the device went away"));
    }
    void stop() override {}
};

// Fails in one way or the other at first, then lives and has nothing to say.
class Late final : public probes::Watcher {
public:
    explicit Late(asio::io_context& io) : timer_(io) {}
    asio::awaitable<Result<void>> watch(probes::Emit) override {
        if (++counts.watches == 1) co_return fail(Errc::unavailable, say({"chưa có", "not there yet"}));
        if (counts.watches == 2) throw std::runtime_error("no more files");
        timer_.expires_after(seconds{60});
        boost::system::error_code ignored;
        co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        co_return Result<void>{};
    }
    void stop() override { timer_.cancel(); }

private:
    asio::steady_timer timer_;
};

std::unique_ptr<probes::Watcher> make_late(const probes::Task&, probes::Surroundings around, Problems&) {
    return std::make_unique<Late>(around.io);
}

std::unique_ptr<probes::Probe> make_quick(const probes::Task& task, probes::Surroundings around, Problems& problems) {
    if (task.target == "bad") {
        problems.add({"x", 1, 1}, {"đích sai", "bad target"});
        return nullptr;
    }
    return std::make_unique<Slow>(around.io, false);
}
std::unique_ptr<probes::Probe> make_stubborn(const probes::Task&, probes::Surroundings around, Problems&) {
    return std::make_unique<Slow>(around.io, true);
}
std::unique_ptr<probes::Watcher> make_fragile(const probes::Task&, probes::Surroundings, Problems&) {
    return std::make_unique<Fragile>();
}

probes::Kind kind_of(decltype(probes::Kind::make_probe) probe, decltype(probes::Kind::make_watcher) watcher = nullptr) {
    probes::Kind kind;
    kind.name = "test";
    kind.make_probe = probe;
    kind.make_watcher = watcher;
    return kind;
}
const probes::Kind quick = kind_of(make_quick), stubborn = kind_of(make_stubborn),
                   fragile = kind_of(nullptr, make_fragile), late = kind_of(nullptr, make_late);
probes::Kind make_costly() {
    auto kind = kind_of(make_quick);
    kind.cheap_on_metered = false;
    return kind;
}
const probes::Kind costly = make_costly();

class RunnerTest : public ::testing::Test {
protected:
    RunnerTest() {
        counts = {};
        asio::co_spawn(io, runner.run(), [this](const std::exception_ptr&) { ended = true; });
    }
    ~RunnerTest() override {
        runner.stop();
        EXPECT_TRUE(until([&] { return ended; }));
        EXPECT_EQ(counts.running, 0);
    }
    Assignment with(const probes::Kind& kind, int count, Millis every = Millis{20}, Millis timeout = Millis{20}) {
        Assignment assignment;
        for (int i = 0; i < count; ++i) {
            ProbeTask task;
            task.kind = &kind;
            task.task.id = "p" + std::to_string(i);
            task.every = every;
            task.timeout = timeout;
            assignment.probes.push_back(task);
        }
        return assignment;
    }
    template <class Condition>
    bool until(Condition condition, seconds patience = seconds{15}) {
        const auto by = steady_clock::now() + patience;
        while (!condition()) {
            if (steady_clock::now() > by) return false;
            if (io.stopped()) io.restart();
            io.run_one_for(Millis{20});
        }
        return true;
    }
    asio::io_context io{1};
    std::vector<wire::Observation> seen;
    Runner runner{io, system_clock(), {"agent", 3, Millis{5}, Millis{20}}, [this](wire::Observation observation) {
                      seen.push_back(std::move(observation));
                  }};
    bool ended = false;
    Problems problems;
};

TEST_F(RunnerTest, RunsEveryProbeAgainAndAgainAndNamesIt) {
    ASSERT_TRUE(runner.adopt(with(quick, 2), problems));
    ASSERT_TRUE(until([&] { return seen.size() >= 10; }));
    EXPECT_TRUE(seen[0].probe == "p0" || seen[0].probe == "p1");
}

TEST_F(RunnerTest, NeverRunsMoreAtOnceThanItMay) {
    ASSERT_TRUE(runner.adopt(with(quick, 20), problems));
    ASSERT_TRUE(until([&] { return seen.size() >= 100; }));
    EXPECT_EQ(counts.most, 3);
}

TEST_F(RunnerTest, CancelsWhatDoesNotKeepItsDeadlineAndSaysSo) {
    ASSERT_TRUE(runner.adopt(with(stubborn, 1), problems));
    ASSERT_TRUE(until([&] { return counts.cancelled == 1; }));
    ASSERT_FALSE(seen.empty());
    EXPECT_THAT(seen[0].error.en, ::testing::HasSubstr("did not end in time"));
    EXPECT_TRUE(seen[0].error.is_whole());
}

TEST_F(RunnerTest, AWatcherThatEndsAgainAndAgainIsNotCalledWellBetween) {
    ASSERT_TRUE(runner.adopt(with(fragile, 1), problems));
    ASSERT_TRUE(until([&] { return counts.watches >= 4; }));
    EXPECT_TRUE(seen.at(0).error.empty());
    for (std::size_t i = 1; i < seen.size(); ++i) EXPECT_EQ(seen[i].error.en, "the device went away");
}

TEST_F(RunnerTest, AWatcherIsStartedAgainAfterAFaultTooAndToldWellWhenItRunsOn) {
    ASSERT_TRUE(runner.adopt(with(late, 1), problems));
    ASSERT_TRUE(until([&] { return !seen.empty() && seen.back().error.empty(); }));
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_EQ(seen[0].error.vi, "chưa có");
    EXPECT_EQ(seen[1].error.en, "fault while running: no more files");
    EXPECT_EQ(counts.watches, 3);
}

TEST_F(RunnerTest, AnAssignmentWithOneBadProbeChangesNothing) {
    ASSERT_TRUE(runner.adopt(with(quick, 1), problems));
    auto bad = with(quick, 3);
    bad.probes[1].task.target = "bad";
    EXPECT_FALSE(runner.adopt(bad, problems));
    EXPECT_THAT(problems.text(Language::en), ::testing::HasSubstr("bad target"));
    const auto before = seen.size();
    ASSERT_TRUE(until([&] { return seen.size() >= before + 3; }));
    for (const auto& observation : seen) EXPECT_EQ(observation.probe, "p0");
}

TEST_F(RunnerTest, ANewAssignmentEndsTheOldOne) {
    ASSERT_TRUE(runner.adopt(with(stubborn, 3, Millis{50}), problems));
    ASSERT_TRUE(until([&] { return counts.running == 3; }));
    ASSERT_TRUE(runner.adopt(with(quick, 1), problems));
    ASSERT_TRUE(until([&] { return counts.cancelled == 3 && !seen.empty(); }));
}

TEST_F(RunnerTest, WhatIsNotCheapPausesOnAMeteredLine) {
    auto both = with(costly, 1);
    auto cheap = with(quick, 2);
    both.probes.push_back(cheap.probes[1]);
    runner.set_metered(true);
    ASSERT_TRUE(runner.adopt(both, problems));
    ASSERT_TRUE(until([&] { return seen.size() >= 5; }));
    for (const auto& observation : seen) EXPECT_EQ(observation.probe, "p1");
}

}  // namespace
}  // namespace vg::agent
