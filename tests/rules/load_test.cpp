#include "rules/load.hpp"

#include "rules/sigma_matcher.hpp"

#include <gtest/gtest.h>

namespace vg::rules {
namespace {

const std::vector<std::string> two_probes{"uplink", "http"};

std::string problems_of(const std::string& yaml, Language language = Language::en) {
    Problems problems;
    (void)load_rules({{"r.yaml", yaml}}, two_probes, problems);
    return problems.text(language);
}

TEST(Load, ReadsEveryFieldOfAnExpectation) {
    Problems problems;
    const auto rules = load_rules({{"r.yaml", R"(
- id: X1
  title: { vi: Tên, en: Name }
  gap: { vi: Sai, en: Wrong }
  subject: uplink
  where: primary_line
  expect: up
  hold: 5m
  recover: 30s
  target: 99.5%
  severity: critical
  evidence: name || ' down'
  explains: true
  advice: { vi: Gọi, en: Call }
  basis: [{ text: QCVN, mark: V2, valid_from: 2023-07-01, valid_to: 2030-01-01 }]
)"}},
                                  two_probes, problems);
    ASSERT_EQ(problems.text(), "");
    const auto* rule = rules->expectation("X1");
    ASSERT_NE(rule, nullptr);
    EXPECT_EQ(rule->title.vi, "Tên");
    EXPECT_EQ(rules->gap_words("X1"), (Text{"Sai", "Wrong"}));
    EXPECT_TRUE(rules->gap_words("X2").empty());
    EXPECT_EQ(rule->hold, std::chrono::minutes(5));
    EXPECT_EQ(rule->recover, std::chrono::seconds(30));
    EXPECT_DOUBLE_EQ(*rule->target, 0.995);
    EXPECT_EQ(rule->severity, wire::Severity::critical);
    EXPECT_TRUE(rule->explains);
    EXPECT_EQ(rule->reads, (std::vector<std::string>{"primary_line", "up"}));
    ASSERT_EQ(rule->basis.size(), 1U);
    EXPECT_EQ(to_iso(*rule->basis[0].valid_from), "2023-07-01T00:00:00.000Z");
    EXPECT_EQ(rule->place.line, 2);
}

const char* const mistakes = R"(- id: X1
  title: { vi: T }
  subjet: site
  subject: site
  where: unit_levle = 'commune'
  expect: "active_uplink == 'fibre' andd 1"
  hold: 5 minutes
  target: 120%
  severity: severe
- id: X2
  title: T
  subject: sites
  expect: "1"
- id: bad id
  title: T
  subject: unit
  expect: 1 = 1
)";

TEST(Load, TellsAllMistakesWithTheirPlacesInVietnamese) {
    EXPECT_EQ(problems_of(mistakes, Language::vi),
              "r.yaml:2:10: lời văn thiếu 'en'\n"
              "r.yaml:3:3: không có khóa 'subjet'; có phải là 'subject' không?\n"
              "r.yaml:5:10: bảng site không có cột 'unit_levle'; có phải là 'unit_level' không?\n"
              "r.yaml:6:37: sai cú pháp ở gần \"andd\"\n"
              "r.yaml:7:9: cần một khoảng thời gian như 500ms, 5s, 3m, 2h hoặc 30d\n"
              "r.yaml:8:11: cần một tỷ lệ như 95% hoặc 0.95\n"
              "r.yaml:9:13: 'severe' không phải mức độ; hãy ghi info, low, medium, high hoặc critical\n"
              "r.yaml:12:12: 'sites' không phải loại đối tượng; chọn một trong: unit, site, uplink, service, agent, "
              "device; có phải là 'site' không?\n"
              "r.yaml:14:7: id gồm nhiều nhất 64 chữ cái không dấu, chữ số, '.', '-' hoặc '_'\n");
}

TEST(Load, TellsAllMistakesWithTheirPlaces) {
    EXPECT_EQ(
        problems_of(mistakes),
        "r.yaml:2:10: the text has no 'en'\n"
        "r.yaml:3:3: unknown key 'subjet'; did you mean 'subject'?\n"
        "r.yaml:5:10: the view site has no column 'unit_levle'; did you mean 'unit_level'?\n"
        "r.yaml:6:37: near \"andd\": syntax error\n"
        "r.yaml:7:9: expected a duration such as 500ms, 5s, 3m, 2h or 30d\n"
        "r.yaml:8:11: expected a share such as 95% or 0.95\n"
        "r.yaml:9:13: 'severe' is no severity; write info, low, medium, high or critical\n"
        "r.yaml:12:12: 'sites' is no kind of subject; one of: unit, site, uplink, service, agent, device; did you mean "
        "'site'?\n"
        "r.yaml:14:7: an id is up to 64 letters, digits, '.', '-' or '_'\n");
}

TEST(Load, FindsThePlaceInsideBlocks) {
    EXPECT_EQ(problems_of("- id: X1\n  title: T\n  subject: site\n  expect: |\n    active_uplink = 'fibre'\n"
                          "      and nonsense > 1\n"),
              "r.yaml:6:11: the view site has no column 'nonsense'\n");
    EXPECT_EQ(problems_of("- id: X1\n  title: T\n  subject: site\n  expect: >-\n    active_uplink = 'cáp'\n"
                          "    and\n    intrnet\n"),
              "r.yaml:7:5: the view site has no column 'intrnet'; did you mean 'internet'?\n");
    EXPECT_EQ(problems_of("- id: X1\n  title: T\n  subject: site\n  expect: active_uplink = \"fibre\"\n"),
              "r.yaml:4:27: the view site has no column 'fibre' (a text stands in single quotes)\n");
}

TEST(Load, AnIdStandsOnce) {
    EXPECT_EQ(problems_of("- { id: A, title: T, subject: site, expect: internet }\n"
                          "- { id: A, title: T, subject: site, expect: internet }\n"),
              "r.yaml:2:3: the rule id 'A' stands twice (first at r.yaml:1:3)\n");
}

TEST(Load, AnOfficeOverridesARule) {
    Problems problems;
    const std::string shipped =
        "- { id: A, title: T, subject: site, expect: internet, hold: 5m }\n"
        "- { id: B, title: T, subject: site, expect: internet }\n";
    const auto rules = load_rules({{"a.yaml", shipped},
                                   {"b.yaml",
                                    "- { override: A, hold: 0s, target: 90%, because: Thí điểm }\n"
                                    "- { override: B, disabled: true }\n"}},
                                  two_probes, problems);
    EXPECT_EQ(problems.text(), "");
    EXPECT_EQ(rules->expectation("A")->hold, Millis::zero());
    EXPECT_DOUBLE_EQ(*rules->expectation("A")->target, 0.9);
    EXPECT_EQ(rules->gap_words("A"), (Text{"T", "T"})) << "no words of its own";
    EXPECT_EQ(rules->expectation("B"), nullptr);
    EXPECT_EQ(problems_of("- { override: Z9, hold: 0s }\n"), "r.yaml:1:3: there is no rule 'Z9' to override\n");
}

TEST(Load, TheVersionFollowsTheText) {
    Problems problems;
    const auto a = load_rules({{"a.yaml", ""}}, two_probes, problems);
    const auto b = load_rules({{"a.yaml", "# x\n"}}, two_probes, problems);
    EXPECT_NE(a->version, b->version);
    EXPECT_EQ(a->version.size(), 16U);
}

TEST(Load, SigmaThatIsNotSupportedIsRefusedByName) {
    EXPECT_EQ(problems_of(R"(title: T
id: X
logsource: { product: windows, service: security }
detection:
  a:
    CommandLine|re: '.*x'
    User|base64offset|contains: x
  b: [keyword]
  condition: a and (b or c) | count() > 5
---
title: T
id: Y
correlation:
  type: value_count
  rules: [Z]
  timespan: 5m
  condition: { lte: 5 }
)"),
              "r.yaml:3:12: no event of ours comes from the log source category '', product 'windows', service "
              "'security'; docs/rules.md lists the known ones\n"
              "r.yaml:6:5: the modifier 're' is not supported; supported are contains, startswith, endswith, cidr, "
              "exists, all, lt, lte, gt, gte\n"
              "r.yaml:7:5: the modifier 'base64offset' is not supported; supported are contains, startswith, endswith, "
              "cidr, exists, all, lt, lte, gt, gte\n"
              "r.yaml:8:7: keywords without a field are not supported; name the field\n"
              "r.yaml:9:26: condition: no selection is named 'c'; did you mean 'a'?\n"
              "r.yaml:14:9: the correlation type 'value_count' is not supported; supported is event_count\n"
              "r.yaml:17:16: the condition 'lte' is not supported; supported are gte and gt\n");
}

TEST(Load, ACorrelationNeedsItsRules) {
    EXPECT_EQ(
        problems_of(
            "title: T\nid: Y\ncorrelation: { type: event_count, rules: [Z], timespan: 5m, condition: {gte: 5} }\n"),
        "r.yaml:3:43: there is no Sigma rule 'Z'\n");
}

}  // namespace
}  // namespace vg::rules
