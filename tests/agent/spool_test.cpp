#include "base/sqlite.hpp"
#include "tests/agent/full_disk.hpp"
#include "tests/agent/spool_house.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace vg::agent {
namespace {

using testing::FullDisk;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SpoolTest : public testing::SpoolHouse {
protected:
    void measure(Spool& spool, const std::string& metric, double value) {
        clock.advance(Millis{1000});
        const wire::Sample sample{{metric, "t", "1"}, value};
        spool.add_samples(clock.mono(), std::span(&sample, 1));
    }
    std::uint64_t say(Spool& spool, const std::string& kind) {
        const wire::Event event{kind, wire::Severity::info, {}, {}, clock.mono()};
        return spool.append_events(std::span(&event, 1)).value();
    }
    std::uint64_t state(Spool& spool, bool value) {
        const wire::TimedFact fact{{{wire::SubjectKind::site, ""}, "internet", value}, clock.mono()};
        return spool.append_facts(std::span(&fact, 1)).value();
    }
    static std::vector<StoredBatch> all(Spool& spool, wire::BatchClass batch_class) {
        return spool.read(batch_class, 1, spool.next_seq(), 100'000).value();
    }
};

TEST_F(SpoolTest, SealsSamplesIntoOneBatchInOrder) {
    auto spool = open();
    measure(spool, "b", 2);
    measure(spool, "a", 1);
    measure(spool, "b", 3);
    EXPECT_EQ(spool.seal_samples().value(), 1U);
    EXPECT_EQ(spool.seal_samples().value(), std::nullopt);
    const auto batches = all(spool, wire::BatchClass::samples);
    ASSERT_THAT(batches, SizeIs(1));
    EXPECT_EQ(batches[0].items, 3U);
    const auto body = wire::decode_samples(batches[0].body).value();
    ASSERT_THAT(body.columns, SizeIs(2));
    EXPECT_EQ(body.columns[0].values, (std::vector<double>{2, 3}));
    EXPECT_EQ(body.columns[1].at_ms, (std::vector<std::int64_t>{2000}));
    EXPECT_EQ(spool.names_from(1, 10)->at(0).metric, "b");
}

TEST_F(SpoolTest, AFlushedSampleSurvivesTheProcess) {
    {
        auto spool = open();
        measure(spool, "a", 1);
        ASSERT_TRUE(spool.flush().has_value());
        measure(spool, "a", 2);  // not flushed: lost with the process
    }
    auto spool = open();
    EXPECT_EQ(spool.unsealed(), 1U);
    measure(spool, "a", 3);
    ASSERT_TRUE(spool.seal_samples().has_value());
    const auto body = wire::decode_samples(all(spool, wire::BatchClass::samples)[0].body).value();
    EXPECT_EQ(body.columns[0].values, (std::vector<double>{1, 3}));
}

TEST_F(SpoolTest, SamplesOfAnEarlierBootAreSealedAsThatBoots) {
    const auto first = clock.boot_id();
    {
        auto spool = open();
        spool.set_corrected(5000, 7);
        measure(spool, "a", 1);
        ASSERT_TRUE(spool.flush().has_value());
    }
    clock.reboot(std::string(32, 'b'));
    auto spool = open();
    EXPECT_EQ(spool.unsealed(), 0U);
    const auto batches = all(spool, wire::BatchClass::samples);
    ASSERT_THAT(batches, SizeIs(1));
    EXPECT_EQ(batches[0].boot.boot_id, first);
    EXPECT_EQ(batches[0].boot.corrected_at_zero_ms, 5000);
    EXPECT_EQ(batches[0].boot.last_mono_ms, 1000);
    EXPECT_EQ(spool.boot().boot_id, std::string(32, 'b'));
}

TEST_F(SpoolTest, EventsAreAChainThatGoesOnAfterRestart) {
    {
        auto spool = open();
        say(spool, "one");
        say(spool, "two");
    }
    auto spool = open();
    say(spool, "three");
    crypto::Digest head{};
    std::uint64_t index = 1;
    for (const auto& batch : all(spool, wire::BatchClass::events)) {
        const auto body = wire::decode_events(batch.body).value();
        EXPECT_EQ(body.first_index, index);
        EXPECT_EQ(body.before, head);
        for (const auto& event : body.events) head = wire::chain(head, event);
        index += body.events.size();
    }
    EXPECT_EQ(index, 4U);
}

TEST_F(SpoolTest, AnAcknowledgedBatchIsGoneAndItsNumberIsNeverUsedAgain) {
    std::uint64_t epoch = 0;
    {
        auto spool = open();
        epoch = spool.epoch();
        const auto seq = say(spool, "one");
        spool.acknowledge(std::vector{seq, seq, std::uint64_t{77}});
        EXPECT_EQ(spool.use().total().batches, 0U);
        ASSERT_TRUE(spool.settle().has_value());
        EXPECT_THAT(all(spool, wire::BatchClass::events), IsEmpty());
    }
    auto spool = open();
    EXPECT_EQ(spool.epoch(), epoch);
    EXPECT_EQ(say(spool, "two"), 2U);
}

TEST_F(SpoolTest, WithoutDiskSpaceEventsRestAndGoInOrderWhenThereIsRoom) {
    auto spool = open();
    say(spool, "before");
    const auto event = [&](const std::string& kind) {
        return wire::Event{kind, wire::Severity::info, {}, {}, clock.mono()};
    };
    {
        const FullDisk full;
        const auto one = event("one");
        const auto failed = spool.append_events(std::span(&one, 1));
        ASSERT_TRUE(failed.has_error());
        EXPECT_EQ(failed.error().code, Errc::no_space);
        EXPECT_TRUE(spool.flush().has_error());
        EXPECT_TRUE(spool.has_unflushed());
    }
    measure(spool, "a", 1);
    ASSERT_TRUE(spool.flush().has_value());
    EXPECT_FALSE(spool.has_unflushed());
    say(spool, "two");
    std::vector<std::string> kinds;
    for (const auto& batch : all(spool, wire::BatchClass::events))
        for (const auto& told : wire::decode_events(batch.body).value().events) kinds.push_back(told.kind);
    EXPECT_EQ(kinds, (std::vector<std::string>{"before", "one", "two"}));
    EXPECT_EQ(spool.take_unspooled(), 0U);
}

TEST_F(SpoolTest, TheOldestOfTooManyRestingEventsAreCounted) {
    auto spool = open();
    {
        const FullDisk full;
        const std::vector<wire::Event> many(1'500, {"many", wire::Severity::info, {}, {}, clock.mono()});
        for (int i = 0; i < 2; ++i) EXPECT_TRUE(spool.append_events(many).has_error());
    }
    EXPECT_EQ(spool.take_unspooled(), 1'000U);
    ASSERT_TRUE(spool.flush().has_value());
    EXPECT_EQ(all(spool, wire::BatchClass::events).at(0).items, 2'000U);
}

TEST_F(SpoolTest, WhenFullTheOldestSamplesGoFirstAndTheLossIsExact) {
    auto spool = open(40'000);
    const auto event = say(spool, "keep me");
    const auto fact = state(spool, true);
    std::uint64_t samples = 0;
    for (int i = 0; i < 800; ++i) {
        measure(spool, "a", i * 0.37);
        ASSERT_TRUE(spool.seal_samples().has_value());
        ++samples;
    }
    EXPECT_LE(spool.use().total().bytes, 40'000U);
    const auto lost = spool.lost(10).value();
    ASSERT_THAT(lost, SizeIs(1));
    EXPECT_EQ(lost[0].batch_class, wire::BatchClass::samples);
    EXPECT_EQ(lost[0].reason, "spool_full");
    EXPECT_EQ(lost[0].seqs.first, 3U);
    const auto left = all(spool, wire::BatchClass::samples);
    EXPECT_EQ(left.front().seq, lost[0].seqs.last + 1);
    EXPECT_EQ(lost[0].items + left.size(), samples);
    EXPECT_EQ(all(spool, wire::BatchClass::events).at(0).seq, event);
    EXPECT_EQ(all(spool, wire::BatchClass::facts).at(0).seq, fact);
    EXPECT_LT(std::filesystem::file_size(path()), 200'000U);
}

TEST_F(SpoolTest, EventsGoLastButEvenTheyGo) {
    auto spool = open(20'000);
    for (int i = 0; i < 400; ++i) say(spool, "burst");
    EXPECT_LE(spool.use().total().bytes, 20'000U);
    const auto lost = spool.lost(10).value();
    ASSERT_THAT(lost, SizeIs(1));
    EXPECT_EQ(lost[0].batch_class, wire::BatchClass::events);
    EXPECT_EQ(lost[0].seqs.first, 1U);
}

TEST_F(SpoolTest, ALossIsToldAsAnEventAndForgottenWithItsAck) {
    auto spool = open();
    measure(spool, "a", 1);
    const auto seq = spool.seal_samples().value().value();
    ASSERT_TRUE(spool.give_up(seq, "refused").has_value());
    ASSERT_TRUE(spool.report_lost().has_value());
    ASSERT_TRUE(spool.report_lost().has_value());  // told once
    const auto events = all(spool, wire::BatchClass::events);
    ASSERT_THAT(events, SizeIs(1));
    EXPECT_EQ(wire::decode_events(events[0].body)->events.at(0).kind, "spool.lost");
    EXPECT_THAT(spool.lost(10).value(), SizeIs(1));
    spool.acknowledge(std::vector{events[0].seq});
    EXPECT_THAT(spool.lost(10).value(), IsEmpty());
}

TEST_F(SpoolTest, WhatTheCollectorMissesAndNobodyHasIsWrittenDown) {
    auto spool = open();
    for (int i = 0; i < 5; ++i) say(spool, "e");
    spool.acknowledge(std::vector<std::uint64_t>{1, 2, 4});
    ASSERT_TRUE(spool.settle().has_value());
    ASSERT_TRUE(spool.note_unknown(std::vector<wire::SeqRange>{{1, 5}}).has_value());
    const auto lost = spool.lost(10).value();
    ASSERT_THAT(lost, SizeIs(2));
    EXPECT_EQ(lost[0].seqs, (wire::SeqRange{1, 2}));
    EXPECT_EQ(lost[1].seqs, (wire::SeqRange{4, 4}));
}

TEST_F(SpoolTest, NotesOutliveTheProcess) {
    {
        auto spool = open();
        spool.set_note("bytes_today", "7");
        ASSERT_TRUE(spool.settle().has_value());
    }
    auto spool = open();
    EXPECT_EQ(spool.note("bytes_today"), "7");
    const auto glance = glance_at_spool(path()).value();
    EXPECT_EQ(glance.epoch, spool.epoch());
}

TEST_F(SpoolTest, ADamagedFileIsSetAsideAndAFreshEpochBegins) {
    std::uint64_t epoch = 0;
    {
        auto spool = open();
        epoch = spool.epoch();
        for (int i = 0; i < 500; ++i) {
            measure(spool, "metric " + std::to_string(i), i);
            say(spool, "filler");
        }
        ASSERT_TRUE(spool.seal_samples().has_value());
        // Everything into the main file, so that the damage is where the data is.
    }
    {
        auto database = sqlite::Database::open(path()).value();
        ASSERT_TRUE(database.run("PRAGMA wal_checkpoint(TRUNCATE)").has_value());
    }
    {
        std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
        for (std::size_t page = 3; page < 12; ++page) {
            file.seekp(static_cast<std::streamoff>(page * 4096));
            file << std::string(2048, 'x');
        }
    }
    auto spool = open();
    ASSERT_TRUE(spool.damage().has_value());
    EXPECT_NE(spool.epoch(), epoch);
    EXPECT_EQ(spool.next_seq(), 1U);
    EXPECT_TRUE(std::filesystem::exists(spool.damage()->set_aside));
    EXPECT_EQ(spool.damage()->epoch, epoch);
    EXPECT_EQ(say(spool, "goes on"), 1U);
}

TEST_F(SpoolTest, AFileThatIsNoDatabaseIsSetAside) {
    std::ofstream(path()) << std::string(10'000, 'z');
    auto spool = open();
    ASSERT_TRUE(spool.damage().has_value());
    EXPECT_THAT(spool.damage()->finding.en, HasSubstr("no SQLite database"));
    EXPECT_EQ(spool.damage()->epoch, std::nullopt);
}

TEST_F(SpoolTest, SamplesThatNoFlushTakesRestInMemoryAndTheExcessIsCounted) {
    auto spool = open();
    measure(spool, "a", 0);
    ASSERT_TRUE(spool.flush().has_value());
    for (int i = 0; i < 25'000; ++i) measure(spool, "a", i);
    EXPECT_EQ(spool.unsealed(), 20'001U);
    EXPECT_EQ(spool.take_unspooled(), 5'000U);
    EXPECT_EQ(spool.take_unspooled(), 0U);
    ASSERT_TRUE(spool.seal_samples().has_value());
}

TEST(SpoolPlan, FreesATwentiethMoreThanNeeded) {
    EXPECT_EQ(bytes_to_free(90, 10, 100), 0U);
    EXPECT_EQ(bytes_to_free(100, 10, 100), 15U);
}

TEST(SpoolPlan, JoinsNeighbouringLossesOfOneKind) {
    std::vector<wire::LostRange> ranges;
    add_lost(ranges, 3, wire::BatchClass::samples, 10, "spool_full");
    add_lost(ranges, 4, wire::BatchClass::samples, 5, "spool_full");
    add_lost(ranges, 6, wire::BatchClass::samples, 1, "spool_full");
    add_lost(ranges, 7, wire::BatchClass::facts, 1, "spool_full");
    ASSERT_THAT(ranges, SizeIs(3));
    EXPECT_EQ(ranges[0].seqs, (wire::SeqRange{3, 4}));
    EXPECT_EQ(ranges[0].items, 15U);
}

TEST(SpoolPlan, SubtractsWhatIsHeld) {
    const std::vector<wire::SeqRange> asked{{1, 10}, {20, 20}}, held{{2, 3}, {7, 30}};
    EXPECT_EQ(subtract(asked, held), (std::vector<wire::SeqRange>{{1, 1}, {4, 6}}));
}

}  // namespace
}  // namespace vg::agent
