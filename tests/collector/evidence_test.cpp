// What the offline verifier finds: every event edited, dropped, reordered or cut off, by somebody who can write the
// database but has not the authority's key.
#include "collector/authority.hpp"
#include "collector/verify.hpp"
#include "tests/collector/house.hpp"
#include "tests/collector/instants.hpp"
#include "wire/body.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace vg::collector::test {
namespace {

class Evidence : public testing::Test {
protected:
    void SetUp() override {
        auto store = open_sqlite_store(path, {.seal = [this](ByteView data) { return authority.seal(data); }}).value();
        add(*store, 1, 10);
        while (store->tidy(Time{Millis{noon + day}}).value()) {}
        add(*store, 11, 15);
    }
    void add(Store& store, std::uint64_t from, std::uint64_t to) {
        Commit commit;
        for (auto i = from; i <= to; ++i) {
            StoredEvent e;
            e.agent = "a1";
            e.site = "HA01";
            e.epoch = 9;
            e.index = i;
            e.event.kind = "login.failed";
            e.event.fields = {{"user", "u" + std::to_string(i)}};
            e.event.at = Mono{Millis{static_cast<std::int64_t>(i)}};
            e.at = e.received = e.device_time = Time{Millis{noon + static_cast<std::int64_t>(i)}};
            e.head = head = wire::chain(head, e.event);
            commit.events.push_back(e);
        }
        ASSERT_TRUE(store.commit(commit));
    }
    void tamper(const char* sql) {
        auto database = sqlite::Database::open(path).value();
        const auto done = database.run(sql);
        ASSERT_TRUE(done) << done.error().message;
    }
    bool finds(FindingKind kind) {
        const auto result = verify(path, authority.certificate_pem()).value();
        EXPECT_FALSE(result.is_intact());
        return std::any_of(result.findings.begin(), result.findings.end(),
                           [&](const Finding& finding) { return finding.kind == kind; });
    }

    Folder folder;
    std::string path = (folder.path / "vonggac.db").string();
    Authority authority = Authority::open(folder.path.string(), {"x"}, Time{Millis{noon}}).value();
    crypto::Digest head{};
};

TEST_F(Evidence, WhatNobodyTouchedIsIntact) {
    const auto result = verify(path, authority.certificate_pem()).value();
    EXPECT_TRUE(result.is_intact()) << result.findings.at(0).en;
    EXPECT_EQ(result.events, 15u);
    EXPECT_EQ(result.seals, 1u);
}
TEST_F(Evidence, AnEdit) {
    tamper("UPDATE events SET kind = 'login.accepted' WHERE idx = 4");
    EXPECT_TRUE(finds(FindingKind::edited));
}
TEST_F(Evidence, ADrop) {
    tamper("DELETE FROM events WHERE idx IN (6, 7)");
    EXPECT_TRUE(finds(FindingKind::dropped));
}
TEST_F(Evidence, AReorder) {
    tamper(
        "UPDATE events SET idx = -1 WHERE idx = 3; UPDATE events SET idx = 3 WHERE idx = 4;"
        "UPDATE events SET idx = 4 WHERE idx = -1");
    EXPECT_TRUE(finds(FindingKind::edited));
}
TEST_F(Evidence, ACutTail) {
    tamper("DELETE FROM events WHERE idx > 8");
    EXPECT_TRUE(finds(FindingKind::cut_tail));
}
TEST_F(Evidence, ACutTailWithTheChainsEndMovedBackToo) {
    tamper(
        "DELETE FROM events WHERE idx > 8;"
        "UPDATE streams SET chain_index = 8, chain_head = (SELECT head FROM events WHERE idx = 8)");
    EXPECT_TRUE(finds(FindingKind::cut_tail));
}
TEST_F(Evidence, AHoleDressedUpAsTheAgentsOwn) {
    tamper(
        "DELETE FROM events WHERE idx = 5;"
        "INSERT INTO chain_breaks SELECT stream, 6, head FROM events WHERE idx = 4");
    EXPECT_TRUE(finds(FindingKind::dropped));
}
TEST_F(Evidence, ASealRewritten) {
    tamper("UPDATE seals SET text = replace(text, 'a1', 'a2')");
    EXPECT_TRUE(finds(FindingKind::bad_seal));
}
TEST_F(Evidence, AWholeChainGone) {
    tamper("DELETE FROM events; DELETE FROM streams");
    EXPECT_TRUE(finds(FindingKind::cut_tail));
}

}  // namespace
}  // namespace vg::collector::test
