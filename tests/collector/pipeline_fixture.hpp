#pragma once
// A pipeline without network, with a clock of the test's own and one agent of one site.

#include "collector/pipeline.hpp"
#include "tests/collector/house.hpp"

#include <gtest/gtest.h>

namespace vg::collector::test {

class PipelineTest : public testing::Test {
protected:
    void SetUp() override {
        start();
        Enrolment enrolment;
        enrolment.id = "a1";
        enrolment.site = "HA01";
        enrolment.key_sha256_hex = "k";
        enrolment.enrolled = clock.wall() - std::chrono::hours(100);
        ASSERT_TRUE(pipeline->enrolled(enrolment));
    }
    void start() {
        pipeline.reset();
        pipeline = lone_pipeline(folder, clock, counters, small_register, {VONGGAC_SOURCE_DIR "/rules/catalogue"});
    }
    std::vector<Post> give(decltype(Delivery::what) what) {
        std::vector<Delivery> group;
        group.push_back({.connection = 1, .mailbox = {}, .received = clock.wall(), .what = std::move(what)});
        return pipeline->turn(std::move(group));
    }
    std::int64_t mono() const { return clock.mono().time_since_epoch().count(); }
    void connect(const std::string& boot = first_boot, std::int64_t began_ms = 0) {
        Opened opened;
        opened.hello = hello(boot);
        opened.hello.began_ms = began_ms;
        opened.hello.mono_ms = mono();
        opened.hello.boot.device_wall_at_zero_ms = clock.wall().time_since_epoch().count() - mono();
        opened.certificate.subject_cn = "a1";
        opened.certificate.key_sha256_hex = "k";
        opened.round_trip = Millis{2};
        give(std::move(opened));
    }
    void beat() { give(HeartbeatIn{{.mono_ms = mono(), .device_wall_ms = clock.wall().time_since_epoch().count()}}); }
    [[nodiscard]] wire::FactValue uplink() const {
        return pipeline->facts().value({wire::SubjectKind::site, "HA01"}, "active_uplink");
    }
    // The active uplink as it was at these monotonic times.
    void uplinks(const std::vector<std::pair<std::int64_t, std::string>>& seen) {
        wire::FactBody body;
        for (const auto& [at, kind] : seen)
            body.facts.push_back({{{wire::SubjectKind::site, ""}, "active_uplink", kind}, Mono{Millis{at}}});
        wire::Batch batch;
        batch.seq = ++seq;
        batch.batch_class = wire::BatchClass::facts;
        batch.sent_mono_ms = mono();
        batch.body = wire::encode(body);
        give(BatchIn{std::move(batch)});
    }
    void failed_logins(int n) {
        wire::EventBody body;
        body.first_index = chain.index + 1;
        body.before = chain.head;
        for (int i = 0; i < n; ++i) {
            wire::Event event{
                "login.failed", wire::Severity::low, {wire::SubjectKind::device, "host"}, {}, clock.mono()};
            event.fields = {{"src_ip", "10.9.8.7"}, {"user", "root"}};
            chain = {chain.index + 1, wire::chain(chain.head, event)};
            body.events.push_back(std::move(event));
        }
        wire::Batch batch;
        batch.seq = ++seq;
        batch.batch_class = wire::BatchClass::events;
        batch.sent_mono_ms = mono();
        batch.body = wire::encode(body);
        give(BatchIn{std::move(batch)});
    }
    void pass(Millis time, bool beating = true) {
        for (Millis done{0}; done < time; done += std::chrono::seconds(1)) {
            clock.advance(std::chrono::seconds(1));
            if (beating && done.count() % 3000 == 0) beat();
            pipeline->tick();
        }
    }
    std::optional<rules::Gap> gap(const std::string& rule, bool closed = false) {
        Store::GapQuery query;
        query.rule = rule;
        query.open = !closed;
        query.closed = closed;
        auto found = pipeline->store().gaps(query).value();
        std::erase_if(found, [](const rules::Gap& g) { return !g.opened; });
        return found.empty() ? std::nullopt : std::optional(found.front());
    }

    Folder folder;
    ManualClock clock{Time{Millis{1'795'000'000'000}}};
    Counters counters;
    std::unique_ptr<Pipeline> pipeline;
    std::uint64_t seq = 0;
    Store::ChainHead chain;
};

}  // namespace vg::collector::test
