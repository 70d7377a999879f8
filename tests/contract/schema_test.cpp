// A database of an older version: it is brought up with all that is in it, all of it or nothing, and one of a newer
// version is left alone.
#include "base/sqlite.hpp"
#include "collector/store.hpp"
#include "tests/collector/instants.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

using namespace vg;
using namespace vg::collector;
using namespace vg::collector::test;

class Schema : public testing::Test {
protected:
    void SetUp() override { std::filesystem::create_directories(folder); }
    void TearDown() override { std::filesystem::remove_all(folder); }

    void make_first_version() {
        std::ifstream in(VONGGAC_SOURCE_DIR "/tests/contract/schema_1.sql");
        std::stringstream text;
        text << in.rdbuf();
        run("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; BEGIN;" + text.str() + "COMMIT");
    }
    void run(const std::string& sql) {
        auto database = sqlite::Database::open(path).value();
        const auto done = database.run(sql);
        ASSERT_TRUE(done) << done.error().message;
    }
    // Each row of the first column, a line each.
    std::string ask(const std::string& sql) {
        auto database = sqlite::Database::open(path).value();
        auto statement = database.prepare(sql).value();
        std::string out;
        while (statement.step().value()) out += statement.text(0) + "\n";
        return out;
    }
    std::string version() { return ask("SELECT value FROM meta WHERE name = 'schema'"); }
    std::string columns() {
        return ask(
            "SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || coalesce(c.dflt_value, "
            "'') "
            "FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid");
    }
    std::string indexes() { return ask("SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name"); }

