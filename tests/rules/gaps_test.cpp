#include "rules/gaps.hpp"
#include "tests/rules/subjects.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace vg::rules {
namespace {

using namespace std::chrono_literals;
using wire::SubjectKind;

const SubjectId agent{SubjectKind::agent, "a1"};

GapRules rules() {
    GapRules out;
    out["C01"] = {wire::Severity::high, 5min, 2min, false, false};
    out["NOW"] = {wire::Severity::low, 0ms, 0ms, false, false};
    out["DARK"] = {wire::Severity::critical, 0ms, 0ms, true, false};
    out["S28"] = {wire::Severity::high, 0ms, 10min, false, true};
    return out;
}

std::vector<SubjectId> above(const SubjectId& subject) {
    return subject.kind == SubjectKind::agent ? std::vector<SubjectId>{site} : std::vector<SubjectId>{};
}

class Tracking : public ::testing::Test {
protected:
    GapTracker tracker{rules(), above};
    std::vector<Transition> all;
    std::map<std::int64_t, Gap> gaps;

    void keep(std::vector<Transition> list) {
        for (auto& t : list) {
            gaps[t.gap.id] = t.gap;
            all.push_back(std::move(t));
        }
    }
    void see(Millis at, const char* rule, Verdict verdict, const SubjectId& subject = site) {
        keep(tracker.observe({{rule, subject, {}}, verdict, t0 + at, t0 + at, ""}));
    }
    void tick(Millis at) { keep(tracker.tick(t0 + at)); }
    void burst(Millis first, Millis last, Millis now, std::uint64_t count) {
        keep(tracker.detect({{"S28", agent, "10.0.0.9"}, t0 + first, t0 + last, t0 + now, count, "x"}));
    }
    const Gap& gap(std::int64_t id = 1) { return gaps.at(id); }
};

TEST_F(Tracking, HoldAndRecover) {
    see(0min, "C01", Verdict::not_met);
    EXPECT_EQ(gap().state, GapState::pending);
    EXPECT_EQ(tracker.next_due(), t0 + 5min);
    tick(7min);
    EXPECT_EQ(gap().state, GapState::open);
    EXPECT_EQ(gap().opened, t0 + 5min) << "when it was due, not when somebody looked";
    see(8min, "C01", Verdict::met);
    see(9min, "C01", Verdict::not_met);
    tick(20min);
    EXPECT_EQ(gap().state, GapState::open) << "met for less than recover";
    see(21min, "C01", Verdict::met);
    tick(30min);
    EXPECT_EQ(gap().state, GapState::closed);
    EXPECT_EQ(gap().closed, t0 + 23min);
    EXPECT_EQ(gap().since, t0);
    EXPECT_TRUE(tracker.gaps().empty());
}

TEST_F(Tracking, APendingGapThatEndsWasNeverOpen) {
    see(0min, "C01", Verdict::not_met);
    see(4min, "C01", Verdict::met);
    EXPECT_EQ(gap().state, GapState::closed);
    EXPECT_FALSE(gap().opened.has_value());
}

TEST_F(Tracking, NotKnownNeitherOpensNorCloses) {
    see(0min, "C01", Verdict::not_met);
    see(1min, "C01", Verdict::not_known);
    tick(60min);
    EXPECT_EQ(gap().state, GapState::pending);
    EXPECT_TRUE(gap().uncertain);
    see(61min, "C01", Verdict::not_met);
    EXPECT_EQ(gap().state, GapState::open);
    EXPECT_EQ(gap().opened, t0 + 61min);
    EXPECT_FALSE(gap().uncertain);
    see(62min, "C01", Verdict::met);
    see(63min, "C01", Verdict::not_known);
    tick(200min);
    EXPECT_EQ(gap().state, GapState::open);
    see(201min, "C01", Verdict::met);
    EXPECT_EQ(gap().state, GapState::closed);
}

TEST_F(Tracking, HoldZeroOpensAtOnce) {
    see(0min, "NOW", Verdict::not_met);
    EXPECT_EQ(gap().state, GapState::open);
    EXPECT_EQ(gap().opened, t0);
    see(1min, "NOW", Verdict::met);
    EXPECT_EQ(gap().closed, t0 + 1min);
    see(2min, "NOW", Verdict::not_met);
    EXPECT_EQ(gap(2).state, GapState::open) << "a new gap has a new id";
}

TEST_F(Tracking, Acknowledge) {
    see(0min, "C01", Verdict::not_met);
    EXPECT_EQ(tracker.acknowledge(1, "lan", t0).error().code, Errc::conflict);
    EXPECT_EQ(tracker.acknowledge(9, "lan", t0).error().code, Errc::not_found);
    tick(5min);
    const auto done = tracker.acknowledge(1, "lan", t0 + 6min).value();
    EXPECT_EQ(done.from, GapState::open);
    EXPECT_EQ(done.gap.state, GapState::acknowledged);
    EXPECT_EQ(done.gap.acknowledged_by, "lan");
    see(7min, "C01", Verdict::met);
    tick(9min);
    EXPECT_EQ(gap().state, GapState::closed);
}

TEST_F(Tracking, ClosesWhenSubjectOrRuleGoes) {
    see(0min, "NOW", Verdict::not_met);
    see(0min, "DARK", Verdict::not_met);
    see(1min, "NOW", Verdict::not_applicable);
    EXPECT_EQ(gap(1).state, GapState::closed);
    auto fewer = rules();
    fewer.erase("DARK");
    keep(tracker.set_rules(fewer, t0 + 2min));
    EXPECT_EQ(gap(2).state, GapState::closed);
    see(3min, "NOW", Verdict::not_met);
    keep(tracker.keep_subjects([](const SubjectId&) { return false; }, t0 + 4min));
    EXPECT_EQ(gap(3).state, GapState::closed);
}

TEST_F(Tracking, ADarkSiteExplainsItsAgents) {
    see(0s, "NOW", Verdict::not_met, agent);
    EXPECT_EQ(gap(1).cause, 0);
    see(3s, "DARK", Verdict::not_met);
    EXPECT_EQ(gap(1).cause, 2) << "noticed together";
    EXPECT_EQ(tracker.behind(2), 1U);
    see(10min, "DARK", Verdict::met);
    EXPECT_EQ(gap(1).cause, 0) << "still open: it stands for itself again";
    EXPECT_EQ(gap(1).state, GapState::open);
    see(60min, "DARK", Verdict::not_met);
    EXPECT_EQ(gap(1).cause, 0) << "it began long before";
    see(61min, "NOW", Verdict::met, agent);
    see(62min, "NOW", Verdict::not_met, agent);
    EXPECT_EQ(gaps.rbegin()->second.cause, gaps.rbegin()->first - 1);
}

TEST_F(Tracking, RestoredGapsGoOn) {
    see(0min, "C01", Verdict::not_met);
    see(0min, "DARK", Verdict::not_met);
    see(0min, "NOW", Verdict::not_met, agent);
    tick(5min);
    see(6min, "C01", Verdict::met);
    GapTracker other(rules(), above);
    other.restore(tracker.gaps());
    EXPECT_EQ(other.next_id(), 4);
    EXPECT_EQ(other.next_due(), t0 + 8min);
    EXPECT_EQ(other.behind(2), tracker.behind(2));
    const auto closed = other.tick(t0 + 10min);
    ASSERT_EQ(closed.size(), 1U);
    EXPECT_EQ(closed[0].gap.closed, t0 + 8min);
    EXPECT_TRUE(other.observe({{"DARK", site, {}}, Verdict::not_met, t0 + 11min, t0 + 11min, ""}).empty());
}

TEST_F(Tracking, DetectionsFoldIntoOneGap) {
    burst(0s, 20s, 20s, 5);
    burst(22s, 22s, 22s, 1);
    EXPECT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gap().count, 6U);
    EXPECT_EQ(gap().since, t0);
    EXPECT_EQ(gap().opened, t0 + 20s);
    tick(10min);
    EXPECT_EQ(gap().state, GapState::open);
    tick(11min);
    EXPECT_EQ(gap().state, GapState::closed);
    EXPECT_EQ(gap().closed, t0 + 10min + 22s);
}

