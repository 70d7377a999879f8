#pragma once
// An agent in the house of what people ask (api_house.hpp): enrolled, heard, and telling what the test says.

#include "tests/collector/api_house.hpp"
#include "wire/limits.hpp"

namespace vg::collector {

// An agent of the site TM01 that tells of its neighbours.
class Watcher {
public:
    explicit Watcher(ApiHouse& house) : house_(house) {
        house_.on_pipeline([this](Pipeline& pipeline) {
            Enrolment enrolment;
            enrolment.id = "a1";
            enrolment.site = "TM01";
            enrolment.host = "pc-van-thu";
            enrolment.key_sha256_hex = "k";
            enrolment.enrolled = pipeline.clock().wall();
            EXPECT_TRUE(pipeline.enrolled(enrolment));
            Opened opened;
            opened.hello.version = wire::limits::protocol_version;
            opened.hello.spool_epoch = 7;
            opened.hello.mono_ms = mono;
            opened.hello.boot.boot_id = std::string(32, '1');
            opened.hello.boot.device_wall_at_zero_ms = pipeline.clock().wall().time_since_epoch().count() - mono;
            opened.certificate.subject_cn = "a1";
            opened.certificate.key_sha256_hex = "k";
            give(pipeline, std::move(opened));
            return true;
        });
    }
    using Facts = std::vector<std::pair<std::string, wire::FactValue>>;
    void tell(const std::string& key, const Facts& facts) {
        house_.on_pipeline([&](Pipeline& pipeline) {
            wire::FactBody body;
            for (const auto& [name, value] : facts)
                body.facts.push_back({{{wire::SubjectKind::device, key}, name, value}, Mono{Millis{at_ += 1'000}}});
            give(pipeline, wire::BatchClass::facts, wire::encode(body));
            return true;
        });
    }
    // The first and only event of this agent.
    void happened(const std::string& key, const std::string& kind) {
        house_.on_pipeline([&](Pipeline& pipeline) {
            wire::EventBody body;
            body.first_index = 1;
            body.events.push_back(
                {kind, wire::Severity::medium, {wire::SubjectKind::device, key}, {}, Mono{Millis{at_}}});
            give(pipeline, wire::BatchClass::events, wire::encode(body));
            return true;
        });
    }
    void on_lan(const std::string& mac, const std::string& ip) {
        tell("mac:" + mac, {{"seen", true}, {"mac", mac}, {"ip", ip}});
    }

private:
    static constexpr std::int64_t mono = 3'600'000;
    void give(Pipeline& pipeline, wire::BatchClass batch_class, Bytes body) {
        wire::Batch batch;
        batch.seq = ++seq_;
        batch.batch_class = batch_class;
        batch.sent_mono_ms = mono;
        batch.body = std::move(body);
        give(pipeline, BatchIn{std::move(batch)});
    }
    static void give(Pipeline& pipeline, decltype(Delivery::what) what) {
        std::vector<Delivery> group;
        group.push_back(
            {.connection = 1'000'000'000, .mailbox = {}, .received = pipeline.clock().wall(), .what = std::move(what)});
        (void)pipeline.turn(std::move(group));
    }
    ApiHouse& house_;
    std::uint64_t seq_ = 0;
    std::int64_t at_ = mono - 50'000;  // each fact a second after the one before
};

}  // namespace vg::collector
