// Walks over the tables of agents that behave and that misbehave.
#include "probes/snmp/walk.hpp"

#include <gtest/gtest.h>

namespace vg::probes::snmp {
namespace {

const Oid table{1, 3, 9};
Oid cell_at(std::uint32_t column, std::uint32_t row) { return {1, 3, 9, column, row}; }
Answer answer(std::vector<Binding> bindings) { return {0, 0, std::move(bindings)}; }

TEST(SnmpWalk, ColumnsSideBySide) {
    Walk walk(table, {1, 2});
    const auto first = walk.next();
    EXPECT_EQ(first.ask, Ask::bulk);
    EXPECT_EQ(first.oids, (std::vector<Oid>{{1, 3, 9, 1}, {1, 3, 9, 2}}));
    walk.take(answer({{cell_at(1, 5), std::int64_t{7}}, {cell_at(2, 5), std::string("x")}}));
    EXPECT_EQ(walk.next().oids, (std::vector<Oid>{cell_at(1, 5), cell_at(2, 5)}));
    walk.take(answer({{cell_at(2, 5), std::int64_t{7}}, {{1, 3, 9, 3, 5}, std::int64_t{1}}}));
    EXPECT_TRUE(walk.next().oids.empty());
    ASSERT_EQ(walk.rows().size(), 1u);
    EXPECT_EQ(walk.rows().begin()->second.size(), 2u);
    EXPECT_TRUE(walk.is_whole());
}

TEST(SnmpWalk, AnAnswerCutShortEndsNoColumn) {
    Walk walk(table, {1, 2, 3});
    (void)walk.next();
    walk.take(answer({{cell_at(1, 1), std::int64_t{1}}}));  // no room for the others
    EXPECT_EQ(walk.next().oids.size(), 3u);
    walk.take(
        answer({{cell_at(2, 1), std::int64_t{1}}, {cell_at(2, 1), std::int64_t{1}}, {cell_at(3, 1), std::int64_t{1}}}));
    EXPECT_EQ(walk.rows().begin()->second.size(), 3u);
}

TEST(SnmpWalk, CirclesEnd) {
    Walk walk(table, {1});
    int asked = 0;
    for (; !walk.next().oids.empty(); ++asked) {
        const std::uint32_t row = asked % 2 == 0 ? 5 : 4;
        walk.take(answer({{cell_at(1, row), std::int64_t{1}}}));
    }
    EXPECT_EQ(asked, 2);
}

TEST(SnmpWalk, EndlessTablesEndAndAreNotWhole) {
    Walk walk(table, {1});
    std::uint32_t row = 0;
    while (!walk.next().oids.empty()) {
        std::vector<Binding> many;
        for (int i = 0; i < 50; ++i) many.push_back({cell_at(1, ++row), std::int64_t{1}});
        walk.take(answer(std::move(many)));
        ASSERT_LT(row, 400'000u);
    }
    EXPECT_LE(walk.rows().size(), 60'000u);
    EXPECT_FALSE(walk.is_whole());
}

TEST(SnmpWalk, EmptyAndForeignAnswersEnd) {
    for (const auto& bindings : std::vector<std::vector<Binding>>{{},
                                                                  {{{1, 3, 8, 1, 1}, std::int64_t{1}}},
                                                                  {{{1, 3, 9, 1, 1}, {}}},
                                                                  {{{1, 3, 9}, std::int64_t{1}}},
                                                                  {{{}, {}}}}) {
        Walk walk(table, {1});
        (void)walk.next();
        walk.take(answer(bindings));
        EXPECT_TRUE(walk.next().oids.empty());
        EXPECT_TRUE(walk.rows().empty());
    }
}

TEST(SnmpWalk, TooBigIsHalvedUntilItFits) {
    Walk walk(table, {1, 2, 3, 4});
    int refused = 0;
    for (;; ++refused) {
        const auto request = walk.next();
        ASSERT_FALSE(request.oids.empty());
        if (request.rows <= 1 && request.oids.size() == 1) break;
        walk.take({too_big, 0, {}});
        ASSERT_LT(refused, 20);
    }
    EXPECT_GT(refused, 2);
    walk.take(answer({{cell_at(1, 1), std::int64_t{1}}}));
    EXPECT_EQ(walk.rows().size(), 1u);
}

TEST(SnmpWalk, WithoutGetbulkByGetnext) {
    Walk walk(table, {1, 2});
    EXPECT_EQ(walk.next().ask, Ask::bulk);
    walk.take({5, 0, {}});  // genErr
    const auto request = walk.next();
    EXPECT_EQ(request.ask, Ask::next);
    EXPECT_EQ(request.oids.size(), 2u);
}

TEST(SnmpWalk, Version1EndsColumnsByNoSuchName) {
    Walk walk(table, {1, 2}, false);
    EXPECT_EQ(walk.next().ask, Ask::next);
    walk.take({no_such_name, 2, {}});
    EXPECT_EQ(walk.next().oids, (std::vector<Oid>{{1, 3, 9, 1}}));
    walk.take(answer({{cell_at(1, 1), std::int64_t{1}}}));
    (void)walk.next();
    walk.take({no_such_name, 1, {}});
    EXPECT_TRUE(walk.next().oids.empty());
    EXPECT_EQ(walk.rows().size(), 1u);
    EXPECT_TRUE(walk.is_whole());
}

TEST(SnmpWalk, SilenceIsAskedForLessAndThenLeft) {
    Walk walk(table, {1});
    const auto rows = walk.next().rows;
    walk.take_silence();
    EXPECT_LT(walk.next().rows, rows);
    walk.take_silence();
    (void)walk.next();
    walk.take_silence();
    EXPECT_TRUE(walk.next().oids.empty());
    EXPECT_FALSE(walk.is_whole());
}

}  // namespace
}  // namespace vg::probes::snmp
