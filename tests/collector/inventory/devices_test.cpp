// Devices in the pipeline: one row a device whoever told of it, the register against what is seen, restarts.
#include "collector/import_report.hpp"
#include "collector/inventory/device_row.hpp"
#include "collector/inventory/inventory.hpp"
#include "collector/pipeline.hpp"
#include "collector/record_reader.hpp"
#include "collector/register/read.hpp"
#include "rules/gaps.hpp"
#include "rules/judge.hpp"
#include "rules/load.hpp"
#include "tests/collector/house.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace vg::collector::test {
namespace {

using wire::FactValue;
using wire::SubjectKind;

constexpr const char* register_yaml = R"(
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

const std::string router = "00:0c:42:00:00:01", card = "00:1b:21:00:00:01", stranger = "00:1b:21:00:00:99",
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

TEST_F(DevicesTest, a_device_has_one_row_whoever_told_of_it) {
    on_lan(1, card, "10.1.0.11");
    EXPECT_TRUE(pipeline->facts().has({SubjectKind::device, "HA01/mac:" + card}));
    tell(1, "host", {{"adapter/eth0", adapter}, {"computer_name", std::string("pc-1")}});
    EXPECT_FALSE(pipeline->facts().has({SubjectKind::device, "HA01/mac:" + card}));
    EXPECT_EQ(value("HA01/host:a1", "mac"), FactValue{card}) << "what the LAN told stands in the machine's row";
    EXPECT_EQ(value("HA01/host:a1", "seen"), FactValue{true});
    clock.advance(std::chrono::seconds(1));
    on_lan(1, card, "10.1.0.12");
    EXPECT_EQ(value("HA01/host:a1", "ip"), FactValue{std::string("10.1.0.12")});
    // The evidence stays with who told it.
    const auto kept = pipeline->store().fact_history({SubjectKind::device, "HA01/mac:" + card}, "ip", {}, Time::max());
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->size(), 2u);
}

TEST_F(DevicesTest, a_machine_that_is_enrolled_again_stays_the_device_that_it_was) {
    enrol("a3", "0123456789abcdef", 3);
    leave(3);
    pass(std::chrono::minutes(1));
    enrol("a4", "0123456789abcdef", 4);  // a new installation of the agent on the same system
    EXPECT_EQ(record("HA01/host:a4").id, "HA01/host:a3");
    pass(std::chrono::minutes(6));
    EXPECT_FALSE(record("HA01/host:a4").cloned);
    leave(4);
    start();
    EXPECT_EQ(record("HA01/host:a4").id, "HA01/host:a3") << "nothing but the enrolments say so";
}

TEST_F(DevicesTest, two_agents_of_one_installation_that_live_together_are_marked) {
    enrol("a3", "0123456789abcdef", 3);
    enrol("a4", "0123456789abcdef", 4);
    EXPECT_EQ(record("HA01/host:a4").id, "HA01/host:a4");
    pass(std::chrono::minutes(6));
    EXPECT_TRUE(pipeline->row_of(record("HA01/host:a3")).cloned);
    EXPECT_TRUE(pipeline->row_of(record("HA01/host:a4")).cloned);
}

TEST_F(DevicesTest, a_machine_with_an_agent_has_the_address_of_its_card) {
    tell(1, "host", {{"computer_name", std::string("may-ao")}});
    EXPECT_EQ(pipeline->row_of(record("HA01/host:a1")).mac, "");
    tell(1, "host",
         {{"adapter/eth1", std::string(R"({"mac":"02:42:ac:11:00:09"})")},
          {"adapter/eth2", std::string(R"({"mac":"02:42:ac:11:00:02","ipv4":"172.17.0.2/16"})")}});
    EXPECT_EQ(pipeline->row_of(record("HA01/host:a1")).mac, "02:42:ac:11:00:02")
        << "a virtual machine's, with its address";
    EXPECT_EQ(pipeline->row_of(record("HA01/host:a1")).ip, "172.17.0.2");
    tell(1, "host", {{"adapter/eth0", std::string(R"({"mac":")" + card + R"("})")}});
    EXPECT_EQ(pipeline->row_of(record("HA01/host:a1")).mac, card) << "its maker's";
}