TEST_F(Tracking, LateDetectionsHaveTheirOwnTimes) {
    burst(0s, 20s, 5h, 5);
    burst(22s, 22s, 5h, 1);
    ASSERT_EQ(gaps.size(), 1U) << "late events join the burst of their time";
    EXPECT_EQ(gap().state, GapState::closed);
    EXPECT_EQ(gap().count, 6U);
    EXPECT_EQ(gap().recorded, t0 + 5h);
    EXPECT_TRUE(gap().rewritten);
    burst(5h, 5h, 5h, 5);
    EXPECT_EQ(gap(2).state, GapState::open);
    burst(2h, 2h, 5h + 1s, 7);
    EXPECT_EQ(gap(3).state, GapState::closed) << "a burst of long ago beside one of now";
    EXPECT_EQ(gap(2).count, 5U);
}

TEST_F(Tracking, EvidenceIsRefreshedAndSparinglyKept) {
    EXPECT_FALSE(tracker.refresh({"C01", site, {}}, "3", t0)) << "there is no gap to begin with";
    keep(tracker.observe({{"C01", site, {}}, Verdict::not_met, t0, t0, "3 devices"}));
    EXPECT_EQ(gap().evidence_at, t0);
    tick(6min);
    EXPECT_FALSE(tracker.refresh({"C01", site, {}}, "3 devices", t0 + 10min)) << "nothing new";
    const auto next = tracker.refresh({"C01", site, {}}, "5 devices", t0 + 10min);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->gap.id, 1);
    EXPECT_EQ(next->gap.evidence, "5 devices");
    EXPECT_EQ(next->gap.evidence_at, t0 + 10min);
    EXPECT_EQ(next->from, GapState::open);
    EXPECT_EQ(next->gap.state, GapState::open);
    EXPECT_FALSE(next->is_new);
    EXPECT_FALSE(next->in_history) << "the first stands there since ten minutes";
    EXPECT_EQ(tracker.find(1)->evidence, "5 devices");
    EXPECT_TRUE(tracker.refresh({"C01", site, {}}, "6 devices", t0 + 61min)->in_history);
    EXPECT_FALSE(tracker.refresh({"C01", site, {}}, "7 devices", t0 + 62min)->in_history);
    see(63min, "C01", Verdict::met);
    EXPECT_EQ(gap().evidence, "7 devices");
}

