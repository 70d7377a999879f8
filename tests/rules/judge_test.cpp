#include "rules/judge.hpp"

#include "rules/load.hpp"
#include "rules/replay.hpp"
#include "tests/rules/subjects.hpp"

#include <gtest/gtest.h>

namespace vg::rules {
namespace {

using namespace std::chrono_literals;
using wire::FactValue;
using wire::SubjectKind;

std::shared_ptr<const RuleSet> rules_of(const std::string& yaml) {
    Problems problems;
    auto rules = load_rules({{"rules.yaml", yaml}}, std::vector<std::string>{"uplink", "http", "host"}, problems);
    EXPECT_EQ(problems.text(), "");
    return rules;
}

const char* two_rules = R"(
- { id: R1, title: T, subject: site, where: "unit_level = 'commune'", expect: "active_uplink = 'fibre'" }
- { id: R2, title: T, subject: site, where: "agents_enrolled > 0", expect: "internet" }
)";

struct Told {
    std::string rule, subject;
    Verdict from, to;
    Time at;
    std::string evidence;
};

class Judging : public ::testing::Test {
protected:
    FactBase facts = FactBase::make().value();
    std::shared_ptr<const RuleSet> rules = rules_of(two_rules);
    Judge judge = Judge::make(rules, facts).value();

    void add(const std::string& id, const char* level = "commune") {
        ASSERT_TRUE(facts.put_subject({SubjectKind::site, id},
                                      {{"unit_level", std::string(level)}, {"unit", std::string("20900")}}));
    }
    void know(const std::string& id, const char* fact, FactValue value, Time at = t0) {
        ASSERT_TRUE(facts.set({SubjectKind::site, id}, fact, std::move(value), at));
    }
    std::vector<Told> run(Time now = t0) {
        std::vector<Told> out;
        judge.judge(now, [&](const VerdictChange& c) {
            out.push_back({c.rule.id, c.subject.id, c.from, c.to, c.at, c.evidence});
        });
        return out;
    }
};

TEST_F(Judging, NullIsNotKnown) {
    add("A");
    add("B", "province");
    const auto told = run();
    ASSERT_EQ(told.size(), 4U);
    EXPECT_EQ(told[0].to, Verdict::not_known) << "R1 on A: no fact yet";
    EXPECT_EQ(told[1].to, Verdict::not_known) << "R2 on A: whether it applies is not known";
    EXPECT_EQ(told[2].to, Verdict::not_applicable) << "R1 on B";
    EXPECT_EQ(told[2].from, Verdict::not_applicable);
    EXPECT_EQ(told[3].to, Verdict::not_known) << "R2 on B";
}

TEST_F(Judging, OnlyChangesAreTold) {
    add("A");
    (void)run();
    know("A", "active_uplink", std::string("fibre"));
    auto told = run();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].to, Verdict::met);
    know("A", "active_uplink", std::string("fibre"), t0 + 1min);
    EXPECT_TRUE(run().empty());
    know("A", "active_uplink", std::string("3g"), t0 + 2min);
    told = run(t0 + 3min);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].from, Verdict::met);
    EXPECT_EQ(told[0].to, Verdict::not_met);
    EXPECT_EQ(told[0].at, t0 + 2min);
    EXPECT_EQ(told[0].evidence, "active_uplink = 3g, unit_level = commune");
}

TEST_F(Judging, WhatStaysNotMetIsToldAnewWhenAsked) {
    add("A");
    know("A", "active_uplink", std::string("3g"));
    (void)run();
    std::vector<Told> told;
    const auto refresh = [&](std::size_t most = 10) {
        told.clear();
        judge.refresh(t0 + 9min, most, [&](const VerdictChange& c) {
            told.push_back({c.rule.id, c.subject.id, c.from, c.to, c.at, c.evidence});
        });
        return told.size();
    };
    EXPECT_EQ(refresh(), 0U);
    for (const char* line : {"4g", "2g", "4g"}) {
        know("A", "active_uplink", std::string(line), t0 + 1min);
        EXPECT_TRUE(run().empty());
    }
    EXPECT_EQ(refresh(0), 0U);
    ASSERT_EQ(refresh(), 1U) << "once for three judgements";
    EXPECT_EQ(told[0].from, Verdict::not_met);
    EXPECT_EQ(told[0].to, Verdict::not_met);
    EXPECT_EQ(told[0].at, t0 + 9min);
    EXPECT_EQ(told[0].evidence, "active_uplink = 4g, unit_level = commune");
    EXPECT_EQ(refresh(), 0U);
    know("A", "active_uplink", std::string("2g"), t0 + 2min);
    (void)run();
    know("A", "active_uplink", std::string("fibre"), t0 + 3min);
    (void)run();
    EXPECT_EQ(refresh(), 0U) << "met since";
    know("A", "active_uplink", std::string("2g"), t0 + 4min);
    (void)run();
    know("A", "active_uplink", std::string("3g"), t0 + 5min);
    (void)run();
    facts.remove_subject({SubjectKind::site, "A"});
    (void)run();
    EXPECT_EQ(refresh(), 0U) << "gone";
}

TEST_F(Judging, ARemovedSubjectIsNotApplicable) {
    add("A");
    know("A", "active_uplink", std::string("3g"));
    (void)run();
    facts.remove_subject({SubjectKind::site, "A"});
    const auto told = run();
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].to, Verdict::not_applicable);
    EXPECT_EQ(judge.coverage()[0].population(), 0U);
}

