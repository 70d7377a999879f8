// What every store must do (collector/store.hpp). SQLite is the only one yet; another one joins the list at the end.
#include "collector/store.hpp"
#include "tests/collector/instants.hpp"
#include "wire/body.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <functional>

namespace {

using namespace vg;
using namespace vg::collector;
using namespace vg::collector::test;

struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("vg-store-" + crypto::random_text(12));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
};

using Make = std::function<std::unique_ptr<Store>(const std::string& folder)>;

class StoreContract : public testing::TestWithParam<Make> {
protected:
    void SetUp() override { open(); }
    void open() {
        store.reset();
        store = GetParam()(folder.path.string());
        ASSERT_TRUE(store);
    }
    StoredBatch batch(std::uint64_t seq, std::int64_t from_ms, std::size_t n = 10, double value = 1.5) {
        wire::SampleBody body;
        body.columns.resize(2);
        for (std::size_t c = 0; c < 2; ++c) {
            body.columns[c].series = static_cast<wire::SeriesId>(c + 1);
            for (std::size_t i = 0; i < n; ++i) {
                body.columns[c].at_ms.push_back(from_ms - offset + static_cast<std::int64_t>(i) * 30'000);
                body.columns[c].values.push_back(value + static_cast<double>(i % 7));
            }
        }
        return {.agent = "a1",
                .epoch = 7,
                .seq = seq,
                .batch_class = wire::BatchClass::samples,
                .boot_id = std::string(32, '1'),
                .offset_ms = offset,
                .error_ms = 5,
                .received = at(from_ms),
                .first = at(from_ms),
                .last = at(from_ms + static_cast<std::int64_t>(n - 1) * 30'000),
                .samples = 2 * n,
                .body = wire::encode(body)};
    }
    void add_names() {
        Commit commit;
        for (wire::SeriesId id = 1; id <= 2; ++id)
            commit.series.push_back({.key = 0,
                                     .agent = "a1",
                                     .site = "HA01",
                                     .epoch = 7,
                                     .id = id,
                                     .name = {"icmp.loss", "t" + std::to_string(id), "%"},
                                     .first = {},
                                     .last = {}});
        ASSERT_TRUE(store->commit(commit));
        EXPECT_NE(commit.series[0].key, 0);
        EXPECT_NE(commit.series[0].key, commit.series[1].key);
    }
    void add(std::vector<StoredBatch> batches) {
        Commit commit;
        commit.batches = std::move(batches);
        const auto done = store->commit(commit);
        ASSERT_TRUE(done) << done.error().message;
    }
    SeriesKey first_key() { return store->series({.agent = "a1"}).value().at(0).key; }

    Folder folder;
    std::unique_ptr<Store> store;
    std::int64_t offset = noon - 1'000'000;
};

TEST_P(StoreContract, KeepsABatchOnceAndKnowsWhatIsMissing) {
    add_names();
    add({batch(1, noon), batch(2, noon + 300'000), batch(2, noon + 300'000), batch(5, noon + 600'000)});
    add({batch(2, noon + 300'000)});
    EXPECT_EQ(store->read(first_key(), at(noon), at(noon + day), 0).value().size(), 30u);
    EXPECT_TRUE(store->has("a1", 7, 5).value());
    EXPECT_FALSE(store->has("a1", 7, 4).value());
    const auto missing = store->missing("a1", 7, 8).value();
    ASSERT_EQ(missing.size(), 2u);
    EXPECT_EQ(missing[0], (wire::SeqRange{3, 4}));
    EXPECT_EQ(missing[1], (wire::SeqRange{6, 7}));
    open();
    EXPECT_TRUE(store->has("a1", 7, 2).value());
    EXPECT_EQ(store->series_of("a1", 7).value().size(), 2u);
}

TEST_P(StoreContract, RemembersWhatCameUnderTheNewestNumbers) {
    add_names();
    auto first = batch(1, noon);
    first.digest = ~std::uint64_t{5};
    auto again = batch(1, noon + 1);
    again.digest = 6;
    add({first, again});
    open();
    EXPECT_EQ(store->digest("a1", 7, 1).value(), first.digest);
    EXPECT_FALSE(store->digest("a1", 7, 2).value());
    EXPECT_FALSE(store->digest("a1", 8, 1).value());
    for (std::uint64_t seq = 2; seq < 2000; seq += 100) {
        std::vector<StoredBatch> more;
        for (std::uint64_t i = seq; i < seq + 100; ++i) more.push_back(batch(i, noon + static_cast<std::int64_t>(i)));
        add(std::move(more));
    }
    EXPECT_FALSE(store->digest("a1", 7, 1).value());
    EXPECT_TRUE(store->digest("a1", 7, 2000).value());
}

TEST_P(StoreContract, FindsSeriesByNumberAgentAndSite) {
    add_names();
    Commit commit;
    for (const auto& [agent, site] : {std::pair("a2", "HA01"), std::pair("a3", "HA02")})
        commit.series.push_back({.key = 0,
                                 .agent = agent,
                                 .site = site,
                                 .epoch = 1,
                                 .id = 1,
                                 .name = {"icmp.loss", "t1", "%"},
                                 .first = {},
                                 .last = {}});
    ASSERT_TRUE(store->commit(commit));
    const auto found = [&](const Store::SeriesQuery& query) {
        std::string out;
        for (const auto& one : store->series(query).value()) out += one.agent + "/" + one.name.target + " ";
        return out;
    };
    EXPECT_EQ(found({}), "a1/t1 a1/t2 a2/t1 a3/t1 ");
    EXPECT_EQ(found({.agent = "a1"}), "a1/t1 a1/t2 ");
    EXPECT_EQ(found({.site = "HA01"}), "a1/t1 a1/t2 a2/t1 ");
    EXPECT_EQ(found({.agent = "a2", .site = "HA01"}), "a2/t1 ");
    EXPECT_EQ(found({.agent = "a2", .site = "HA02"}), "");
    EXPECT_EQ(found({.key = commit.series[1].key}), "a3/t1 ");
    EXPECT_EQ(found({.key = commit.series[1].key, .site = "HA01"}), "");
    EXPECT_EQ(found({.key = commit.series[1].key + 1}), "");
}

TEST_P(StoreContract, ReadsTheSameBeforeAndAfterPacking) {
    add_names();
    std::vector<StoredBatch> batches;
    for (std::uint64_t i = 0; i < 600; ++i)
        batches.push_back(batch(i + 1, noon + static_cast<std::int64_t>(i) * 300'000, 10, static_cast<double>(i)));
    add(std::move(batches));
    const auto key = first_key();
    const auto raw = store->read(key, at(noon), at(noon + 3 * day), 0).value();
    const auto hours = store->read(key, at(noon), at(noon + 3 * day), 3'600'000).value();
    ASSERT_EQ(raw.size(), 6000u);
    int turns = 0;
    for (;; ++turns) {
        const auto more = store->tidy(at(noon + 2 * day));
        ASSERT_TRUE(more) << more.error().message;
        if (!*more) break;
    }
    EXPECT_GE(turns, 2);
    const auto again = store->read(key, at(noon), at(noon + 3 * day), 0).value();
    ASSERT_EQ(again.size(), raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
        ASSERT_EQ(again[i].at_ms, raw[i].at_ms);
        ASSERT_EQ(again[i].avg, raw[i].avg);
    }
    const auto hours_again = store->read(key, at(noon), at(noon + 3 * day), 3'600'000).value();
    ASSERT_EQ(hours_again.size(), hours.size());
    for (std::size_t i = 0; i < hours.size(); ++i) {
        EXPECT_EQ(hours_again[i].at_ms, hours[i].at_ms);
        EXPECT_EQ(hours_again[i].n, hours[i].n);
        EXPECT_EQ(hours_again[i].max, hours[i].max);
        EXPECT_NEAR(hours_again[i].avg, hours[i].avg, 1e-3);
    }
}

TEST_P(StoreContract, FoldsLateDataIntoAPackedDay) {
    add_names();
    add({batch(1, noon), batch(2, noon + 3 * day)});
    while (store->tidy(at(noon + 4 * day)).value()) {}
    add({batch(3, noon + 15'000)});
    while (store->tidy(at(noon + 5 * day)).value()) {}
    const auto points = store->read(first_key(), at(noon), at(noon + day), 0).value();
    ASSERT_EQ(points.size(), 20u);
    for (std::size_t i = 1; i < points.size(); ++i) EXPECT_EQ(points[i].at_ms - points[i - 1].at_ms, 15'000);
}

// A machine that slept over the weekend in the middle of a batch.
TEST_P(StoreContract, ABatchOverDaysIsReadDayByDay) {
    add_names();
    auto long_one = batch(1, noon);
    wire::SampleBody body;
    body.columns.push_back({1, {noon - offset, noon + 3 * day - offset}, {4.0, 5.0}});
    long_one.body = wire::encode(body);
    long_one.last = at(noon + 3 * day);
    add({long_one});
    while (store->tidy(at(noon + 5 * day)).value()) {}
    for (const auto& [from, value] : {std::pair{noon, 4.0}, {noon + 3 * day, 5.0}}) {
        const auto points = store->read(first_key(), at(from - day / 4), at(from + day / 4), 0).value();
        ASSERT_EQ(points.size(), 1u);
        EXPECT_EQ(points[0].avg, value);
        EXPECT_EQ(store->read(first_key(), at(from - day / 4), at(from + day / 4), 3'600'000).value().size(), 1u);
    }
}

TEST_P(StoreContract, RetentionDropsOldSamples) {
    add_names();
    add({batch(1, noon)});
    while (store->tidy(at(noon + day)).value()) {}
    ASSERT_EQ(store->read(first_key(), at(noon), at(noon + day), 0).value().size(), 10u);
    while (store->tidy(at(noon + 500 * day)).value()) {}
    EXPECT_TRUE(store->read(first_key(), at(noon), at(noon + day), 0).value().empty());
    EXPECT_FALSE(store->read(first_key(), at(noon), at(noon + day), 3'600'000).value().empty());
}

TEST_P(StoreContract, RetentionKeepsWhatIsInForceAndGoesInSmallSteps) {
    const auto fact = [&](const std::string& id, const char* name, wire::FactValue value, std::int64_t t) {
        return StoredFact{.subject = {wire::SubjectKind::device, "HA01/" + id},
                          .name = name,
                          .value = std::move(value),
                          .at = at(t),
                          .received = at(t),
                          .error_ms = 0,
                          .agent = "a1",
                          .confirmed = at(t)};
    };
    Commit commit;
    for (int i = 0; i < 30; ++i) {
        const auto id = "host:a" + std::to_string(i);
        for (const std::int64_t t : {noon, noon + day}) {
            commit.facts.push_back(fact(id, "computer_name", "pc" + std::to_string(t), t));
            commit.facts.push_back(fact(id, "software/openssl", "3." + std::to_string(t), t));
        }
        commit.facts.push_back(fact(id, "software/gone", std::string("1"), noon));
        commit.facts.push_back(fact(id, "software/gone", std::string(), noon + day));
        commit.facts.push_back(fact(id, "board_model", std::string("M1"), noon + 450 * day));
    }
    commit.facts.push_back(fact("mac:00:1b:21:00:00:98", "mac", std::string("00:1b:21:00:00:98"), noon));
    for (std::uint64_t i = 1; i <= 3; ++i) {
        StoredEvent event;
        event.agent = "a1";
        event.site = "HA01";
        event.epoch = 7;
        event.index = i;
        event.event.kind = "login.failed";
        event.at = event.received = at(i < 3 ? noon : noon + 450 * day);
        event.head[0] = static_cast<std::uint8_t>(i);
        commit.events.push_back(std::move(event));
    }
    commit.documents = {{"inventory_log", "1", "{}", at(noon)},
                        {"inventory_log", "2", "{}", at(noon + 450 * day)},
                        {"inventory_pins", "pins", "[]", at(noon)}};
    ASSERT_TRUE(store->commit(commit));
    int steps = 0;
    while (store->tidy(at(noon + 500 * day)).value()) ++steps;
    EXPECT_GE(steps, 6);
    EXPECT_FALSE(store->tidy(at(noon + 500 * day + 120'000)).value()) << "once a day";
    for (int i = 0; i < 30; ++i) {
        const auto id = "HA01/host:a" + std::to_string(i);
        const auto names =
            store->fact_history({wire::SubjectKind::device, id}, "computer_name", Time{}, Time::max()).value();
        ASSERT_EQ(names.size(), 1u);
        EXPECT_EQ(names[0].at, at(noon + day));
        const auto software = store->entries(id, "software/").value();
        ASSERT_EQ(software.size(), 1u);
        EXPECT_EQ(software[0].at, at(noon + day));
        EXPECT_TRUE(store->changes(id, "", 100).value().empty());
    }
    EXPECT_EQ(store->lives().value().size(), 30u) << "of one nobody has told anything since";
    EXPECT_EQ(store->documents("inventory_log").value().size(), 1u);
    EXPECT_EQ(store->documents("inventory_pins").value().size(), 1u);
    EXPECT_EQ(store->events({}).value().size(), 1u);
    EXPECT_EQ(store->chain_head("a1", 7).value().index, 3u);
}

TEST_P(StoreContract, FactHistoryTellsTheValueInForce) {
    const rules::SubjectId line{wire::SubjectKind::uplink, "HA01/fibre"};
    Commit commit;
    const auto fact = [&](std::int64_t t, bool up) {
        return StoredFact{.subject = line,
                          .name = "up",
                          .value = up,
                          .at = at(t),
                          .received = at(t),
                          .error_ms = 3,
                          .agent = "a1",
                          .confirmed = at(t)};
    };
    commit.facts = {fact(1000, true), fact(5000, false), fact(9000, true), fact(3000, false)};
    ASSERT_TRUE(store->commit(commit));
    Commit confirmed;
    confirmed.facts = {fact(9000, true)};
    confirmed.facts[0].confirmed = at(20'000);
    ASSERT_TRUE(store->commit(confirmed));
    const auto history = store->fact_history(line, "up", at(4000), at(10'000)).value();
    ASSERT_EQ(history.size(), 3u);
    EXPECT_EQ(history[0].at, at(3000));
    EXPECT_EQ(history[0].value, wire::FactValue{false});
    EXPECT_EQ(history[2].confirmed, at(20'000));
    const auto latest = store->latest_facts().value();
    ASSERT_EQ(latest.size(), 1u);
    EXPECT_EQ(latest[0].at, at(9000));
    EXPECT_EQ(latest[0].value, wire::FactValue{true});
}

TEST_P(StoreContract, KnowsWhatCameLate) {
    const rules::SubjectId line{wire::SubjectKind::uplink, "HA01/fibre"};
    Commit commit;
    const auto fact = [&](std::int64_t t, std::int64_t received) {
        return StoredFact{.subject = line,
                          .name = "up",
                          .value = true,
                          .at = at(t),
                          .received = at(received),
                          .error_ms = 0,
                          .agent = "a1",
                          .confirmed = at(t)};
    };
    commit.facts = {fact(1000, 900'000), fact(2000, 2'000'000), fact(3000, 2'000'000), fact(1'999'000, 2'000'000)};
    ASSERT_TRUE(store->commit(commit));
    const auto late = store->told_late(at(1'000'000), Millis{60'000}).value();
    ASSERT_EQ(late.size(), 1u);
    EXPECT_EQ(late[0].first, line);
    EXPECT_EQ(late[0].second, at(2000));
    EXPECT_TRUE(store->told_late(at(2'000'001), Millis{60'000}).value().empty());
}

TEST_P(StoreContract, GapsAndTheirHistory) {
    rules::Gap gap;
    gap.id = store->next_gap_id().value();
    gap.key = {"C01", {wire::SubjectKind::site, "HA01"}, ""};
    gap.since = gap.recorded = gap.detected = at(noon);
    gap.evidence = "active_uplink = 3g";
    Commit commit;
    commit.gaps.push_back({{.gap = gap, .from = rules::GapState::pending, .is_new = true, .at = at(noon)}, "HA01", {}});
    gap.state = rules::GapState::open;
    gap.opened = at(noon + 5000);
    commit.gaps.push_back({{.gap = gap, .from = rules::GapState::pending, .at = at(noon + 5000)}, "HA01", {}});
    ASSERT_TRUE(store->commit(commit));
    EXPECT_EQ(store->next_gap_id().value(), gap.id + 1);
    Store::GapQuery query;
    query.site = "HA01";
    auto open = store->gaps(query).value();
    ASSERT_EQ(open.size(), 1u);
    EXPECT_EQ(open[0].state, rules::GapState::open);
    EXPECT_EQ(open[0].opened, at(noon + 5000));
    EXPECT_EQ(open[0].evidence, gap.evidence);
    Commit small;
    gap.evidence = "active_uplink = 4g";
    gap.evidence_at = at(noon + 9000);
    small.gaps.push_back(
        {{.gap = gap, .from = rules::GapState::open, .at = at(noon + 9000), .in_history = false}, "HA01", {}});
    ASSERT_TRUE(store->commit(small));
    open = store->gaps(query).value();
    ASSERT_EQ(open.size(), 1u);
    EXPECT_EQ(open[0].evidence, "active_uplink = 4g");
    EXPECT_EQ(open[0].evidence_at, at(noon + 9000));
    query.subject = gap.key.subject;
    EXPECT_EQ(store->gaps(query).value().size(), 1u);
    query.subject->id = "HA02";
    EXPECT_TRUE(store->gaps(query).value().empty());
    query.subject.reset();
    query.site = "HA02";
    EXPECT_TRUE(store->gaps(query).value().empty());
    EXPECT_EQ(store->gap_history(gap.id).value().size(), 2u);
    EXPECT_EQ(store->gap_history(999).error().code, Errc::not_found);
}

TEST_P(StoreContract, EventsKeepTheirFieldsAndOrder) {
    Commit commit;
    crypto::Digest head{};
    for (std::uint64_t i = 1; i <= 3; ++i) {
        StoredEvent e;
        e.agent = "a1";
        e.site = "HA01";
        e.epoch = 7;
        e.index = i;
        e.event.kind = i == 2 ? "login.accepted" : "login.failed";
        e.event.fields = {{"user", "bình"}, {"src_ip", "10.1.0." + std::to_string(i)}};
        e.at = at(noon + static_cast<std::int64_t>(i));
        e.head = head = wire::chain(head, e.event);
        commit.events.push_back(e);
    }
    ASSERT_TRUE(store->commit(commit));
    Store::EventQuery query;
    query.kind = "login.failed";
    const auto events = store->events(query).value();
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].index, 3u);
    EXPECT_EQ(events[0].event.fields[0].second, "bình");
    EXPECT_EQ(store->chain_head("a1", 7).value().index, 3u);
    EXPECT_EQ(store->chain_head("a1", 7).value().head, head);
}

TEST_P(StoreContract, DocumentsAreReplacedAndErased) {
    ASSERT_TRUE(store->put({"c", "1", "one", at(1)}));
    ASSERT_TRUE(store->put({"c", "1", "uno", at(2)}));
    ASSERT_TRUE(store->put({"c", "2", "two", at(2)}));
    EXPECT_EQ(store->documents("c").value().size(), 2u);
    EXPECT_EQ(store->document("c", "1").value()->text, "uno");
    ASSERT_TRUE(store->erase("c", "1"));
    EXPECT_FALSE(store->document("c", "1").value());
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, testing::Values(Make([](const std::string& folder) {
                             auto store = open_sqlite_store(folder + "/vonggac.db");
                             return store ? std::move(*store) : nullptr;
                         })));

}  // namespace