TEST_F(Tracking, RewriteFindsAGapThatCameAndWent) {
    const std::vector<VerdictAt> verdicts{{"C01", Verdict::met, t0, ""},
                                          {"C01", Verdict::not_met, t0 + 10min, "3g"},
                                          {"C01", Verdict::met, t0 + 30min, ""}};
    const auto told = tracker.rewrite(site, t0, t0 + 2h, verdicts, {}, t0 + 3h);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_TRUE(told[0].is_new);
    EXPECT_EQ(told[0].gap.since, t0 + 10min);
    EXPECT_EQ(told[0].gap.opened, t0 + 15min);
    EXPECT_EQ(told[0].gap.closed, t0 + 32min);
    EXPECT_EQ(told[0].gap.recorded, t0 + 3h);
    EXPECT_TRUE(told[0].gap.rewritten);
    EXPECT_EQ(told[0].gap.evidence, "3g");
    EXPECT_TRUE(tracker.rewrite(site, t0, t0 + 2h, verdicts, {told[0].gap}, t0 + 4h).empty()) << "twice is once";
}

TEST_F(Tracking, RewriteCorrectsTheTimesOfARecordedGap) {
    see(20min, "C01", Verdict::not_met);
    tick(25min);
    see(40min, "C01", Verdict::met);
    tick(1h);
    auto told = tracker.rewrite(site, t0, t0 + 1h,
                                {{"C01", Verdict::not_met, t0 + 12min, ""}, {"C01", Verdict::met, t0 + 30min, ""}},
                                {gap()}, t0 + 2h);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].gap.id, 1);
    EXPECT_EQ(told[0].gap.since, t0 + 12min);
    EXPECT_EQ(told[0].gap.closed, t0 + 32min);
    EXPECT_EQ(told[0].gap.detected, t0 + 20min) << "incident clocks do not move";
    EXPECT_TRUE(told[0].gap.rewritten);
    told = tracker.rewrite(site, t0, t0 + 1h, {{"C01", Verdict::met, t0, ""}}, {gap()}, t0 + 2h);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_FALSE(told[0].gap.opened.has_value()) << "it never was";
}

