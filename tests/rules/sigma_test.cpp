#include "rules/sigma.hpp"

#include "base/text.hpp"
#include "rules/load.hpp"
#include "rules/sigma_matcher.hpp"
#include "tests/rules/subjects.hpp"

#include <gtest/gtest.h>

namespace vg::rules {
namespace {

using namespace std::chrono_literals;
using wire::SubjectKind;

bool matches(std::string_view pattern, std::string_view text, bool start = false, bool end = false) {
    return SigmaPattern::parse(pattern, start, end).matches(lower(text));
}

TEST(SigmaPattern, Wildcards) {
    EXPECT_TRUE(matches("Root", "ROOT"));
    EXPECT_FALSE(matches("root", "root2"));
    EXPECT_TRUE(matches("*", ""));
    EXPECT_TRUE(matches("", ""));
    EXPECT_FALSE(matches("", "x"));
    EXPECT_TRUE(matches("a*", "abc"));
    EXPECT_TRUE(matches("*c", "abc"));
    EXPECT_TRUE(matches("a*c", "ac"));
    EXPECT_FALSE(matches("a*ca", "aca1"));
    EXPECT_FALSE(matches("ab*ba", "aba")) << "pieces do not overlap";
    EXPECT_TRUE(matches("a?c", "abc"));
    EXPECT_FALSE(matches("a?c", "ac"));
    EXPECT_TRUE(matches("*a*b*c*", "xxaxxbxxcxx"));
    EXPECT_FALSE(matches("*a*b*c*", "xxaxxcxxbxx"));
    EXPECT_TRUE(matches("**a**", "bab"));
    EXPECT_TRUE(matches(R"(a\*b)", "a*b"));
    EXPECT_FALSE(matches(R"(a\*b)", "axb"));
    EXPECT_TRUE(matches(R"(\a)", R"(\a)")) << "a backslash before anything else is itself";
    EXPECT_TRUE(matches(R"(a\\*b)", R"(a\xxb)"));
    EXPECT_TRUE(matches("b", "abc", true, true)) << "contains";
    EXPECT_TRUE(matches("ab", "abc", false, true)) << "startswith";
    EXPECT_TRUE(matches("bc", "abc", true, false)) << "endswith";
    EXPECT_FALSE(matches("ab", "abc", true, false));
}

TEST(SigmaPattern, HardPatternsCostLittle) {
    std::string pattern, text(100'000, 'a');
    for (int i = 0; i < 50; ++i) pattern += "a*";
    EXPECT_FALSE(matches(pattern + "b", text));
}

std::shared_ptr<const RuleSet> load(const std::string& yaml) {
    Problems problems;
    auto rules = load_rules({{"r.yaml", yaml}}, {}, problems);
    EXPECT_EQ(problems.text(), "");
    return rules;
}

using Fields = std::vector<std::pair<std::string, std::string>>;
SeenEvent event(std::string kind, Fields fields, Time at = t0) {
    return {std::move(kind), wire::Severity::info, {SubjectKind::agent, "a1"}, "a1", "HA01", std::move(fields), at};
}

bool detects(const std::string& detection, const SeenEvent& event) {
    const auto rules = load("title: T\nid: R\nlogsource: { product: vonggac }\ndetection:\n" + detection);
    return !rules->sigma->match(event).empty();
}

TEST(SigmaMatch, Conditions) {
    const std::string selections = "  a1: { user: root }\n  a2: { service: sshd }\n  b: { x: [1, 2] }\n  condition: ";
    const auto holds = [&](const std::string& condition, Fields fields) {
        return detects(selections + condition + "\n", event("login.failed", std::move(fields)));
    };
    EXPECT_TRUE(holds("a1 and a2", {{"user", "root"}, {"service", "sshd"}}));
    EXPECT_FALSE(holds("a1 and a2", {{"user", "root"}}));
    EXPECT_TRUE(holds("a1 or a2 and b", {{"user", "root"}})) << "and binds closer";
    EXPECT_FALSE(holds("(a1 or a2) and b", {{"user", "root"}}));
    EXPECT_TRUE(holds("not a1", {{"user", "lan"}}));
    EXPECT_TRUE(holds("not a1", {})) << "a missing field matches nothing";
    EXPECT_TRUE(holds("1 of a*", {{"service", "SSHD"}}));
    EXPECT_FALSE(holds("all of a*", {{"service", "sshd"}}));
    EXPECT_TRUE(holds("1 of them", {{"X", "2"}})) << "names of fields without regard to case";
    EXPECT_TRUE(holds("all of them", {{"user", "root"}, {"service", "sshd"}, {"x", "1"}}));
    EXPECT_TRUE(holds("not (a1 or a2)", {{"x", "1"}}));
    EXPECT_TRUE(holds("[a1, b]", {{"x", "1"}}));
}

TEST(SigmaMatch, Modifiers) {
    const auto holds = [&](const std::string& selection, Fields fields) {
        return detects("  s: " + selection + "\n  condition: s\n", event("lan.new_host", std::move(fields)));
    };
    EXPECT_TRUE(holds("{ 'n|contains': [x, ell] }", {{"n", "Hello"}}));
    EXPECT_FALSE(holds("{ 'n|contains|all': [hel, x] }", {{"n", "Hello"}}));
    EXPECT_TRUE(holds("{ 'n|contains|all': [hel, lo] }", {{"n", "Hello"}}));
    EXPECT_TRUE(holds("{ 'n|startswith': HE }", {{"n", "Hello"}}));
    EXPECT_TRUE(holds("{ 'ip|cidr': [10.0.0.0/8, 'fe80::/10'] }", {{"ip", "fe80::1"}}));
    EXPECT_TRUE(holds("{ 'n|exists': false }", {}));
    EXPECT_TRUE(holds("{ n: null }", {}));
    EXPECT_FALSE(holds("{ n: null }", {{"n", ""}}));
    EXPECT_TRUE(holds("{ 'n|gte': 5 }", {{"n", "5.0"}}));
    EXPECT_FALSE(holds("{ 'n|lt': 5 }", {{"n", "abc"}}));
    EXPECT_TRUE(holds("{ kind: lan.new_host, site: ha01, agent: a1 }", {}));
    EXPECT_TRUE(holds("[{ a: 1 }, { b: 2 }]", {{"b", "2"}}));
}

TEST(SigmaMatch, TheLogSourceDecidesTheKind) {
    const auto rules = load(
        "title: T\nid: R\nlogsource: { product: linux, service: sshd }\ndetection:\n"
        "  s: { user: root }\n  condition: s\n");
    EXPECT_EQ(rules->sigma->match(event("login.failed", {{"user", "root"}})).size(), 1U);
    EXPECT_EQ(rules->sigma->match(event("lan.new_host", {{"user", "root"}})).size(), 0U);
}

const char* count_three = R"(title: E
id: E
name: failed
logsource: { product: vonggac, service: login }
detection: { s: { kind: login.failed }, condition: s }
---
title: C
id: C
correlation: { type: event_count, rules: [failed], group-by: [src_ip], timespan: 30s, condition: { gte: 3 } }
)";

TEST(Correlation, CountsAtTheEventsOwnTimesInAnyOrder) {
    for (const auto& order : {std::vector<int>{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}}) {
        Correlator correlator(load(count_three));
        std::uint64_t told = 0;
        Time first = Time::max(), last = Time::min();
        for (const int i : order)
            for (const auto& d : correlator.feed(event("login.failed", {{"src_ip", "x"}}, t0 + i * 10s), t0 + 9h)) {
                EXPECT_EQ(d.key.rule, "C");
                EXPECT_EQ(d.key.discriminator, "x");
                EXPECT_EQ(d.now, t0 + 9h);
                told += d.count;
                first = std::min(first, d.first);
                last = std::max(last, d.last);
            }
        EXPECT_EQ(told, 4U);
        EXPECT_EQ(first, t0);
        EXPECT_EQ(last, t0 + 30s);
    }
}

TEST(Correlation, TheWindowIsTheTimespan) {
    Correlator correlator(load(count_three));
    EXPECT_TRUE(correlator.feed(event("login.failed", {{"src_ip", "x"}}, t0), t0).empty());
    EXPECT_TRUE(correlator.feed(event("login.failed", {{"src_ip", "x"}}, t0 + 20s), t0 + 20s).empty());
    EXPECT_TRUE(correlator.feed(event("login.failed", {{"src_ip", "x"}}, t0 + 31s), t0 + 31s).empty());
    EXPECT_TRUE(correlator.feed(event("login.failed", {{"src_ip", "y"}}, t0 + 32s), t0 + 32s).empty())
        << "another group";
    EXPECT_EQ(correlator.feed(event("login.failed", {{"src_ip", "x"}}, t0 + 50s), t0 + 50s).size(), 1U);
    EXPECT_EQ(correlator.memory(), 1h + 30s);
}

TEST(Correlation, AFloodStaysBounded) {
    Correlator correlator(load(count_three));
    std::uint64_t told = 0;
    for (int i = 0; i < 30'000; ++i)
        for (const auto& d : correlator.feed(event("login.failed", {{"src_ip", "x"}}, t0 + Millis(i)), t0 + Millis(i)))
            told += d.count;
    EXPECT_EQ(told, 30'000U);
}

TEST(Correlation, AFloodOfSourcesDoesNotBlind) {
    Correlator correlator(load(count_three));
    for (int i = 0; i < 50'000; ++i)
        EXPECT_TRUE(correlator.feed(event("login.failed", {{"src_ip", "flood" + std::to_string(i)}}, t0), t0).empty());
    std::size_t told = 0;
    for (int i = 0; i < 3; ++i)
        told += correlator.feed(event("login.failed", {{"src_ip", "x"}}, t0 + 1min), t0 + 1min).size();
    EXPECT_EQ(told, 1U);
}

TEST(Correlation, WhatADisabledCorrelationCountedStaysSilent) {
    const auto rules = load(std::string(count_three) + "---\n- override: C\n  disabled: true\n");
    EXPECT_TRUE(rules->detections.empty());
    Correlator correlator(rules);
    EXPECT_TRUE(correlator.feed(event("login.failed", {{"src_ip", "x"}}), t0).empty());
}

TEST(Correlation, ARuleThatOnlyCountsDoesNotAlarm) {
    const auto rules = load(count_three);
    EXPECT_EQ(rules->detections.size(), 1U);
    Correlator correlator(rules);
    EXPECT_TRUE(correlator.feed(event("login.failed", {{"src_ip", "x"}}), t0).empty());
}

}  // namespace
}  // namespace vg::rules
