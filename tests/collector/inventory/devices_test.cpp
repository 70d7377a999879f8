// Devices in the pipeline: one row a device whoever told of it, their lists and gaps, restarts.
#include "collector/inventory/device_row.hpp"
#include "collector/record_reader.hpp"
#include "rules/gaps.hpp"
#include "tests/collector/inventory/devices_fixture.hpp"

namespace vg::collector::test {
namespace {

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

}  // namespace
}  // namespace vg::collector::test
