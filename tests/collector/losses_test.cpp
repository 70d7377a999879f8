#include "collector/losses.hpp"

#include "tests/collector/house.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vg::collector::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using wire::FrameType;
using wire::SeqRange;

wire::LostRange told(std::uint64_t first, std::uint64_t last, std::uint64_t items = 0) {
    return {{first, last}, wire::BatchClass::samples, items, "spool_full"};
}

std::vector<SeqRange> ranges(const Losses& losses) {
    std::vector<SeqRange> out;
    for (const auto& loss : losses.all()) out.push_back(loss.range.seqs);
    return out;
}

TEST(Losses, AreWhatWasToldWithoutWhatIsHere) {
    Losses losses;
    EXPECT_TRUE(losses.tell(7, told(3, 12, 100), {{1, 3}, {6, 7}, {12, 20}}));
    EXPECT_THAT(ranges(losses), ElementsAre(SeqRange{4, 5}, SeqRange{8, 11}));
    EXPECT_EQ(losses.all()[0].range.items, 20U);
    EXPECT_EQ(losses.all()[1].range.items, 40U);
}

TEST(Losses, EndWhereABatchComesAfterAll) {
    Losses losses;
    ASSERT_TRUE(losses.tell(7, told(3, 6), {}));
    EXPECT_FALSE(losses.came(7, 7));
    EXPECT_FALSE(losses.came(8, 4));
    EXPECT_TRUE(losses.came(7, 4));
    EXPECT_THAT(ranges(losses), ElementsAre(SeqRange{3, 3}, SeqRange{5, 6}));
    EXPECT_TRUE(losses.came(7, 3));
    EXPECT_TRUE(losses.came(7, 6));
    EXPECT_TRUE(losses.came(7, 5));
    EXPECT_THAT(ranges(losses), IsEmpty());
}

TEST(Losses, AreToldAgainWithoutDoublingAndMayGrow) {
    Losses losses;
    ASSERT_TRUE(losses.tell(7, told(3, 6, 40), {}));
    EXPECT_FALSE(losses.tell(7, told(3, 6, 40), {}));
    EXPECT_TRUE(losses.tell(7, told(3, 9, 70), {}));
    EXPECT_TRUE(losses.tell(8, told(3, 9, 70), {}));  // of another spool
    EXPECT_THAT(ranges(losses), ElementsAre(SeqRange{3, 9}, SeqRange{3, 9}));
    EXPECT_TRUE(losses.tell(7, told(8, 10), {}));
    EXPECT_THAT(ranges(losses), ElementsAre(SeqRange{3, 9}, SeqRange{3, 9}, SeqRange{10, 10}));
}

TEST(Losses, AreWrittenAndRead) {
    Losses losses;
    ASSERT_TRUE(losses.tell(~std::uint64_t{0}, told(3, 6, 40), {}));
    const auto again = Losses::read(losses.write());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->all(), losses.all());
    for (const char* bad : {"", "{}", "[1]", "[[7,0,1,3,0,\"x\"]]", "[[7,2,1,3,0,\"x\"]]", "[[7,1,1,9,0,\"x\"]]"})
        EXPECT_FALSE(Losses::read(bad)) << bad;
}

TEST(Losses, OfAnEventThatTellsThem) {
    wire::Event event{"spool.lost", wire::Severity::medium, {}, {}, {}};
    EXPECT_FALSE(read_loss(event));
    event.fields = {{"epoch", "7"}, {"first", "3"}, {"last", "6"}, {"class", "facts"}, {"items", "9"}, {"reason", "x"}};
    const auto loss = read_loss(event);
    ASSERT_TRUE(loss);
    EXPECT_EQ(*loss, (Loss{7, {{3, 6}, wire::BatchClass::facts, 9, "x"}}));
}

// The agent gave up batches 1 to 3 while 2 was on its way: stored, but its ack never came.
TEST(Losses, LeaveOutABatchWhoseAckWasLost) {
    House house;
    const auto who = enrolled(house);
    const auto lost = [&] {
        return house.in_pipeline([&](Pipeline& pipeline) { return ranges(pipeline.agents().find(who.id)->lost); });
    };
    const auto agent = [&] {
        return ScriptedAgent(house.listener->port(), house.authority->certificate_pem(), who.identity);
    };
    auto first = agent();
    ASSERT_TRUE(first.greet(hello()));
    ASSERT_TRUE(first.say(FrameType::names, names()));
    ASSERT_TRUE(first.say(FrameType::batch, samples(2)));
    ASSERT_TRUE(first.hear<wire::Ack>(FrameType::ack));
    first.close();

    auto second = agent();
    auto words = hello();
    words.next_seq = 5;
    words.lost = {told(1, 3)};
    const auto welcome = second.greet(words);
    ASSERT_TRUE(welcome);
    EXPECT_THAT(welcome->missing, ElementsAre(SeqRange{4, 4}));
    EXPECT_THAT(lost(), ElementsAre(SeqRange{1, 1}, SeqRange{3, 3}));

    // One that was still on its way.
    ASSERT_TRUE(second.say(FrameType::batch, samples(3)));
    ASSERT_TRUE(second.hear<wire::Ack>(FrameType::ack));
    EXPECT_THAT(lost(), ElementsAre(SeqRange{1, 1}));
    const auto kept = house.in_pipeline([](Pipeline& pipeline) { return Agents::load(pipeline.store()).value(); });
    EXPECT_THAT(ranges(kept.find(who.id)->lost), ElementsAre(SeqRange{1, 1}));
}

}  // namespace
}  // namespace vg::collector::test