TEST_F(Tracking, RewriteMovesTheBeginningOfAGapThatIsOpen) {
    see(20min, "C01", Verdict::not_met);
    tick(30min);
    const auto told = tracker.rewrite(site, t0, t0 + 30min,
                                      {{"C01", Verdict::not_met, t0 + 2min, ""},
                                       {"C01", Verdict::met, t0 + 9min, ""},
                                       {"C01", Verdict::not_met, t0 + 15min, ""}},
                                      {}, t0 + 30min);
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].gap.id, 1);
    EXPECT_EQ(told[0].gap.since, t0 + 15min);
    EXPECT_EQ(told[1].gap.closed, t0 + 11min);
    EXPECT_EQ(tracker.find(1)->since, t0 + 15min);
}

// The same story told with any ticks in between ends the same, and no key ever has two open gaps.
TEST(GapProperties, DoNotDependOnTicks) {
    for (unsigned seed = 0; seed < 200; ++seed) {
        std::mt19937 random(seed);
        struct Step {
            Millis at;
            GapKey key;
            Verdict verdict;
        };
        std::vector<Step> story;
        Millis at{};
        for (int i = 0; i < 120; ++i) {
            at += Millis(random() % 200'000);
            const bool of_site = random() % 2 == 0;
            const SubjectId subject =
                of_site ? site : SubjectId{SubjectKind::agent, "a" + std::to_string(random() % 3)};
            const char* rule = random() % 3 == 0 ? (of_site ? "DARK" : "NOW") : "C01";
            story.push_back({at, {rule, subject, {}}, static_cast<Verdict>(random() % 4)});
        }
        const auto play = [&](Millis granularity) {
            GapTracker tracker(rules(), above);
            std::string log;
            std::map<GapKey, std::set<std::int64_t>> alive;
            const auto keep = [&](const std::vector<Transition>& list) {
                for (const auto& t : list) {
                    log += std::to_string(t.gap.id) + t.gap.key.rule + t.gap.key.subject.id + to_string(t.from) + ">" +
                           to_string(t.gap.state) + "@" + std::to_string((t.at - t0).count()) + "c" +
                           std::to_string(t.gap.cause) + (t.gap.uncertain ? "?" : "") + '\n';
                    auto& ids = alive[t.gap.key];
                    if (t.gap.state == GapState::closed)
                        ids.erase(t.gap.id);
                    else
                        ids.insert(t.gap.id);
                    EXPECT_LE(ids.size(), 1U);
                }
            };
            Millis ticked{};
            for (const auto& step : story) {
                if (granularity > Millis::zero())
                    for (; ticked + granularity < step.at; ticked += granularity)
                        keep(tracker.tick(t0 + ticked + granularity));
                keep(tracker.observe({step.key, step.verdict, t0 + step.at, t0 + step.at, ""}));
            }
            keep(tracker.tick(t0 + 24h));
            return log;
        };
        const auto wanted = play(0ms);
        ASSERT_EQ(play(1s), wanted) << seed;
        ASSERT_EQ(play(37s), wanted) << seed;
        ASSERT_EQ(play(1h), wanted) << seed;
    }
}

}  // namespace
}  // namespace vg::rules
