// The uplink judge against a path made by hand: what it concludes, and how soon.
#include "probes/uplink/judge.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace vg::probes::uplink {
namespace {

using std::chrono::seconds;

const std::vector<Line> two_lines{{"fibre", "fibre", "eth0", "10.1.0.1", true},
                                  {"mobile", "3g", "", "10.2.0.1", false}};

Network behind_router() { return {{{2, "eth0", true, true, false}}, {{false, 2, "192.168.1.1", 100}}}; }

// A path whose routers answer or not, driven in virtual time.
class Path {
public:
    explicit Path(JudgeOptions options, Network network = behind_router()) : judge(options) {
        judge.network(std::move(network), now);
    }

    void run(Millis span) {
        const auto end = now + span;
        while (now < end) {
            for (const auto& order : judge.due(now)) send(order);
            if (auto change = judge.check(now)) changes.emplace_back(now, *change);
            auto next = std::min(end, judge.wake(now));
            if (!arrivals.empty()) next = std::min(next, arrivals.begin()->first);
            now = std::max(next, now);
            while (!arrivals.empty() && arrivals.begin()->first <= now) {
                const auto arrival = arrivals.begin()->second;
                arrivals.erase(arrivals.begin());
                if (arrival.second.empty())
                    judge.lost(arrival.first, now);
                else
                    judge.answered(arrival.first, arrival.second, now);
            }
        }
    }

    void send(const EchoOrder& order) {
        ++sent;
        std::string from;
        if (order.asked == Asked::hop) from = hop;
        if (order.asked == Asked::gateway) from = gateway;
        if (order.asked == Asked::target) from = target;
        if (chance(random) < loss) from.clear();
        if (order.asked == Asked::hop && hop_every > Millis(0)) {  // a rate-limited router
            if (now < hop_free) from.clear();
            if (now >= hop_free) hop_free = now + hop_every;
        }
        arrivals.emplace(now + (from.empty() ? Millis(2000) : round_trip), std::pair(order.id, from));
    }

    [[nodiscard]] std::string kind() const { return judge.state() ? judge.state()->kind : "nothing yet"; }