TEST_F(DevicesTest, what_several_cards_tell_does_not_take_turns) {
    for (const char* mac : {"00:0c:42:00:00:01", "00:0c:42:00:00:02"}) {
        on_lan(1, mac, std::string("10.1.0.") + mac[16]);
        clock.advance(std::chrono::seconds(1));
    }
    tell(1, "snmp:10.1.0.1",
         {{"snmp_ok", true},
          {"interface/1", std::string(R"({"mac":"00:0c:42:00:00:01"})")},
          {"interface/2", std::string(R"({"mac":"00:0c:42:00:00:02"})")}});
    const auto ip = value("HA01/snmp:10.1.0.1", "ip");
    EXPECT_EQ(ip, FactValue{std::string("10.1.0.2")}) << "the newest change";
    clock.advance(std::chrono::minutes(1));
    on_lan(1, "00:0c:42:00:00:01", "10.1.0.1");  // told again, not changed
    EXPECT_EQ(value("HA01/snmp:10.1.0.1", "ip"), ip);
    tell(1, "mac:00:0c:42:00:00:02", {{"seen", false}});
    EXPECT_EQ(value("HA01/snmp:10.1.0.1", "seen"), FactValue{true}) << "the other card is still seen";
}

TEST_F(DevicesTest, a_restart_gives_the_same_devices) {
    on_lan(1, card, "10.1.0.11");
    on_lan(1, router, "10.1.0.1");
    on_lan(1, stranger, "10.1.0.99");
    tell(1, "host", {{"adapter/eth0", adapter}, {"machine_id", std::string("0123456789abcdef")}});
    tell(1, "snmp:10.1.0.40", {{"snmp_ok", true}, {"name", std::string("may-in-1")}});
    sweep();
    ASSERT_TRUE(pipeline->triage("HA01/mac:" + stranger, inventory::Verdict::flagged, "lan", "?"));
    ASSERT_TRUE(pipeline->split_record("HA01/host:a1", {"HA01/mac:" + card}, "lan", "a borrowed dock"));
    tell(1, "host", {{"adapter/eth0", std::string()}});  // the card went: only the store remembers whose it was
    sweep();
    const auto before = rows();
    EXPECT_NE(std::find(before.begin(), before.end(), "HA01/mac:" + card), before.end());
    const auto log = pipeline->inventory().log().size();
    start();
    EXPECT_EQ(rows(), before);
    EXPECT_EQ(pipeline->inventory().log().size(), log) << "nothing is told twice";
    EXPECT_EQ(pipeline->inventory().triage_of(record("HA01/mac:" + stranger))->verdict, inventory::Verdict::flagged);
    EXPECT_EQ(value("HA01/snmp:10.1.0.40", "registered_name"), FactValue{std::string("may-in")});
    connect_all();
    ASSERT_TRUE(pipeline->merge_records({"HA01/host:a1", "HA01/mac:" + card}, "lan", "it was its own"));
    EXPECT_EQ(rows().size(), before.size() - 1);
    start();
    EXPECT_EQ(rows().size(), before.size() - 1);
    EXPECT_EQ(record("HA01/mac:" + card).id, "HA01/host:a1");
}

TEST_F(DevicesTest, a_card_that_its_machine_lost_stays_over_a_restart) {
    on_lan(1, card, "10.1.0.11");
    tell(1, "host", {{"adapter/eth0", adapter}});
    tell(1, "host", {{"adapter/eth0", std::string()}});
    EXPECT_EQ(record("HA01/mac:" + card).id, "HA01/host:a1");
    start();
    EXPECT_EQ(record("HA01/mac:" + card).id, "HA01/host:a1");
}