TEST_F(Judging, CoverageIsAnInterval) {
    for (const auto* id : {"A", "B", "C", "D"}) add(id);
    add("P", "province");
    know("A", "active_uplink", std::string("fibre"));
    know("B", "active_uplink", std::string("fibre"));
    know("C", "active_uplink", std::string("4g"));
    (void)run();
    const auto all = judge.coverage();
    EXPECT_EQ(all[0].population(), 4U);
    EXPECT_DOUBLE_EQ(*all[0].low(), 0.5);
    EXPECT_DOUBLE_EQ(*all[0].high(), 0.75);
    EXPECT_EQ(all[0].against(0.5), Verdict::met);
    EXPECT_EQ(all[0].against(0.7), Verdict::not_known);
    EXPECT_EQ(all[0].against(0.8), Verdict::not_met);
    EXPECT_EQ(judge.coverage_of_unit("20900")[0].population(), 4U);
    EXPECT_EQ(judge.coverage_of_unit("1")[0].population(), 0U);
    EXPECT_FALSE(judge.coverage_of_unit("1")[0].low().has_value());
}

TEST_F(Judging, ARuleWithoutSubjectsIsTold) {
    add("P", "province");
    (void)run();
    const auto idle = judge.idle();
    ASSERT_EQ(idle.size(), 1U);
    EXPECT_EQ(idle[0].first->id, "R1");
}

TEST_F(Judging, AnExpressionThatFailsHarmsNoOther) {
    rules = rules_of(std::string(two_rules) +
                     "- { id: R3, title: T, subject: site, expect: \"abs(agents_enrolled) > 0\" }\n");
    judge = Judge::make(rules, facts).value();
    add("A");
    know("A", "agents_enrolled", FactValue(INT64_MIN));
    know("A", "active_uplink", std::string("fibre"));
    (void)run();
    const auto verdicts = judge.verdicts({SubjectKind::site, "A"});
    ASSERT_EQ(verdicts.size(), 3U);
    EXPECT_EQ(verdicts[0].second, Verdict::met);
    EXPECT_EQ(verdicts[2].second, Verdict::not_known);
    ASSERT_FALSE(judge.idle().empty());
    EXPECT_NE(judge.idle().back().second.en.find("integer overflow"), std::string::npos);
}

TEST_F(Judging, SixHundredRulesAreSeveralStatements) {
    std::string yaml;
    for (int i = 0; i < 600; ++i)
        yaml += "- { id: R" + std::to_string(1000 + i) + ", title: T, subject: site, expect: \"agents_heard > " +
                std::to_string(i) + "\" }\n";
    rules = rules_of(yaml);
    judge = Judge::make(rules, facts).value();
    add("A");
    know("A", "agents_heard", FactValue(std::int64_t{300}));
    EXPECT_EQ(run().size(), 600U);
    const auto verdicts = judge.verdicts({SubjectKind::site, "A"});
    for (int i = 0; i < 600; ++i) EXPECT_EQ(verdicts[i].second, i < 300 ? Verdict::met : Verdict::not_met) << i;
}

TEST(Replay, JudgesThePastWithItsFreshness) {
    const auto rules = rules_of(two_rules);
    Past past{{SubjectKind::site, "A"}, {{"unit_level", std::string("commune")}}, {}, t0, t0 + 60min};
    past.facts = {{"active_uplink", std::string("3g"), t0 + 12min},
                  {"active_uplink", std::string("fibre"), t0 - 5min},
                  {"active_uplink", std::string("fibre"), t0 + 20min}};
    const auto verdicts = judge_past(rules, past).value();
    std::vector<std::pair<Verdict, Millis>> seen;
    for (const auto& v : verdicts)
        if (v.rule == "R1") seen.emplace_back(v.verdict, v.at - t0);
    const std::vector<std::pair<Verdict, Millis>> wanted{{Verdict::met, 0min},
                                                         {Verdict::not_known, 5min},
                                                         {Verdict::not_met, 12min},
                                                         {Verdict::met, 20min},
                                                         {Verdict::not_known, 30min}};
    EXPECT_EQ(seen, wanted);
}

TEST(Evidence, IsTwoLinesWhereTheLanguagesDiffer) {
    auto facts = FactBase::make().value();
    const auto rules = rules_of(R"yaml(
- id: R1
  title: T
  subject: site
  expect: active_uplink = 'fibre'
  evidence: { vi: "'Đang đi ' || active_uplink || unit", en: "'On ' || active_uplink || unit" }
- { id: R2, title: T, subject: site, expect: internet, evidence: "coalesce(unit, '?')" }
)yaml");
    auto judge = Judge::make(rules, facts).value();
    ASSERT_TRUE(facts.put_subject({SubjectKind::site, "A"}, {{"unit", std::string(" a\nb")}}));
    ASSERT_TRUE(facts.set({SubjectKind::site, "A"}, "active_uplink", std::string("3g"), t0));
    ASSERT_TRUE(facts.set({SubjectKind::site, "A"}, "internet", false, t0));
    std::vector<std::string> told;
    judge.judge(t0, [&](const VerdictChange& change) { told.push_back(change.evidence); });
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0], "Đang đi 3g a b\nOn 3g a b");
    EXPECT_EQ(split_evidence(told[0]).vi, "Đang đi 3g a b");
    EXPECT_EQ(split_evidence(told[0]).en, "On 3g a b");
    EXPECT_EQ(told[1], " a b");
    EXPECT_EQ(split_evidence(told[1]).en, " a b");
}

}  // namespace
}  // namespace vg::rules
