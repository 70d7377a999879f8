// Lists of facts as the spool tells them: differences only, over restarts, and everything anew when it was lost.
#include "tests/agent/spool_house.hpp"

#include <gmock/gmock.h>

namespace vg::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Entries = std::vector<std::pair<std::string, std::string>>;

class ListsTest : public testing::SpoolHouse {
protected:
    wire::Observation software(const Entries& entries, bool whole = true, const std::string& key = "host") {
        wire::Observation seen;
        seen.at = clock.mono();
        const wire::Subject subject{wire::SubjectKind::device, key};
        for (const auto& [name, value] : entries) seen.facts.push_back({subject, "software/" + name, value});
        if (whole) seen.whole = {{subject, "software/"}};
        return seen;
    }
    // What the batches since the last call tell, as "name=value".
    std::vector<std::string> told(Spool& spool) {
        std::vector<std::string> out;
        for (const auto& batch : spool.read(wire::BatchClass::facts, from, spool.next_seq(), 1000).value())
            for (const auto& [fact, at] : wire::decode_facts(batch.body).value().facts)
                out.push_back(fact.name.substr(9) + "=" + std::get<std::string>(fact.value));
        from = spool.next_seq();
        return out;
    }
    static void add(Spool& spool, const wire::Observation& seen) { EXPECT_TRUE(spool.append_lists(seen).has_value()); }

    std::uint64_t from = 1;
};

TEST_F(ListsTest, TellsWhatCameChangedAndWent) {
    auto spool = open();
    add(spool, software({{"vim", "9.0"}, {"bash", "5.2"}, {"curl", "7.88"}}));
    EXPECT_THAT(told(spool), ElementsAre("bash=5.2", "curl=7.88", "vim=9.0"));
    add(spool, software({{"bash", "5.2"}, {"vim", "9.1"}, {"zip", "3.0"}}));
    EXPECT_THAT(told(spool), ElementsAre("curl=", "vim=9.1", "zip=3.0"));
    EXPECT_FALSE(spool.append_lists(software({{"zip", "3.0"}, {"bash", "5.2"}, {"vim", "9.1"}})).value());
    EXPECT_THAT(told(spool), IsEmpty());
    add(spool, software({}));
    EXPECT_THAT(told(spool), ElementsAre("bash=", "vim=", "zip="));
}

TEST_F(ListsTest, AListThatIsNotNamedInFullGivesSingleNews) {
    auto spool = open();
    add(spool, software({{"a", "1"}, {"b", "1"}}));
    (void)told(spool);
    add(spool, software({{"c", "1"}, {"b", "1"}}, false));
    EXPECT_THAT(told(spool), ElementsAre("c=1"));
    add(spool, software({{"c", ""}, {"never", ""}}, false));
    EXPECT_THAT(told(spool), ElementsAre("c="));
    add(spool, software({{"a", "1"}, {"b", "2"}}));
    EXPECT_THAT(told(spool), ElementsAre("b=2"));
}

TEST_F(ListsTest, SubjectsAndListsAreApart) {
    auto spool = open();
    add(spool, software({{"a", "1"}}));
    add(spool, software({{"a", "1"}}, true, "snmp:10.1.0.1"));
    EXPECT_THAT(told(spool), ElementsAre("a=1", "a=1"));
    add(spool, software({}, true, "snmp:10.1.0.1"));
    EXPECT_THAT(told(spool), ElementsAre("a="));
    EXPECT_FALSE(spool.append_lists(software({{"a", "1"}})).value());
}

TEST_F(ListsTest, TheLastWordOfAnEntryCountsAndFactsThatAreNoEntriesAreLeft) {
    auto spool = open();
    auto seen = software({{"a", "1"}, {"b", "1"}, {"a", "2"}});
    seen.facts.push_back({{wire::SubjectKind::device, "host"}, "os_name", "Debian"});
    add(spool, seen);
    EXPECT_THAT(told(spool), ElementsAre("a=2", "b=1"));
}