    // What schema_1.sql put there.
    void expect_all_there() {
        auto opened = open_sqlite_store(path);
        ASSERT_TRUE(opened) << opened.error().message;
        auto& store = **opened;
        EXPECT_EQ(store.document("users", "admin").value()->text, R"({"role":"administrator"})");
        EXPECT_EQ(store.series_of("a1", 7).value().at(0).name.metric, "icmp.rtt_median");
        EXPECT_EQ(store.chain_head("a1", 7).value().index, 1u);
        const auto events = store.events({}).value();
        ASSERT_EQ(events.size(), 1u);
        EXPECT_EQ(events[0].event.kind, "login.failed");
        const auto facts = store.latest_facts().value();
        ASSERT_EQ(facts.size(), 1u);
        EXPECT_EQ(facts[0].value, wire::FactValue{std::string("fibre")});
        EXPECT_EQ(facts[0].confirmed, at(noon + 60'000));
        EXPECT_EQ(store.entries("HA01/host:a1", "software/").value().at(0).value, "3.0.15");
        expect_gaps(store);
    }
    static void expect_gaps(Store& store) {
        Store::GapQuery all;
        all.closed = true;
        const auto gaps = store.gaps(all).value();
        ASSERT_EQ(gaps.size(), 2u);
        for (const auto& gap : gaps) EXPECT_EQ(gap.evidence_at, Time{});  // nobody wrote down when
        const auto& open = gaps[0].id == 1 ? gaps[0] : gaps[1];
        const auto& closed = gaps[0].id == 1 ? gaps[1] : gaps[0];
        EXPECT_EQ(open.state, rules::GapState::open);
        EXPECT_EQ(open.evidence, "active_uplink = 3g");
        EXPECT_EQ(open.opened, at(noon + 300'000));
        EXPECT_EQ(closed.state, rules::GapState::closed);
        EXPECT_EQ(closed.count, 4u);
        EXPECT_EQ(closed.acknowledged_by, "admin");
        EXPECT_EQ(store.gap_history(1).value().size(), 2u);
        EXPECT_EQ(store.next_gap_id().value(), 3);
    }

    std::filesystem::path folder = std::filesystem::temp_directory_path() / ("vg-schema-" + crypto::random_text(12));
    std::string path = (folder / "vonggac.db").string();
};

TEST_F(Schema, TheFirstVersionIsBroughtUpWithAllThatIsInIt) {
    make_first_version();
    ASSERT_EQ(version(), "1\n");
    expect_all_there();
    EXPECT_EQ(version(), "2\n");
    expect_all_there();  // once only
}

TEST_F(Schema, WhatWasBroughtUpIsWhatIsMadeAnew) {
    make_first_version();
    ASSERT_TRUE(open_sqlite_store(path));
    const auto brought_up = columns(), brought_up_indexes = indexes();
    path = (folder / "new.db").string();
    ASSERT_TRUE(open_sqlite_store(path));
    EXPECT_EQ(columns(), brought_up);
    EXPECT_EQ(indexes(), brought_up_indexes);
}

TEST_F(Schema, GapsAreWrittenIntoADatabaseThatWasBroughtUp) {
    make_first_version();
    auto store = open_sqlite_store(path).value();
    auto gap = store->gaps({}).value().at(0);
    gap.evidence = "active_uplink = 4g";
    gap.evidence_at = at(noon + 900'000);
    Commit commit;
    commit.gaps.push_back(
        {{.gap = gap, .from = rules::GapState::open, .at = at(noon + 900'000), .in_history = false}, "HA01", {}});
    ASSERT_TRUE(store->commit(commit));
    const auto again = store->gaps({}).value().at(0);
    EXPECT_EQ(again.evidence, "active_uplink = 4g");
    EXPECT_EQ(again.evidence_at, at(noon + 900'000));
}

// A process that may write no more than so many bytes of a file is killed at the write that goes beyond them: the
// upgrade is cut off at each of its writes in turn.
TEST_F(Schema, AnUpgradeThatIsKilledIsDoneWholeOrNotAtAll) {
    make_first_version();
    ASSERT_EQ(ask("PRAGMA wal_checkpoint(TRUNCATE)"), "0\n");
    const auto original = (folder / "original.db").string();
    std::filesystem::copy_file(path, original);
    const auto first = columns();
    int killed_at_first = 0, killed_at_second = 0;
    for (rlim_t most = 0;; most += 2048) {
        for (const char* rest : {"", "-wal", "-shm"}) std::filesystem::remove(path + rest);
        std::filesystem::copy_file(original, path);
        const auto child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            const rlimit limit{most, most}, no_core{0, 0};
            setrlimit(RLIMIT_FSIZE, &limit);
            setrlimit(RLIMIT_CORE, &no_core);
            _exit(open_sqlite_store(path) ? 0 : 1);
        }
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        const auto found = version();
        ASSERT_TRUE(found == "1\n" || found == "2\n") << found;
        EXPECT_EQ(ask("PRAGMA integrity_check"), "ok\n");
        EXPECT_EQ(columns() == first, found == "1\n") << "at " << most;
        if (!WIFSIGNALED(status)) {
            EXPECT_EQ(WEXITSTATUS(status), 0);
            break;
        }
        (found == "1\n" ? killed_at_first : killed_at_second)++;
        expect_all_there();
        EXPECT_EQ(version(), "2\n");
    }
    EXPECT_GT(killed_at_first, 1);
}

TEST_F(Schema, AnUpgradeThatFailsLeavesTheFirstVersion) {
    make_first_version();
    run("ALTER TABLE gaps ADD COLUMN evidence_at INTEGER");  // by another hand: the step finds its column there
    EXPECT_FALSE(open_sqlite_store(path));
    EXPECT_EQ(version(), "1\n");
    EXPECT_EQ(ask("SELECT count(*) FROM gaps"), "2\n");
}

TEST_F(Schema, ANewerVersionIsRefusedInBothLanguagesAndLeftAlone) {
    ASSERT_TRUE(open_sqlite_store(path));
    run("UPDATE meta SET value = 3 WHERE name = 'schema'; DROP TABLE seals");
    const auto before = columns();
    const auto opened = open_sqlite_store(path);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::conflict);
    const auto words = told(opened.error());
    EXPECT_NE(words.vi.find("phiên bản Vọng Gác mới hơn"), std::string::npos) << words.vi;
    EXPECT_NE(words.en.find("newer version"), std::string::npos) << words.en;
    EXPECT_EQ(version(), "3\n");
    EXPECT_EQ(columns(), before);
}

}  // namespace
