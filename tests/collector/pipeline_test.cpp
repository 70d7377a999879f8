// The pipeline from a fact to a gap: silence, restarts, strangers.
#include "base/sqlite.hpp"
#include "tests/collector/pipeline_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace vg::collector::test {
namespace {

TEST_F(PipelineTest, FromAFactToAGapAndBack) {
    clock.advance(std::chrono::hours(1));
    connect();
    uplinks({{mono(), "3g"}});
    EXPECT_FALSE(gap("C01"));
    pass(std::chrono::minutes(6));
    const auto open = gap("C01");
    ASSERT_TRUE(open);
    EXPECT_EQ(open->key.subject.id, "HA01");
    uplinks({{mono(), "fibre"}});
    pass(std::chrono::minutes(3));
    EXPECT_FALSE(gap("C01"));
    EXPECT_TRUE(gap("C01", true));
}

TEST_F(PipelineTest, AnOpenGapShowsWhatIsSeenNow) {
    clock.advance(std::chrono::hours(1));
    connect();
    uplinks({{mono(), "3g"}});
    pass(std::chrono::minutes(6));
    const auto before = gap("C01");
    ASSERT_TRUE(before);
    EXPECT_NE(before->evidence.find("3g"), std::string::npos) << before->evidence;
    const auto steps = pipeline->store().gap_history(before->id).value().size();
    uplinks({{mono(), "4g"}});
    pass(std::chrono::seconds(6));
    const auto after = gap("C01");
    ASSERT_TRUE(after);
    EXPECT_EQ(after->id, before->id);
    EXPECT_EQ(after->since, before->since);
    EXPECT_NE(after->evidence.find("4g"), std::string::npos) << after->evidence;
    EXPECT_GT(after->evidence_at, before->evidence_at);
    EXPECT_EQ(pipeline->store().gap_history(before->id).value().size(), steps) << "too soon for another step";
    for (int i = 0; i < 12; ++i) {
        pass(std::chrono::minutes(5));
        uplinks({{mono(), "4g"}});
    }
    uplinks({{mono(), "2g"}});
    pass(std::chrono::seconds(6));
    EXPECT_EQ(pipeline->store().gap_history(before->id).value().size(), steps + 1);
    start();  // and it is kept
    EXPECT_NE(gap("C01")->evidence.find("2g"), std::string::npos);
}

TEST_F(PipelineTest, SilenceIsSeenAndTakenBack) {
    clock.advance(std::chrono::hours(1));
    connect();
    const auto heard = [&] { return pipeline->facts().value({wire::SubjectKind::site, "HA01"}, "agents_heard"); };
    const auto of_unit = [&] { return pipeline->facts().value({wire::SubjectKind::unit, "20900"}, "agents_heard"); };
    EXPECT_EQ(heard(), wire::FactValue{std::int64_t{1}});
    EXPECT_EQ(of_unit(), wire::FactValue{std::int64_t{1}});
    pass(std::chrono::seconds(11), false);
    EXPECT_EQ(heard(), wire::FactValue{std::int64_t{0}});
    EXPECT_EQ(of_unit(), wire::FactValue{std::int64_t{0}});
    beat();
    EXPECT_EQ(heard(), wire::FactValue{std::int64_t{1}});
}

// Whose words wait to be read is not silent.
TEST_F(PipelineTest, WhatWaitsToBeReadIsNoSilence) {
    clock.advance(std::chrono::hours(1));
    connect();
    const Time read_until = clock.wall();
    const auto heard = [&] { return pipeline->facts().value({wire::SubjectKind::site, "HA01"}, "agents_heard"); };
    clock.advance(std::chrono::minutes(2));  // the disk stood still
    pipeline->tick(read_until + std::chrono::seconds(3));
    EXPECT_EQ(heard(), wire::FactValue{std::int64_t{1}});
    pipeline->tick();
    EXPECT_EQ(heard(), wire::FactValue{std::int64_t{0}});
}

// Silence begins with the last word, not when it is noticed.
TEST_F(PipelineTest, SilenceIsDatedByTheLastWord) {
    clock.advance(std::chrono::hours(1));
    connect();
    pass(std::chrono::seconds(30));
    beat();
    const Time last = clock.wall();
    pass(std::chrono::seconds(40), false);
    const auto dark = gap("A02"), silent = gap("A01");
    ASSERT_TRUE(dark && silent);
    EXPECT_EQ(dark->since, last);
    EXPECT_EQ(silent->since, last);
    EXPECT_GE(dark->detected, last + std::chrono::seconds(10));
}

TEST_F(PipelineTest, WhatADarkSiteSaidIsNotKnownUntilItIsHeardAgain) {
    clock.advance(std::chrono::hours(1));
    connect();
    uplinks({{mono(), "3g"}});
    pass(std::chrono::minutes(6));
    ASSERT_TRUE(gap("C01"));
    pass(std::chrono::seconds(11), false);
    EXPECT_EQ(uplink(), wire::FactValue{});
    EXPECT_TRUE(gap("C01")->uncertain);
    connect();  // the same run of the agent: it tells what changed, and nothing did
    EXPECT_EQ(uplink(), wire::FactValue{"3g"});
    EXPECT_FALSE(gap("C01")->uncertain);
}

TEST_F(PipelineTest, WhatChangedWhileASiteWasDarkCounts) {
    clock.advance(std::chrono::hours(1));
    connect();
    uplinks({{mono(), "3g"}});
    pass(std::chrono::seconds(11), false);
    const auto mended = mono();
    pass(std::chrono::seconds(11), false);
    connect();
    uplinks({{mended, "fibre"}});
    EXPECT_EQ(uplink(), wire::FactValue{"fibre"});
}

TEST_F(PipelineTest, AfterANewStartOnlyWhatIsToldAnewIsKnown) {
    clock.advance(std::chrono::hours(1));
    connect();
    uplinks({{mono(), "3g"}});
    pass(std::chrono::seconds(11), false);
    connect(second_boot);
    EXPECT_EQ(uplink(), wire::FactValue{});
    uplinks({{mono(), "3g"}});
    EXPECT_EQ(uplink(), wire::FactValue{"3g"});
}

// The machine ran on, and yet nobody says any more what the old run had seen.
TEST_F(PipelineTest, AfterARestartOfTheAgentAloneNothingOldIsKnown) {
    clock.advance(std::chrono::hours(1));
    connect();
    uplinks({{mono(), "3g"}});
    pass(std::chrono::seconds(11), false);
    connect(first_boot, mono());
    EXPECT_EQ(uplink(), wire::FactValue{});
    EXPECT_EQ(pipeline->facts().value({wire::SubjectKind::site, "HA01"}, "agents_heard"),
              wire::FactValue{std::int64_t{1}});
    uplinks({{mono(), "3g"}});
    EXPECT_EQ(uplink(), wire::FactValue{"3g"});
}

// Where nobody was watching nobody is heard; the first agent is not silent before its first word.
TEST_F(PipelineTest, TheFirstAgentOfASiteIsNotSilentBeforeItsFirstWord) {
    connect();
    ASSERT_TRUE(pipeline->revoke("a1"));
    pass(std::chrono::seconds(3), false);
    Enrolment enrolment;
    enrolment.id = "a2";
    enrolment.site = "HA01";
    enrolment.key_sha256_hex = "k2";
    enrolment.enrolled = clock.wall();
    ASSERT_TRUE(pipeline->enrolled(enrolment));
    pass(std::chrono::seconds(3), false);
    EXPECT_EQ(pipeline->facts().value({wire::SubjectKind::site, "HA01"}, "agents_heard"), wire::FactValue{});
    EXPECT_FALSE(gap("A02"));
    EXPECT_FALSE(gap("A02", true));
}

TEST_F(PipelineTest, AGoodbyeIsNoDarkness) {
    clock.advance(std::chrono::hours(1));
    connect();
    uplinks({{mono(), "fibre"}});
    give(Closed{"shutdown"});
    EXPECT_EQ(uplink(), wire::FactValue{});
    pass(std::chrono::minutes(5), false);
    EXPECT_FALSE(gap("A02"));
    EXPECT_FALSE(gap("A01"));
    pass(std::chrono::minutes(30), false);
    const auto stopped = gap("A03");
    ASSERT_TRUE(stopped);
    EXPECT_NE(rules::split_evidence(stopped->evidence).en.find("its service was stopped"), std::string::npos);
}

// Five failures are a burst, whatever happens to the collector in the middle of it.
TEST_F(PipelineTest, ABurstIsFoundAcrossANewStartAndNewRules) {
    clock.advance(std::chrono::hours(1));
    connect();
    failed_logins(2);
    start();
    connect();
    failed_logins(2);
    ASSERT_TRUE(pipeline->put_rules(std::make_shared<const rules::RuleSet>(pipeline->rules())));
    EXPECT_FALSE(gap("S28"));
    failed_logins(1);
    const auto burst = gap("S28");
    ASSERT_TRUE(burst);
    EXPECT_EQ(burst->count, 5u);  // failures
}

// The events were written, and then the collector was killed: nobody had written down what they mean.
TEST_F(PipelineTest, ABurstWhoseGapWasNotWrittenIsFoundAtTheNextStart) {
    clock.advance(std::chrono::hours(1));
    connect();
    failed_logins(5);
    const auto before = gap("S28");
    ASSERT_TRUE(before);
    start();
    EXPECT_EQ(gap("S28")->count, 5u) << "what was told is not told again";
    pipeline.reset();
    auto database = sqlite::Database::open((folder.path / "vonggac.db").string()).value();
    ASSERT_TRUE(database.run("DELETE FROM gaps; DELETE FROM gap_history"));
    clock.advance(std::chrono::minutes(2));
    start();
    const auto burst = gap("S28");
    ASSERT_TRUE(burst);
    EXPECT_EQ(burst->count, 5u);
    EXPECT_EQ(burst->since, before->since);
}

TEST_F(PipelineTest, AnAgentThatWasHeardBeforeARestartMayComeBack) {
    clock.advance(std::chrono::hours(1));
    connect();
    start();
    EXPECT_EQ(pipeline->agents().find("a1")->state(), AgentState::heard);
    pass(std::chrono::seconds(75), false);  // its back-off had grown to a minute, and it has to connect
    EXPECT_EQ(pipeline->agents().find("a1")->state(), AgentState::heard);
    EXPECT_FALSE(gap("A02"));
    pass(std::chrono::seconds(20), false);
    EXPECT_EQ(pipeline->agents().find("a1")->state(), AgentState::silent);
    EXPECT_TRUE(gap("A02"));
}

class Ear final : public Mailbox {
public:
    void deliver(std::vector<Reply> replies) override {
        for (const auto& reply : replies)
            if (const auto* assignment = std::get_if<wire::Assignment>(&reply)) assigned = assignment->yaml;
    }
    [[nodiscard]] bool watches() const { return assigned.find("snmp-rt") != std::string::npos; }
    std::string assigned;
};

// The first two of a site ask its router for all of it, and the next ones where those were revoked or went home.
TEST_F(PipelineTest, OthersWatchForASiteWhoseWatchersAreGone) {
    constexpr const char* with_router = R"(
units:
  - { code: "20900", level: commune, kind: xa, name: "Trà My" }
sites:
  - { id: HA01, name: "Trụ sở", unit: "20900" }
devices:
  - { site: HA01, name: rt, kind: router, ip: 10.1.0.1, snmp: { community: public } }
)";
    Folder own;
    pipeline = lone_pipeline(own, clock, counters, with_router);
    const auto deliver = [](std::vector<Post> posts) {
        for (auto& post : posts)
            if (const auto ear = post.mailbox.lock()) ear->deliver(std::move(post.replies));
    };
    pipeline->on_post(deliver);
    std::vector<std::shared_ptr<Ear>> ears;
    const auto say = [&](std::size_t i, decltype(Delivery::what) what) {
        std::vector<Delivery> group;
        group.push_back({.connection = i + 1, .mailbox = ears[i], .received = clock.wall(), .what = std::move(what)});
        deliver(pipeline->turn(std::move(group)));
    };
    const auto come = [&](std::size_t i) {
        Opened opened;
        opened.hello = hello();
        opened.hello.boot.boot_id = std::string(32, static_cast<char>('a' + i));
        opened.certificate.subject_cn = "w" + std::to_string(i);
        opened.certificate.key_sha256_hex = "k";
        say(i, std::move(opened));
    };
    for (std::size_t i = 0; i < 4; ++i) {
        Enrolment enrolment;
        enrolment.id = "w" + std::to_string(i);
        enrolment.site = "HA01";
        enrolment.key_sha256_hex = "k";
        enrolment.enrolled = clock.wall() + Millis(i);
        ASSERT_TRUE(pipeline->enrolled(enrolment));
        ears.push_back(std::make_shared<Ear>());
        come(i);
    }
    const auto minutes = [&](int n, std::initializer_list<std::size_t> there) {
        for (int i = 0; i < n; ++i) {
            clock.advance(std::chrono::minutes(1));
            for (const auto agent : there) say(agent, HeartbeatIn{{.metered = 1, .next_in_ms = 60'000}});
            pipeline->tick();
        }
    };
    minutes(1, {0, 1, 2, 3});
    EXPECT_TRUE(ears[0]->watches() && ears[1]->watches());
    EXPECT_FALSE(ears[2]->watches() || ears[3]->watches());
    ASSERT_TRUE(pipeline->revoke("w0"));
    minutes(1, {1, 2, 3});
    EXPECT_TRUE(ears[2]->watches());
    EXPECT_FALSE(ears[3]->watches());
    say(1, Closed{"host_shutdown"});
    minutes(30, {2, 3});
    EXPECT_FALSE(ears[3]->watches()) << "a lunch break is no reason";
    minutes(40, {2, 3});
    EXPECT_TRUE(ears[3]->watches());
    come(1);
    minutes(1, {1, 2, 3});
    EXPECT_TRUE(ears[1]->watches() && ears[2]->watches());
    EXPECT_FALSE(ears[3]->watches());
}

TEST_F(PipelineTest, FactsAboutNothingThatExistsAreCounted) {
    connect();
    wire::FactBody body;
    body.facts.push_back({{{wire::SubjectKind::uplink, "no such line"}, "up", true}, clock.mono()});
    body.facts.push_back({{{wire::SubjectKind::site, ""}, "no_such_fact", true}, clock.mono()});
    body.facts.push_back({{{wire::SubjectKind::uplink, "fibre"}, "up", std::string("yes")}, clock.mono()});
    body.facts.push_back({{{wire::SubjectKind::uplink, "fibre"}, "up", true}, clock.mono()});
    wire::Batch batch;
    batch.seq = 1;
    batch.batch_class = wire::BatchClass::facts;
    batch.body = wire::encode(body);
    give(BatchIn{std::move(batch)});
    EXPECT_EQ(counters.facts_refused, 3u);
    EXPECT_EQ(counters.facts, 1u);
}

TEST_F(PipelineTest, AStrangeDeviceIsCountedAtItsSite) {
    connect();
    wire::FactBody body;
    body.facts.push_back({{{wire::SubjectKind::device, "mac:aa:bb:cc:dd:ee:ff"}, "seen", true}, clock.mono()});
    wire::Batch batch;
    batch.seq = 1;
    batch.batch_class = wire::BatchClass::facts;
    batch.body = wire::encode(body);
    give(BatchIn{std::move(batch)});
    pass(std::chrono::seconds(20));
    EXPECT_EQ(pipeline->facts().value({wire::SubjectKind::site, "HA01"}, "unknown_devices"),
              wire::FactValue{std::int64_t{1}});
}

}  // namespace
}  // namespace vg::collector::test
