#include "rules/facts.hpp"

#include "rules/guard.hpp"
#include "tests/rules/subjects.hpp"

#include <gtest/gtest.h>

namespace vg::rules {
namespace {

using namespace std::chrono_literals;
using wire::FactValue;
using wire::SubjectKind;

class Facts : public ::testing::Test {
protected:
    FactBase facts = FactBase::make().value();
    void SetUp() override { ASSERT_TRUE(facts.put_subject(site, {{"unit_level", std::string("commune")}})); }

    std::string cell(const std::string& expression) {
        auto statement = facts.guarded().prepare("select " + expression + " from site");
        if (statement.has_error()) return "error: " + statement.error().message;
        auto row = statement->step();
        if (row.has_error()) return "error: " + row.error().message;
        return statement->is_null(0) ? "null" : statement->text(0);
    }
};

TEST_F(Facts, StandBesideTheRegisterColumns) {
    EXPECT_TRUE(facts.set(site, "active_uplink", FactValue(std::string("fibre")), t0).value());
    EXPECT_EQ(cell("active_uplink || '/' || unit_level || '/' || id"), "fibre/commune/HA01");
    EXPECT_EQ(cell("hop_latency_ms"), "null");
}

TEST_F(Facts, AnOlderValueIsIgnored) {
    (void)facts.set(site, "active_uplink", FactValue(std::string("fibre")), t0);
    EXPECT_FALSE(facts.set(site, "active_uplink", FactValue(std::string("3g")), t0 - 1s).value());
    EXPECT_EQ(cell("active_uplink"), "fibre");
}

TEST_F(Facts, RunOutAfterTheirFreshnessAndChangeTheSubjectAtThatTime) {
    (void)facts.set(site, "active_uplink", FactValue(std::string("fibre")), t0);
    (void)facts.set(site, "active_uplink", FactValue(std::string("fibre")), t0 + 5min);
    (void)facts.take_changed();
    facts.expire(t0 + 14min);
    EXPECT_EQ(cell("active_uplink"), "fibre");
    EXPECT_TRUE(facts.take_changed().empty());
    EXPECT_EQ(facts.next_expiry(), t0 + 15min);
    facts.expire(t0 + 20min);
    EXPECT_EQ(cell("active_uplink"), "null");
    const auto changed = facts.take_changed();
    ASSERT_EQ(changed.size(), 1U);
    EXPECT_EQ(changed[0].at, t0 + 15min);
    EXPECT_EQ(facts.next_expiry(), Time::max());
}

TEST_F(Facts, SomeNeverRunOut) {
    (void)facts.set(site, "agents_enrolled", FactValue(std::int64_t{3}), t0);
    facts.expire(t0 + std::chrono::hours(24 * 365));
    EXPECT_EQ(cell("agents_enrolled"), "3");
}

TEST_F(Facts, OnlyRealChangesAreTold) {
    (void)facts.take_changed();
    EXPECT_TRUE(facts.set(site, "internet", FactValue(true), t0).value());
    EXPECT_EQ(facts.take_changed().size(), 1U);
    EXPECT_FALSE(facts.set(site, "internet", FactValue(true), t0 + 1s).value());
    EXPECT_TRUE(facts.put_subject(site, {{"unit_level", std::string("commune")}}));
    EXPECT_TRUE(facts.take_changed().empty());
}

TEST_F(Facts, WhatIsNotInTheViewIsRefused) {
    EXPECT_EQ(facts.set(site, "colour", FactValue(true), t0).error().code, Errc::not_found);
    EXPECT_EQ(facts.set({SubjectKind::site, "X"}, "internet", FactValue(true), t0).error().code, Errc::not_found);
    EXPECT_EQ(facts.set(site, "internet", FactValue(std::string("yes")), t0).error().code, Errc::invalid_input);
    EXPECT_EQ(facts.put_subject(site, {{"colour", std::string("red")}}).error().code, Errc::invalid_input);
}

TEST_F(Facts, ARemovedSubjectLeavesTheViewAndIsTold) {
    (void)facts.set(site, "internet", FactValue(true), t0);
    (void)facts.take_changed();
    facts.remove_subject(site);
    auto statement = facts.guarded().prepare("select 1 from site").value();
    EXPECT_FALSE(statement.step().value());
    const auto changed = facts.take_changed();
    ASSERT_EQ(changed.size(), 1U);
    EXPECT_TRUE(changed[0].removed);
    facts.expire(t0 + 24h);
    ASSERT_TRUE(facts.put_subject(site, {}));
    EXPECT_TRUE(facts.facts(site).empty()) << "a new subject of the same id knows nothing";
}

TEST_F(Facts, TheGuardedConnectionOnlyReads) {
    for (const auto* sql :
         {"insert into site(id) values ('x')", "delete from site", "drop table site", "attach database ':memory:' as x",
          "pragma query_only = off", "create table t(x)", "select * from sqlite_master", "select load_extension('x')",
          "select randomblob(9) from site", "select 1 from site where id in (select id from unit)"}) {
        EXPECT_TRUE(facts.guarded().prepare(sql).has_error()) << sql;
    }
}

TEST_F(Facts, AStepHasABoundedNumberOfOperations) {
    for (int i = 0; i < 400; ++i) ASSERT_TRUE(facts.put_subject({SubjectKind::site, "S" + std::to_string(i)}, {}));
    auto statement = facts.guarded().prepare("select count(*) from site a, site b, site c");
    // count() is not among the functions; a join without it costs as much.
    EXPECT_TRUE(statement.has_error());
    auto join =
        facts.guarded().prepare("select 1 from site a, site b, site c where a.id || b.id || c.id = 'x'").value();
    EXPECT_EQ(join.step().error().code, Errc::timed_out);
    EXPECT_EQ(cell("unit_level"), "commune") << "the next statement has a new allowance";
}

struct Refused {
    const char* expression;
    const char* sentence;
    int offset;
};

TEST_F(Facts, ExpressionsAreCheckedAsAWhole) {
    const Refused cases[] = {
        {"active_uplink = 'fibre", "a quoted text is not closed", 16},
        {"1) or (1", "a closing parenthesis has no opening one", 1},
        {"(internet", "a parenthesis is not closed", 9},
        {"1; drop table site", "a semicolon does not belong into an expression", 1},
        {"1 -- x", "comments inside an expression are not supported; use a YAML comment (#)", 2},
        {"1 /* x", "comments inside an expression are not supported; use a YAML comment (#)", 2},
        {"internet = ?1", "parameters are not supported in an expression", 11},
        {"  ", "the expression is empty", 0},
        {"upper(", "a parenthesis is not closed", 6},
        {"exists (select 1)", "sub-selects are not supported; a rule sees the row of its own subject only", 0},
        {"id in (select id from unit)", "sub-selects are not supported; a rule sees the row of its own subject only",
         0},
        {"random() > 0", "the function random() is not one of the pure functions that rules may use", 0},
        {"rowid = 1", "rowid is not a column of the view", 0},
    };
    for (const auto& c : cases) {
        const auto checked = facts.guard().check("site", c.expression);
        EXPECT_EQ(checked.sentence.en, c.sentence) << c.expression;
        EXPECT_EQ(checked.offset, c.offset) << c.expression;
    }
    EXPECT_NE(facts.guard().check("site", "id in unit").sentence.en, "");
    EXPECT_EQ(facts.guard().check("site", "1 = actve_uplink").unknown_column, "actve_uplink");
    EXPECT_EQ(facts.guard().check("site", "1 = actve_uplink").offset, 4);
    EXPECT_NE(facts.guard().check("site", "max(hop_latency_ms) > 1").sentence.en.find("misuse of aggregate"),
              std::string::npos);
    EXPECT_NE(facts.guard().check("site", "active_uplink = \"fibre\"").unknown_column, "");
    const auto fine = facts.guard().check("site", "coalesce(hop_latency_ms, 0) <= 50 and unit_level like 'comm%'");
    EXPECT_EQ(fine.sentence.en, "");
    EXPECT_EQ(fine.reads, (std::set<std::string>{"hop_latency_ms", "unit_level"}));
}

}  // namespace
}  // namespace vg::rules