TEST_F(DevicesTest, a_card_that_two_claim_alike_stays_where_it_is_over_restarts) {
    const auto claim = [&](const std::string& key, const std::string& engine) {
        tell(1, key, {{"snmp_ok", true}, {"engine_id", engine}, {"interface/1", R"({"mac":")" + card + R"("})"}});
    };
    on_lan(1, card, "10.1.0.99");
    claim("snmp:10.1.0.9", "80003a8c0409");
    sweep();
    claim("snmp:10.1.0.1", "80003a8c0401");
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(record("HA01/mac:" + card).id, "HA01/snmp:10.1.0.9") << i << " restarts";
        start();
    }
    connect_all();
    tell(1, "snmp:10.1.0.9", {{"interface/1", std::string()}});  // it goes to the other, and does not come back
    EXPECT_EQ(record("HA01/mac:" + card).id, "HA01/snmp:10.1.0.1");
    claim("snmp:10.1.0.9", "80003a8c0409");
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(record("HA01/mac:" + card).id, "HA01/snmp:10.1.0.1") << i << " restarts";
        start();
    }
}

TEST_F(DevicesTest, the_register_against_what_is_seen) {
    on_lan(1, router, "10.1.0.1");
    on_lan(1, stranger, "10.1.0.99");
    tell(1, "snmp:10.1.0.40", {{"snmp_ok", true}});
    sweep();
    EXPECT_EQ(value("HA01/mac:" + router, "registered"), FactValue{true}) << "by its card";
    EXPECT_EQ(value("HA01/snmp:10.1.0.40", "registered"), FactValue{true}) << "by its address";
    EXPECT_EQ(value("HA01/mac:" + stranger, "registered"), FactValue{false});
    EXPECT_EQ(of_site("unknown_devices"), FactValue{std::int64_t{1}});
    EXPECT_EQ(value("HA01/mac:" + camera, "expected"), FactValue{true});
    EXPECT_EQ(value("HA01/mac:" + camera, "missing"), FactValue{true}) << "a watched site never showed it";
    EXPECT_EQ(of_site("devices_missing"), FactValue{std::int64_t{1}});
    ASSERT_TRUE(pipeline->triage("HA01/mac:" + stranger, inventory::Verdict::ignored, "lan", "a visitor"));
    sweep();
    EXPECT_EQ(of_site("unknown_devices"), FactValue{std::int64_t{0}});
    EXPECT_EQ(value("HA01/mac:" + stranger, "triage"), FactValue{std::string("ignored")});
    on_lan(2, camera, "10.2.0.77");  // at another site
    sweep();
    EXPECT_EQ(value("HA02/mac:" + camera, "moved_from"), FactValue{std::string("HA01")});
    EXPECT_EQ(value("HA02/mac:" + camera, "missing"), FactValue{false});
    EXPECT_EQ(of_site("devices_missing"), FactValue{std::int64_t{0}});
}

// Phones of visitors: a new card every day.
TEST_F(DevicesTest, a_card_that_nobody_has_seen_for_long_is_forgotten) {
    const std::string random = "5a:11:22:33:44:55", decided = "5a:11:22:33:44:66", real = "00:1b:21:00:00:98";
    for (const auto& mac : {random, decided, real}) on_lan(1, mac, "10.1.0.77");
    sweep();
    ASSERT_TRUE(pipeline->triage("HA01/mac:" + decided, inventory::Verdict::ignored, "admin", "a guest"));
    const auto knows = [&](const std::string& mac) { return pipeline->inventory().find("HA01/mac:" + mac) != nullptr; };
    pass(std::chrono::days(29), std::chrono::hours(12));
    EXPECT_TRUE(knows(random) && knows(decided) && knows(real));
    pass(std::chrono::days(3), std::chrono::hours(12));
    EXPECT_FALSE(knows(random));
    EXPECT_FALSE(pipeline->facts().has({SubjectKind::device, "HA01/mac:" + random}));
    EXPECT_TRUE(knows(decided) && knows(real));
    start();
    EXPECT_FALSE(knows(random));
    EXPECT_TRUE(knows(decided) && knows(real));
    connect_all();
    on_lan(1, random, "10.1.0.77");
    EXPECT_TRUE(knows(random));
}