TEST_F(ListsTest, ARestartTellsNothingTwice) {
    {
        auto spool = open();
        add(spool, software({{"a", "1"}, {"b", "1"}}));
        (void)told(spool);
    }
    clock.reboot("00000000000000000000000000000002");
    auto spool = open();
    EXPECT_FALSE(spool.append_lists(software({{"a", "1"}, {"b", "1"}})).value());
    add(spool, software({{"b", "2"}}));
    EXPECT_THAT(told(spool), ElementsAre("a=", "b=2"));
}

TEST_F(ListsTest, ThreeThousandEntriesGoInBatchesOfAFairSize) {
    auto spool = open();
    Entries many;
    for (int i = 0; i < 3000; ++i)
        many.emplace_back("libpackage" + std::to_string(i * 7919 % 3000) + "-dev",
                          "1." + std::to_string(i) + "-2+deb12u1");
    add(spool, software(many));
    const auto batches = spool.read(wire::BatchClass::facts, 1, spool.next_seq(), 1000).value();
    EXPECT_THAT(batches, SizeIs(3));
    for (const auto& batch : batches) EXPECT_LT(batch.body.size(), 32U * 1024);
    EXPECT_THAT(told(spool), SizeIs(3000));
    many[17].second = "2.0";
    add(spool, software(many));
    const auto change = spool.read(wire::BatchClass::facts, from, spool.next_seq(), 1000).value();
    ASSERT_THAT(change, SizeIs(1));
    EXPECT_LT(change[0].body.size(), 64U);
}

TEST_F(ListsTest, WhatTheSpoolHadToDropIsToldAnew) {
    auto spool = open(4096);
    add(spool, software({{"a", "1"}, {"b", "1"}}));
    EXPECT_FALSE(spool.take_facts_lost());
    for (int i = 0; i < 200; ++i) {
        const wire::Event event{"e", wire::Severity::info, {}, {{"n", std::to_string(i)}}, clock.mono()};
        ASSERT_TRUE(spool.append_events(std::span(&event, 1)).has_value());
    }
    EXPECT_TRUE(spool.take_facts_lost());
    EXPECT_FALSE(spool.take_facts_lost());
    from = spool.next_seq();
    add(spool, software({{"a", "1"}, {"b", "1"}}));
    EXPECT_THAT(told(spool), ElementsAre("a=1", "b=1"));
}

TEST_F(ListsTest, WhatTheCollectorNeverTakesOrHasLostIsToldAnew) {
    auto spool = open();
    add(spool, software({{"a", "1"}}));
    ASSERT_TRUE(spool.give_up(1, "refused").has_value());
    EXPECT_TRUE(spool.take_facts_lost());
    add(spool, software({{"a", "1"}}));
    EXPECT_THAT(told(spool), ElementsAre("a=1"));
    const std::uint64_t seq = spool.next_seq() - 1;
    spool.acknowledge(std::span(&seq, 1));
    ASSERT_TRUE(spool.settle().has_value());
    const wire::SeqRange missing{seq, seq};
    ASSERT_TRUE(spool.note_unknown(std::span(&missing, 1)).has_value());
    EXPECT_TRUE(spool.take_facts_lost());
    add(spool, software({{"a", "1"}}));
    EXPECT_THAT(told(spool), ElementsAre("a=1"));
}

TEST_F(ListsTest, ManyDevicesOfTheirOwnAreOneTransaction) {
    auto spool = open();
    wire::Observation seen;
    for (int i = 0; i < 500; ++i)
        seen.facts.push_back(
            {{wire::SubjectKind::device, "mac:" + std::to_string(i)}, "announces/_ipp._tcp", "printer"});
    const auto before = spool.next_seq();
    add(spool, seen);
    EXPECT_EQ(spool.next_seq(), before + 1);
    add(spool, seen);
    EXPECT_EQ(spool.next_seq(), before + 1) << "told once";
}

TEST_F(ListsTest, ForgottenIsForgottenOnDisk) {
    {
        auto spool = open();
        add(spool, software({{"a", "1"}}));
        spool.forget_lists();
        ASSERT_TRUE(spool.settle().has_value());
    }
    auto spool = open();
    (void)told(spool);
    add(spool, software({{"a", "1"}}));
    EXPECT_THAT(told(spool), ElementsAre("a=1"));
}

}  // namespace
}  // namespace vg::agent
