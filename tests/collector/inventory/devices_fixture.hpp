#pragma once
// A pipeline with two sites, two agents and a register of three devices, and what agents tell of devices.

#include "collector/inventory/inventory.hpp"
#include "collector/pipeline.hpp"
#include "collector/register/read.hpp"
#include "rules/load.hpp"
#include "tests/collector/house.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace vg::collector::test {

using wire::FactValue;
using wire::SubjectKind;

inline constexpr const char* register_yaml = R"(
units:
  - { code: "20900", level: commune, kind: xa, name: "Trà My" }
sites:
  - { id: HA01, name: "Trụ sở", unit: "20900" }
  - { id: HA02, name: "Trụ sở cũ", unit: "20900" }
devices:
  - { site: HA01, name: router, kind: router, mac: "00:0c:42:00:00:01", ip: 10.1.0.1 }
  - { site: HA01, name: may-in, kind: printer, ip: 10.1.0.40 }
  - { site: HA01, name: camera, kind: camera, mac: "00:0c:42:00:00:77" }
)";

inline const std::string router = "00:0c:42:00:00:01", card = "00:1b:21:00:00:01", stranger = "00:1b:21:00:00:99",
                         camera = "00:0c:42:00:00:77";

class DevicesTest : public testing::Test {
protected:
    void SetUp() override {
        start();
        for (const auto& [id, site] : {std::pair{"a1", "HA01"}, {"a2", "HA02"}}) {
            Enrolment enrolment;
            enrolment.id = id;
            enrolment.site = site;
            enrolment.host = std::string("pc-") + id;
            enrolment.key_sha256_hex = id;
            enrolment.enrolled = clock.wall() - std::chrono::hours(100);
            ASSERT_TRUE(pipeline->enrolled(enrolment));
        }
        clock.advance(std::chrono::hours(1));
        connect_all();
    }
    void start() {
        pipeline.reset();
        pipeline = lone_pipeline(folder, clock, counters, register_yaml);
    }
    void put_catalogue() {
        Problems problems;
        const std::vector<std::string> producers{"inventory", "lan", "snmp", "host", "uplink", "http", "tcp", "dns"};
        const auto rules = rules::load_rules(rules::read_rule_files({VONGGAC_SOURCE_DIR "/rules/catalogue"}, problems),
                                             producers, problems);
        ASSERT_EQ(problems.text(), "");
        ASSERT_TRUE(pipeline->put_rules(rules));
    }
    // Another register comes into force.
    void put(const std::string& yaml) {
        Problems problems;
        auto reg = registry::read_yaml(yaml, "register", problems);
        ASSERT_EQ(problems.text(), "");
        ASSERT_TRUE(pipeline->put_register(std::make_shared<const registry::Register>(std::move(reg))));
    }
    void connect_all() {
        connect("a1", 1);
        connect("a2", 2);
    }
    void give(ConnectionId connection, decltype(Delivery::what) what) {
        std::vector<Delivery> group;
        group.push_back({.connection = connection, .mailbox = {}, .received = clock.wall(), .what = std::move(what)});
        (void)pipeline->turn(std::move(group));
    }
    void connect(const std::string& agent, ConnectionId connection) {
        Opened opened;
        opened.hello = hello();
        opened.hello.mono_ms = clock.mono().time_since_epoch().count();
        opened.hello.boot.device_wall_at_zero_ms = clock.wall().time_since_epoch().count() - opened.hello.mono_ms;
        opened.certificate.subject_cn = agent;
        opened.certificate.key_sha256_hex = agent;
        opened.round_trip = Millis{2};
        give(connection, std::move(opened));
    }
    // Facts of one device: key, then names and values.
    using Facts = std::vector<std::pair<std::string, FactValue>>;
    void tell(ConnectionId agent, const std::string& key, const Facts& facts) {
        wire::FactBody body;
        for (const auto& [name, value] : facts)
            body.facts.push_back({{{SubjectKind::device, key}, name, value}, clock.mono()});
        wire::Batch batch;
        batch.seq = ++seq;
        batch.batch_class = wire::BatchClass::facts;
        batch.sent_mono_ms = clock.mono().time_since_epoch().count();
        batch.body = wire::encode(body);
        give(agent, BatchIn{std::move(batch)});
    }
    void on_lan(ConnectionId agent, const std::string& mac, const std::string& ip) {
        tell(agent, "mac:" + mac, {{"seen", true}, {"mac", mac}, {"ip", ip}});
    }
    void pass(Millis time, Millis step = std::chrono::seconds(1)) {
        for (Millis done{0}; done < time; done += step) {
            clock.advance(step);
            for (const ConnectionId agent : beating)
                give(agent, HeartbeatIn{{.mono_ms = clock.mono().time_since_epoch().count(),
                                         .device_wall_ms = clock.wall().time_since_epoch().count()}});
            pipeline->tick();
        }
    }
    // An agent of HA01 that says at its enrolment which installation it is on, and comes.
    void enrol(const std::string& id, const std::string& machine, ConnectionId connection) {
        Enrolment enrolment;
        enrolment.id = enrolment.key_sha256_hex = id;
        enrolment.site = "HA01";
        enrolment.host = "pc-van-thu";
        enrolment.machine_id = machine;
        enrolment.enrolled = clock.wall();
        ASSERT_TRUE(pipeline->enrolled(enrolment));
        connect(id, connection);
        beating.push_back(connection);
        pass(std::chrono::seconds(2));
    }
    void leave(ConnectionId connection) {
        give(connection, Closed{"shutdown"});
        std::erase(beating, connection);
    }
    void sweep() { pass(std::chrono::seconds(20)); }
    std::vector<std::string> rows() {
        std::vector<std::string> out;
        for (const auto& subject : pipeline->facts().subjects(SubjectKind::device)) out.push_back(subject.id);
        std::sort(out.begin(), out.end());
        return out;
    }
    FactValue value(const std::string& device, const char* column) {
        return pipeline->facts().value({SubjectKind::device, device}, column);
    }
    FactValue of_site(const char* fact) { return pipeline->facts().value({SubjectKind::site, "HA01"}, fact); }
    const inventory::Record& record(const std::string& id) {
        const auto* found = pipeline->inventory().find(id);
        EXPECT_NE(found, nullptr) << id;
        return *found;
    }

    Folder folder;
    ManualClock clock{Time{Millis{1'795'000'000'000}}};
    Counters counters;
    std::unique_ptr<Pipeline> pipeline;
    std::uint64_t seq = 0;
    std::vector<ConnectionId> beating{1, 2};
    const std::string adapter = R"({"mac":")" + card + R"(","ipv4":"10.1.0.11/24","up":true})";
};

}  // namespace vg::collector::test
