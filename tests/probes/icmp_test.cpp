#include "probes/icmp.hpp"
#include "probes/pinger.hpp"
#include "tests/probes/running.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>
#include <cstdlib>
#include <fstream>

namespace vg::probes {
namespace {

using namespace testing;

class PingerTest : public ::testing::TestWithParam<SocketKind> {
protected:
    // The unprivileged kind is allowed by a setting of the network namespace: root makes one of its own for the test.
    void SetUp() override {
        if (GetParam() == SocketKind::datagram && ::geteuid() == 0) {
            home_ = ::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
            ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
            ASSERT_EQ(std::system("ip link set lo up"), 0);
            std::ofstream("/proc/sys/net/ipv4/ping_group_range") << "0 2147483647";
        }
        asio::io_context scratch;
        if (!IcmpSocket::open(scratch, false, GetParam()))
            GTEST_SKIP() << "this kind of ICMP socket is not allowed here";
    }
    void TearDown() override {
        if (home_ < 0) return;
        EXPECT_EQ(::setns(home_, CLONE_NEWNET), 0);
        ::close(home_);
    }
    static EchoPlan plan(std::vector<const char*> targets, unsigned count) {
        EchoPlan out;
        for (const auto* target : targets) out.targets.push_back(asio::ip::make_address(target));
        out.count = count;
        out.interval = 2ms;
        out.wait = 2s;
        return out;
    }
    int home_ = -1;
    asio::io_context io;
    Pinger pinger{io, GetParam()};
};

TEST_P(PingerTest, LoopbackAnswersEveryEcho) {
    const auto round = run_until_done(io, pinger.round(plan({"127.0.0.1", "127.0.0.2", "::1"}, 5)));
    ASSERT_TRUE(round) << round.error().message;
    ASSERT_EQ(round->echoes.size(), 15u);
    for (const auto& echo : round->echoes) {
        EXPECT_EQ(echo.state, EchoState::answered);
        EXPECT_GE(echo.rtt, 0ns);  // a batch's send times are spread over its one system call
        EXPECT_LT(echo.rtt, 500ms);
    }
    io.run_for(2s);
    EXPECT_TRUE(io.stopped()) << "something is left that keeps the process busy";
}

TEST_P(PingerTest, AThousandTargetsInOneRound) {
    EchoPlan many;
    for (unsigned i = 0; i < 1000; ++i) many.targets.push_back(asio::ip::address_v4(0x7f010000u + i));
    many.count = 2;
    many.pace = 20us;
    many.wait = 2s;
    const auto round = run_until_done(io, pinger.round(std::move(many)));
    ASSERT_TRUE(round) << round.error().message;
    std::size_t answered = 0;
    for (const auto& echo : round->echoes) answered += echo.state == EchoState::answered;
    EXPECT_EQ(answered, 2000u);
}

TEST_P(PingerTest, TheTargetItselfIsItsFirstHopOnLoopback) {
    for (const auto* target : {"127.0.0.1", "::1"}) {
        const auto hop = run_until_done(io, pinger.hop_at(asio::ip::make_address(target), 1, in(2s)));
        ASSERT_TRUE(hop) << hop.error().message;
        EXPECT_TRUE(hop->is_target);
    }
}

INSTANTIATE_TEST_SUITE_P(Kinds, PingerTest, ::testing::Values(SocketKind::datagram, SocketKind::raw),
                         [](const auto& kind) { return kind.param == SocketKind::raw ? "raw" : "datagram"; });

class IcmpProbeTest : public ::testing::Test {
protected:
    wire::Observation run(const std::string& text, Deadline deadline) {
        Problems problems;
        auto probe = icmp_kind().make_probe(task_of(text), {io, system_clock()}, problems);
        EXPECT_TRUE(probe) << problems.text();
        auto seen = probe ? run_until_done(io, probe->run(deadline)) : wire::Observation{};
        expect_conform(icmp_kind(), seen);
        return seen;
    }
    asio::io_context io;
};

TEST_F(IcmpProbeTest, ReportsARound) {
    const auto seen = run("{ id: hop, probe: icmp, target: 127.0.0.1, count: 4, interval: 1ms }", in(2s));
    EXPECT_EQ(seen.error.en, "");
    EXPECT_EQ(value_of(seen, "icmp.loss"), 0);
    for (const auto* metric : {"icmp.rtt_min", "icmp.rtt_median", "icmp.rtt_p95", "icmp.rtt_max", "icmp.jitter"})
        EXPECT_TRUE(value_of(seen, metric)) << metric;
    EXPECT_EQ(seen.samples[0].series.target, "hop");
}

TEST_F(IcmpProbeTest, EndsByItsDeadlineHoweverLongTheRoundWouldBe) {
    const auto start = std::chrono::steady_clock::now();
    const auto seen = run("{ id: hop, probe: icmp, target: 127.0.0.1, count: 10, interval: 60s }", in(200ms));
    EXPECT_LT(std::chrono::steady_clock::now() - start, 2s);
    EXPECT_EQ(value_of(seen, "icmp.loss"), 0);
}

TEST_F(IcmpProbeTest, RefusesWhatItDoesNotUnderstand) {
    for (const auto* text :
         {"{ id: a, probe: icmp, target: 127.0.0.1, count: 0 }", "{ id: a, probe: icmp, target: 127.0.0.1, family: 5 }",
          "{ id: a, probe: icmp }", "{ id: a, probe: icmp, target: 127.0.0.1, interval: 0s }"}) {
        Problems problems;
        EXPECT_FALSE(icmp_kind().make_probe(task_of(text), {io, system_clock()}, problems)) << text;
        EXPECT_EQ(problems.list().size(), 1u) << text << "\n" << problems.text();
    }
}

}  // namespace
}  // namespace vg::probes