    Judge judge;
    Mono now{seconds(1000)};
    std::string hop = "10.1.0.1", gateway = "192.168.1.1", target = "10.9.9.9";
    Millis round_trip{20}, hop_every{0};
    Mono hop_free{};
    double loss = 0;
    unsigned sent = 0;
    std::vector<std::pair<Mono, Judge::Change>> changes;

private:
    std::multimap<Mono, std::pair<std::uint64_t, std::string>> arrivals;
    std::mt19937 random{7};
    std::uniform_real_distribution<double> chance{0, 1};
};

JudgeOptions sounding() {
    JudgeOptions o;
    o.lines = two_lines;
    o.has_target = true;
    o.every = seconds(1);
    return o;
}

TEST(UplinkJudge, NamesTheLineByItsRouter) {
    Path path(sounding());
    path.run(seconds(1));
    ASSERT_EQ(path.changes.size(), 1u);
    EXPECT_TRUE(path.changes[0].second.first);
    EXPECT_EQ(path.judge.state()->name, "fibre");
    EXPECT_EQ(path.kind(), "fibre");
    EXPECT_FALSE(path.judge.state()->metered);
    EXPECT_EQ(path.judge.state()->evidence, "hop 10.1.0.1");
}

TEST(UplinkJudge, FailoverIsKnownWithinOneAndAHalfSeconds) {
    for (int offset = 0; offset < 1000; offset += 50) {
        Path path(sounding());
        path.run(seconds(10) + Millis(offset));
        path.hop = "10.2.0.1";
        path.round_trip = Millis(220);  // over 3G
        const auto cut = path.now;
        path.run(seconds(5));
        ASSERT_EQ(path.changes.size(), 2u) << offset;
        const auto& [told, change] = path.changes[1];
        EXPECT_LE((told - cut).count(), 1500) << offset;
        EXPECT_EQ(change.to.kind, "3g");
        EXPECT_TRUE(change.to.metered);
        EXPECT_GE(change.at, cut - Millis(1));
        EXPECT_EQ(path.judge.lines()[0].up, Up::no);
        EXPECT_EQ(path.judge.lines()[1].up, Up::yes);
        EXPECT_FALSE(path.judge.lines()[0].carrier);
    }
}

TEST(UplinkJudge, FailoverAfterAMomentOfDarkness) {
    Path path(sounding());
    path.run(seconds(10));
    path.hop.clear();
    path.target.clear();
    path.run(Millis(900));
    path.hop = "10.2.0.1";
    path.target = "10.9.9.9";
    path.round_trip = Millis(200);
    const auto back = path.now;
    path.run(seconds(5));
    ASSERT_EQ(path.changes.size(), 2u);
    EXPECT_LE((path.changes[1].first - back).count(), 1500);
    EXPECT_EQ(path.kind(), "3g");
}

TEST(UplinkJudge, BothLinesCutIsNone) {
    for (int offset = 0; offset < 1000; offset += 100) {
        Path path(sounding());
        path.run(seconds(10) + Millis(offset));
        path.hop.clear();
        path.target.clear();
        const auto cut = path.now;
        path.run(seconds(30));
        ASSERT_EQ(path.changes.size(), 2u);
        EXPECT_EQ(path.kind(), "none");
        EXPECT_LE((path.changes[1].first - cut).count(), 3600) << offset;
        EXPECT_LE((path.changes[1].second.at - cut).count(), 1000);
        EXPECT_EQ(path.judge.lines()[0].up, Up::no);
        path.hop = "10.1.0.1";
        path.target = "10.9.9.9";
        const auto healed = path.now;
        path.run(seconds(5));
        EXPECT_EQ(path.kind(), "fibre");
        EXPECT_LE((path.changes[2].first - healed).count(), 1200);
    }
}

TEST(UplinkJudge, DarkLocalNetworkIsNotKnown) {
    Path path(sounding());
    path.run(seconds(5));
    path.hop.clear();
    path.target.clear();
    path.run(seconds(5));
    EXPECT_EQ(path.kind(), "none") << "the site's router answers, nobody beyond it does";
    path.gateway.clear();
    path.run(seconds(30));
    EXPECT_EQ(path.kind(), "") << "the site's router does not answer: the fault may be on this side";
    EXPECT_EQ(path.judge.lines()[0].up, Up::not_known);
}

TEST(UplinkJudge, RouterWithoutAWayOutSaysSo) {
    Path path(sounding());
    path.run(seconds(5));
    path.hop = path.gateway;
    path.target.clear();
    const auto cut = path.now;
    path.run(seconds(5));
    ASSERT_EQ(path.changes.size(), 2u);
    EXPECT_EQ(path.kind(), "none");
    EXPECT_LE((path.changes[1].first - cut).count(), 2000);
    path.hop = "10.2.0.1";
    path.run(seconds(2));
    EXPECT_EQ(path.kind(), "3g");
}

TEST(UplinkJudge, CutRightAfterTheRouterMissedOne) {
    Path path(sounding());
    path.run(seconds(5));
    path.hop.clear();
    path.run(Millis(1300));  // long enough that the target was asked and answered
    path.target.clear();
    path.run(Millis(4500));
    EXPECT_EQ(path.kind(), "none");
}

TEST(UplinkJudge, UnpluggedMachineSaysNotKnownAtOnce) {
    Path path(sounding());
    path.run(seconds(5));
    path.hop.clear();
    path.judge.network({{{2, "eth0", true, false, false}}, {}}, path.now);
    path.run(Millis(10));
    EXPECT_EQ(path.kind(), "");
}

TEST(UplinkJudge, LossIsNoNews) {
    Path path(sounding());
    path.loss = 0.10;  // 5 % each way
    path.run(std::chrono::hours(8));
    EXPECT_EQ(path.changes.size(), 1u);
    EXPECT_EQ(path.kind(), "fibre");
}

TEST(UplinkJudge, HeavyLossOnASlowLine) {
    Path path(sounding());
    path.loss = 0.30;
    path.round_trip = Millis(600);
    path.run(std::chrono::hours(1));
    EXPECT_EQ(path.changes.size(), 1u);
}

TEST(UplinkJudge, RouterThatAnswersSeldomIsNotPressed) {
    Path path(sounding());
    path.hop_every = Millis(2900);  // several machines share its limit
    path.run(std::chrono::hours(1));
    EXPECT_EQ(path.changes.size(), 1u);
    EXPECT_LT(path.sent, 4u * 3600);
}

TEST(UplinkJudge, RouterThatFallsSilentForGood) {
    Path path(sounding());
    path.run(seconds(10));
    path.hop.clear();
    path.run(seconds(12));
    EXPECT_EQ(path.kind(), "fibre");
    path.run(seconds(20));
    EXPECT_EQ(path.kind(), "unknown");
    EXPECT_LT(path.sent, 150u);
}

TEST(UplinkJudge, LineWithoutARegisteredRouter) {
    auto options = sounding();
    options.lines[1].next_hop.clear();
    Path path(options);
    path.run(seconds(5));
    path.hop = "100.64.7.7";  // the mobile provider's routers change
    path.run(seconds(3));
    EXPECT_EQ(path.judge.state()->name, "mobile");
}

TEST(UplinkJudge, FlappingAnswersAreConfirmed) {
    Path path(sounding());
    path.run(seconds(5));
    path.hop = "10.2.0.1";
    while (path.judge.due(path.now).empty()) path.now += Millis(10);  // one stray answer
    path.judge.answered(path.sent + 1, "10.2.0.1", path.now);
    EXPECT_FALSE(path.judge.check(path.now));
    path.hop = "10.1.0.1";
    path.run(seconds(5));
    EXPECT_EQ(path.changes.size(), 1u);
}

TEST(UplinkJudge, MeteredLineIsSoundedSeldom) {
    Path path(sounding());
    path.hop = "10.2.0.1";
    path.run(seconds(10));
    const auto before = path.sent;
    path.run(seconds(600));
    EXPECT_LE(path.sent - before, 41u);
}

TEST(UplinkJudge, OnTheRouterTheRouteDecidesAtOnce) {
    auto options = sounding();
    options.lines[1].interface = "wwan0";
    options.lines[1].next_hop.clear();
    const Network on_fibre{{{2, "eth0", true, true, false}, {3, "wwan0", true, true, true}},
                           {{false, 2, "10.1.0.1", 100}, {false, 3, "", 200}}};
    Path path(options, on_fibre);
    path.run(seconds(3));
    EXPECT_EQ(path.judge.state()->name, "fibre");
    EXPECT_EQ(path.judge.lines()[0].carrier, true);
    auto cut = on_fibre;
    cut.links[0].carrier = false;
    path.judge.network(cut, path.now);
    const auto change = path.judge.check(path.now);
    ASSERT_TRUE(change);
    EXPECT_EQ(change->to.name, "mobile");
    EXPECT_EQ(path.judge.lines()[0].carrier, false);
    EXPECT_EQ(path.judge.lines()[0].up, Up::no);
    path.judge.network({cut.links, {}}, path.now);
    EXPECT_EQ(path.judge.check(path.now)->to.kind, "none");
}

TEST(UplinkJudge, OnTheRouterASilentProviderIsNone) {
    Path path(sounding(), {{{2, "eth0", true, true, false}}, {{false, 2, "10.1.0.1", 100}}});
    path.run(seconds(5));
    path.hop.clear();
    path.target.clear();
    path.run(seconds(5));
    EXPECT_EQ(path.kind(), "none");
}

TEST(UplinkJudge, WithoutTargetOrRegisterTheInterfaceSpeaks) {
    Path wired(JudgeOptions{});
    wired.run(seconds(1));
    EXPECT_EQ(wired.kind(), "unknown");
    EXPECT_FALSE(wired.judge.state()->metered);
    Path modem(JudgeOptions{}, {{{4, "ppp0", true, true, true}}, {{false, 4, "", 0}}});
    modem.run(seconds(1));
    EXPECT_EQ(modem.judge.state()->name, "ppp0");
    EXPECT_TRUE(modem.judge.state()->metered);
}

}  // namespace
}  // namespace vg::probes::uplink