TEST_F(DevicesTest, nobody_is_missed_where_nobody_looks) {
    clock.advance(std::chrono::hours(3));
    for (int i = 0; i < 40; ++i) {  // all agents fall silent
        clock.advance(std::chrono::seconds(1));
        pipeline->tick();
    }
    EXPECT_EQ(value("HA01/mac:" + camera, "missing"), FactValue{});
}

TEST_F(DevicesTest, a_device_that_goes_to_another_site_is_followed) {
    on_lan(1, stranger, "10.1.0.99");
    sweep();
    clock.advance(std::chrono::hours(2));
    on_lan(2, stranger, "10.2.0.99");
    sweep();
    const auto& moved = record("HA02/mac:" + stranger);
    EXPECT_EQ(moved.id, "HA01/mac:" + stranger);
    EXPECT_EQ(pipeline->inventory().site_of(moved), "HA02");
    EXPECT_EQ(value(moved.id, "site"), FactValue{std::string("HA02")});
    EXPECT_EQ(value(moved.id, "moved_from"), FactValue{std::string("HA01")});
    const auto log = pipeline->inventory().log_of(moved);
    EXPECT_TRUE(std::any_of(log.begin(), log.end(), [](const auto* entry) { return entry->what == "moved"; }));
    start();
    EXPECT_EQ(pipeline->inventory().site_of(record("HA02/mac:" + stranger)), "HA02");
}

TEST_F(DevicesTest, two_devices_with_one_address_are_told) {
    on_lan(1, stranger, "10.1.0.11");
    on_lan(1, card, "10.1.0.11");
    sweep();
    sweep();
    EXPECT_EQ(value("HA01/mac:" + stranger, "ip_duplicate"), FactValue{true});
    EXPECT_EQ(value("HA01/mac:" + card, "ip_duplicate"), FactValue{true});
}

TEST_F(DevicesTest, nobody_speaks_for_another_machine) {
    const auto refused = counters.facts_refused.load();
    for (const char* key : {"host:a2", "name:router", "mac:AA:BB:CC:DD:EE:FF", "mac:ff:ff:ff:ff:ff:ff", "snmp:", "x"})
        tell(1, key, {{"seen", true}});
    EXPECT_EQ(counters.facts_refused.load(), refused + 6);
}

TEST_F(DevicesTest, lists_are_kept_entry_by_entry_with_their_history) {
    tell(1, "host", {{"software/openssl", std::string("3.0.14")}, {"software/curl", std::string("7.88")}});
    clock.advance(std::chrono::hours(5));
    tell(1, "host", {{"software/openssl", std::string("3.0.15")}, {"software/curl", std::string()}});
    clock.advance(std::chrono::hours(5));
    tell(1, "host", {{"software/openssl", std::string("3.0.15")}, {"software/nmap", std::string("7.93")}});
    const auto now = pipeline->store().entries("HA01/host:a1", "software/").value();
    ASSERT_EQ(now.size(), 2u);
    EXPECT_EQ(now[0].name, "nmap");
    EXPECT_EQ(now[1].name, "openssl");
    EXPECT_EQ(now[1].value, "3.0.15");
    const auto changes = pipeline->store().changes("HA01/host:a1", "software/", 100).value();
    ASSERT_EQ(changes.size(), 3u) << "what was there at first is no change";
    EXPECT_EQ(changes[0].name, "software/nmap");
    EXPECT_EQ(changes[0].from, FactValue{});
    EXPECT_EQ(changes[1].name, "software/curl");
    EXPECT_EQ(changes[1].to, FactValue{});
    EXPECT_EQ(changes[2].from, FactValue{std::string("3.0.14")});
    const auto counts = pipeline->store().count_entries("HA01/host:a1").value();
    ASSERT_EQ(counts.size(), 1u);
    EXPECT_EQ(counts.front(), (std::pair<std::string, std::int64_t>("software/", 2)));
    EXPECT_EQ(RecordReader(*pipeline, record("HA01/host:a1")).count("software/"), 2u);
    for (const auto& fact : pipeline->store().latest_facts().value())
        EXPECT_EQ(fact.name.find('/'), std::string::npos) << fact.name;
}

