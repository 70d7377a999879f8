// The shipped rules load without a complaint, each has a test in the users' format, and all of those hold.
#include "rules/load.hpp"
#include "rules/rule_test.hpp"

#include <gtest/gtest.h>

namespace vg::rules {
namespace {

const std::vector<std::string> catalogue{VONGGAC_SOURCE_DIR "/rules/catalogue"};
const std::vector<std::string> probes{"host",   "icmp", "tcp", "dns",      "http",
                                      "uplink", "snmp", "lan", "auth_log", "inventory"};

std::shared_ptr<const RuleSet> load_catalogue() {
    Problems problems;
    auto rules = load_rules(read_rule_files(catalogue, problems), probes, problems);
    EXPECT_EQ(problems.text(), "");
    return rules;
}

TEST(Catalogue, LoadsWithoutAProblem) {
    const auto rules = load_catalogue();
    for (const auto* id : {"A01", "A02", "C01", "C04", "C05", "C15", "C16", "C17", "C25", "S01"}) {
        const auto* rule = rules->expectation(id);
        ASSERT_NE(rule, nullptr) << id;
        EXPECT_TRUE(rule->problems.empty()) << id;
        EXPECT_NE(rule->title.vi, rule->title.en) << id;
        EXPECT_FALSE(rule->advice.vi.empty()) << id;
        EXPECT_FALSE(rule->advice.en.empty()) << id;
        EXPECT_EQ(rule->basis.empty(), id[0] == 'A') << id;
    }
    for (const auto& rule : rules->expectations) {
        EXPECT_FALSE(rule.evidence.vi.empty()) << rule.id << " would show the names of columns";
        EXPECT_NE(rule.evidence.vi, rule.evidence.en) << rule.id;
        EXPECT_NE(rule.title.vi, rule.title.en) << rule.id;
        EXPECT_FALSE(rule.advice.vi.empty()) << rule.id;
        EXPECT_TRUE(rule.gap.is_whole()) << rule.id;
        EXPECT_NE(rule.gap.vi, rule.title.vi) << rule.id << ": its gaps would say what is expected, not what is wrong";
        EXPECT_NE(rule.gap.en, rule.title.en) << rule.id;
        for (const auto& basis : rule.basis) EXPECT_TRUE(basis.text.is_whole()) << rule.id << ": " << basis.text.vi;
    }
    ASSERT_NE(rules->detection("S28"), nullptr);
    EXPECT_EQ(rules->detection("S28")->severity, wire::Severity::high);
    EXPECT_EQ(rules->detection("S28-slow")->severity, wire::Severity::high);
    EXPECT_EQ(rules->detection("S28-event"), nullptr) << "a rule that only counts makes no gaps";
}

TEST(Catalogue, EveryRuleHasATestThatHolds) {
    const auto rules = load_catalogue();
    Problems problems;
    const auto report = run_rule_tests(rules, read_test_files(catalogue, problems), problems);
    EXPECT_EQ(problems.text(), "");
    EXPECT_EQ(report.failures.text(), "");
    EXPECT_GE(report.tests, 15U);
    for (const auto& rule : rules->expectations) EXPECT_TRUE(report.rules_named.contains(rule.id)) << rule.id;
    for (const auto& rule : rules->detections) EXPECT_TRUE(report.rules_named.contains(rule.id)) << rule.id;
}

TEST(Catalogue, RulesWhoseProbeIsMissingSayThatTheyCanNeverBeJudged) {
    Problems problems;
    const auto rules = load_rules(read_rule_files(catalogue, problems), std::vector<std::string>{"host"}, problems);
    EXPECT_TRUE(problems.empty()) << problems.text();
    ASSERT_EQ(rules->expectation("C01")->problems.size(), 1U);
    EXPECT_EQ(rules->expectation("C01")->problems[0].en,
              "This rule can never be judged: nothing produces site.active_uplink (probe \"uplink\").");
    EXPECT_TRUE(rules->expectation("A01")->problems.empty());
}

TEST(RuleTests, TellWhatDiffersAndWhere) {
    const auto rules = load_catalogue();
    Problems problems;
    const auto report = run_rule_tests(rules,
                                       {{"x.test.yaml",
                                         "- test: wrong\n"
                                         "  subjects: [{ agent: a1 }]\n"
                                         "  facts: [{ at: 0s, agent: a1, heard: true }]\n"
                                         "  expect:\n"
                                         "    - { at: 1m, rule: A01, agent: a1, verdict: not_met, gap: open }\n"}},
                                       problems);
    EXPECT_EQ(problems.text(), "");
    EXPECT_EQ(report.failures.text(Language::en),
              "x.test.yaml:5:7: wrong: A01 on a1: expected verdict not_met, saw met\n"
              "x.test.yaml:5:7: wrong: A01 on a1: expected gap open, saw none\n");
}

TEST(RuleTests, MistakesAreToldAllAtOnce) {
    const auto rules = load_catalogue();
    Problems problems;
    (void)run_rule_tests(rules,
                         {{"x.test.yaml",
                           "- test: mistakes\n"
                           "  subject: []\n"
                           "  subjects: [{ agent: a1, sit: HA01 }]\n"
                           "  facts: [{ at: 0s, agent: a1, herd: true }]\n"
                           "  expect: [{ at: 1m, rule: A99, agent: a1, gap: opened }]\n"}},
                         problems);
    EXPECT_EQ(problems.text(Language::en),
              "x.test.yaml:2:3: unknown key 'subject'; did you mean 'subjects'?\n"
              "x.test.yaml:3:27: the view agent has no register column 'sit'; did you mean 'site'?\n"
              "x.test.yaml:4:32: the view agent has no fact 'herd'; did you mean 'heard'?\n"
              "x.test.yaml:5:28: there is no rule 'A99'\n"
              "x.test.yaml:5:49: 'opened' is no gap; did you mean 'open'?\n");
}

}  // namespace
}  // namespace vg::rules
