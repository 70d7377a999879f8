// The pipeline and times: data that comes late, days of units, a clock that is put.
#include "collector/register/read.hpp"
#include "tests/collector/pipeline_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace vg::collector::test {
namespace {

class LateData : public PipelineTest {
protected:
    // The line is down for an hour, and what was seen meanwhile comes when it is back.
    void cut_and_come_back() {
        clock.advance(std::chrono::hours(1));
        connect();
        uplinks({{mono(), "fibre"}});
        cut = mono();
        pass(std::chrono::minutes(60), false);
        connect();
        uplinks({{mono(), "fibre"}});  // what is now comes first, what was follows
        std::vector<std::pair<std::int64_t, std::string>> backlog;
        for (std::int64_t m = 10; m <= 40; m += 2) backlog.emplace_back(cut + m * 60'000, "3g");
        for (std::int64_t m = 42; m <= 58; m += 2) backlog.emplace_back(cut + m * 60'000, "fibre");
        uplinks(backlog);
    }
    void expect_the_gap() {
        const auto found = gap("C01", true);
        ASSERT_TRUE(found);
        EXPECT_TRUE(found->rewritten);
        const auto begin = Time{Millis{1'795'000'000'000 + cut}};
        EXPECT_NEAR(static_cast<double>((found->since - begin).count()), 600'000.0, 1'000.0);
        EXPECT_GT(found->recorded, *found->closed);
        EXPECT_GE(counters.rewritten_gaps, 1u);
    }
    std::int64_t cut = 0;
};

TEST_F(LateData, ShowsAGapThatCameAndWentUnseen) {
    cut_and_come_back();
    pass(std::chrono::seconds(20));
    expect_the_gap();
}

TEST_F(LateData, IsJudgedAfterANewStartWhenNobodyCameToIt) {
    cut_and_come_back();
    start();
    connect();
    pass(std::chrono::seconds(20));
    expect_the_gap();
}

TEST_F(PipelineTest, a_document_system_knows_whether_it_is_working_hours) {
    Problems problems;
    auto reg = registry::read_yaml(std::string(small_register) + R"(
services:
  - { id: document, name: Văn bản, kind: document, probe: http, target: "https://a/" }
  - { id: portal, name: Cổng, kind: portal, probe: http, target: "https://b/" }
)",
                                   "register", problems);
    ASSERT_EQ(problems.text(), "");
    ASSERT_TRUE(pipeline->put_register(std::make_shared<const registry::Register>(std::move(reg))));
    const rules::SubjectId document{wire::SubjectKind::service, "HA01/document"};
    const auto told = [&] { return pipeline->facts().value(document, "working_hours"); };
    pass(std::chrono::seconds(40));  // a Wednesday at six in the evening
    EXPECT_EQ(told(), wire::FactValue{false});
    clock.advance(std::chrono::hours(14));
    pass(std::chrono::seconds(40));
    EXPECT_EQ(told(), wire::FactValue{true});
    const auto history = pipeline->store().fact_history(document, "working_hours", Time{}, Time::max());
    ASSERT_TRUE(history);
    EXPECT_EQ(history->size(), 2U) << "told when it changes, not with every look";
    const rules::SubjectId portal{wire::SubjectKind::service, "HA01/portal"};
    EXPECT_EQ(pipeline->facts().value(portal, "working_hours"), wire::FactValue{});
}

// What another witness tells late of the minutes before does not come back as the present with a new start.
TEST_F(PipelineTest, AValueOfThePastStaysInThePast) {
    clock.advance(std::chrono::hours(1));
    connect();
    const auto begun = mono();
    uplinks({{begun, "fibre"}});
    pass(std::chrono::minutes(8));
    uplinks({{mono(), "fibre"}});
    uplinks({{begun + 120'000, "3g"}});
    EXPECT_EQ(uplink(), wire::FactValue{"fibre"});
    const rules::SubjectId site{wire::SubjectKind::site, "HA01"};
    const auto history = pipeline->store().fact_history(site, "active_uplink", Time{}, Time::max()).value();
    ASSERT_EQ(history.size(), 3u);
    EXPECT_EQ(history[1].value, wire::FactValue{"3g"});
    EXPECT_EQ(history[2].value, wire::FactValue{"fibre"});
    start();
    EXPECT_EQ(uplink(), wire::FactValue{"fibre"});
}

// A unit that ends is not judged after its last day, whenever the collector was started.
TEST_F(PipelineTest, AUnitIsJudgedOnTheDaysOnWhichItIsValid) {
    const auto day = [&](int after) {
        return registry::to_string(
            registry::Date(std::chrono::floor<std::chrono::days>(clock.wall()) + std::chrono::days(after)));
    };
    const std::string changing = std::string("units:\n") +
                                 "  - { code: '1', level: commune, kind: xa, name: A, valid_to: " + day(2) + " }\n" +
                                 "  - { code: '2', level: commune, kind: xa, name: B, valid_from: " + day(2) + " }\n";
    Folder own;
    pipeline = lone_pipeline(own, clock, counters, changing.c_str());
    const auto stands = [&](const char* code) { return pipeline->facts().has({wire::SubjectKind::unit, code}); };
    EXPECT_TRUE(stands("1") && !stands("2"));
    clock.advance(std::chrono::hours(72));
    pipeline->tick();
    EXPECT_TRUE(!stands("1") && stands("2"));
}

class PutClock : public PipelineTest, public testing::WithParamInterface<int> {};

// Whichever way the collector's clock is put: nobody falls silent, holds last as long as they should, and what comes
// afterwards is believed and dated by the clock as it is.
TEST_P(PutClock, ChangesNothingButTheTimes) {
    const rules::SubjectId site{wire::SubjectKind::site, "HA01"};
    clock.advance(std::chrono::hours(5));
    connect();
    uplinks({{mono(), "3g"}});
    pass(std::chrono::minutes(1));
    clock.step_wall(std::chrono::hours(GetParam()));
    pipeline->tick();
    EXPECT_EQ(pipeline->agents().find("a1")->state(), AgentState::heard);
    EXPECT_EQ(uplink(), wire::FactValue{"3g"});
    pass(std::chrono::minutes(3));
    EXPECT_FALSE(gap("C01"));
    uplinks({{mono(), "3g"}});
    EXPECT_LT(clock.wall() - *pipeline->last_told(site, "active_uplink"), std::chrono::seconds(2));
    pass(std::chrono::seconds(70));
    const auto open = gap("C01");
    ASSERT_TRUE(open);
    EXPECT_EQ(*open->opened - open->since, std::chrono::minutes(5));
    EXPECT_FALSE(gap("A02") || gap("A02", true));
    uplinks({{mono(), "fibre"}});
    EXPECT_EQ(uplink(), wire::FactValue{"fibre"});
    pass(std::chrono::minutes(3));
    EXPECT_FALSE(gap("C01"));
    pass(std::chrono::seconds(20), false);
    EXPECT_TRUE(gap("A02")) << "silence is still seen";
}

INSTANTIATE_TEST_SUITE_P(ForwardAndBack, PutClock, testing::Values(2, -2));

}  // namespace
}  // namespace vg::collector::test