TEST_F(DevicesTest, a_device_of_which_lists_alone_are_told_outlives_a_restart) {
    tell(1, "snmp:10.1.0.9", {{"part/1", std::string("{}")}});
    sweep();
    const auto before = rows();
    EXPECT_NE(pipeline->inventory().find("HA01/snmp:10.1.0.9"), nullptr);
    start();
    EXPECT_EQ(rows(), before);
}

TEST_F(DevicesTest, what_is_told_in_another_encoding_is_kept_as_utf8) {
    tell(1, "host", {{"board_serial", std::string("S-\xe0\xff")}, {"software/c\xe1i", std::string("1.\xe0")}});
    sweep();
    EXPECT_EQ(pipeline->facts().value({SubjectKind::device, "HA01/host:a1"}, "board_serial"),
              FactValue{std::string("S-\uFFFD\uFFFD")});
    const auto entries = pipeline->store().entries("HA01/host:a1", "software/").value();
    ASSERT_EQ(entries.size(), 1u);
    EXPECT_EQ(entries[0].name, "c\uFFFDi");
    EXPECT_EQ(entries[0].value, "1.\uFFFD");
}

TEST_F(DevicesTest, tables_of_a_switch_have_no_history) {
    for (const char* port : {"3", "4", "3"}) {
        clock.advance(std::chrono::minutes(5));
        tell(1, "snmp:10.1.0.2", {{"fdb/" + card, std::string(R"({"interface":)") + port + "}"}});
    }
    EXPECT_EQ(pipeline->store().changes("HA01/snmp:10.1.0.2", "fdb/", 100).value().size(), 0u);
    EXPECT_EQ(pipeline->store().entries("HA01/snmp:10.1.0.2", "fdb/").value().size(), 1u);
    tell(1, "snmp:10.1.0.2", {{"fdb/" + card, std::string()}});
    EXPECT_EQ(pipeline->store().entries("HA01/snmp:10.1.0.2", "fdb/").value().size(), 0u);
}

TEST_F(DevicesTest, WhatIsDerivedOfAMachineOpensGapsAndCloses) {
    put_catalogue();
    const rules::SubjectId machine{SubjectKind::device, "HA01/host:a1"};
    const auto fact = [&](const char* name) { return pipeline->facts().value(machine, name); };
    const auto is_open = [&] {
        const auto& gaps = pipeline->gaps().gaps();
        return std::any_of(gaps.begin(), gaps.end(), [&](const auto& gap) {
            return gap.key.rule == "S15" && gap.key.subject == machine && gap.state == rules::GapState::open;
        });
    };
    tell(1, "host", {{"os_id", std::string("windows-7")}, {"os_version", std::string("6.1.7601")}});
    tell(1, "snmp:10.1.0.40", {{"snmp_ok", true}});
    sweep();
    EXPECT_EQ(fact("has_agent"), FactValue{true});
    EXPECT_EQ(fact("os_supported"), FactValue{false});
    EXPECT_EQ(fact("os_support_end"), FactValue{std::string("2020-01-14")});
    EXPECT_TRUE(is_open());

    tell(1, "host", {{"os_id", std::string("windows-11")}, {"os_version", std::string("10.0.26200.1")}});
    sweep();
    EXPECT_EQ(fact("os_supported"), FactValue{true});
    EXPECT_FALSE(is_open());
    EXPECT_EQ(pipeline->facts().value({SubjectKind::device, "HA01/snmp:10.1.0.40"}, "missing_fields"),
              FactValue{std::int64_t{7}});
    EXPECT_EQ(pipeline->facts().value({SubjectKind::device, "HA01/mac:" + stranger}, "missing_fields"), FactValue{});
}

TEST_F(DevicesTest, an_adoption_that_the_register_lost_is_decided_again) {
    const auto id = "HA01/mac:" + stranger;
    on_lan(1, stranger, "10.1.0.99");
    put(register_yaml + ("  - { site: HA01, name: may-moi, kind: pc, mac: \"" + stranger + "\" }\n"));
    ASSERT_TRUE(pipeline->triage(id, inventory::Verdict::adopted, "lan", ""));
    EXPECT_EQ(pipeline->row_of(record(id)).triage, "adopted");
    put(register_yaml);
    EXPECT_EQ(pipeline->inventory().triage_of(record(id)), nullptr);
    EXPECT_EQ(pipeline->row_of(record(id)).triage, "");
    sweep();
    EXPECT_EQ(value(id, "registered"), FactValue{false});
    EXPECT_EQ(value(id, "triage"), FactValue{std::string()});
    EXPECT_EQ(of_site("unknown_devices"), FactValue{std::int64_t{1}});
    start();
    EXPECT_EQ(pipeline->inventory().triage_of(record(id)), nullptr) << "nor after a restart";
}

TEST_F(DevicesTest, an_import_says_first_what_it_changes) {
    const auto read = [](const std::string& yaml) {
        Problems problems;
        auto reg = registry::read_yaml(yaml, "register", problems);
        EXPECT_EQ(problems.text(), "");
        return reg;
    };
    const auto with = register_yaml + ("  - { site: HA01, name: may-moi, kind: pc, mac: \"" + stranger + "\" }\n");
    on_lan(1, stranger, "10.1.0.99");
    put(with);
    ASSERT_TRUE(pipeline->triage("HA01/mac:" + stranger, inventory::Verdict::adopted, "lan", ""));
    const auto same = report_of_import(pipeline->store(), read(with), read(with)).value();
    EXPECT_EQ(same.devices.added + same.devices.changed + same.devices.removed + same.dropped_adoptions, 0u);
    EXPECT_EQ(same.lines().size(), 4u) << "nothing to mind";

    const auto other = read(R"(
units:
  - { code: "20900", level: commune, kind: xa, name: "Trà My" }
sites:
  - { id: HA01, name: "Trụ sở mới", unit: "20900" }
uplinks:
  - { site: HA01, name: fibre, kind: fibre, primary: true }
devices:
  - { site: HA01, name: router, kind: router, mac: "00:0c:42:00:00:01", ip: 10.1.0.1 }
)");
    const auto report = report_of_import(pipeline->store(), read(with), other).value();
    EXPECT_EQ(report.sites.changed, 1u);
    EXPECT_EQ(report.sites.removed, 1u);
    EXPECT_EQ(report.uplinks.added, 1u);
    EXPECT_EQ(report.devices.removed, 3u);
    EXPECT_EQ(report.dropped_adoptions, 1u);
    EXPECT_EQ(report.lost_agents, 1u);
    EXPECT_EQ(report.lost_sites, (std::vector<std::string>{"HA02"}));
    EXPECT_EQ(report.lines().size(), 6u);
    EXPECT_EQ(report.lines().front().en, "sites: 0 added, 1 changed, 1 removed");
    EXPECT_EQ(report_of_import(pipeline->store(), {}, other).value().lost_agents, 0u) << "nothing stood there before";
}

TEST_F(DevicesTest, gaps_of_devices_that_left_the_register_close_at_once) {
    put_catalogue();
    const auto gaps_of_other = [&] {
        std::vector<std::int64_t> out;
        for (const auto& gap : pipeline->gaps().gaps())
            if (gap.key.rule == "S02" && gap.key.subject.id == "HA02/name:may-khac") out.push_back(gap.id);
        return out;
    };
    put(register_yaml + std::string("  - { site: HA02, name: may-khac, kind: pc }\n"));
    sweep();
    const auto open = gaps_of_other();
    ASSERT_EQ(open.size(), 1u);
    put(register_yaml);
    EXPECT_TRUE(gaps_of_other().empty());
    EXPECT_FALSE(pipeline->facts().has({SubjectKind::device, "HA02/name:may-khac"}));
    const auto history = pipeline->store().gap_history(open.front()).value();
    EXPECT_EQ(history.back().second.gap.state, rules::GapState::closed);
    const auto why = rules::split_evidence(history.back().second.gap.evidence);
    EXPECT_NE(why.en.find("closed: no longer in the register"), std::string::npos) << why.en;
    EXPECT_NE(why.vi.find("không còn trong danh mục"), std::string::npos) << why.vi;
}

}  // namespace
}  // namespace vg::collector::test
