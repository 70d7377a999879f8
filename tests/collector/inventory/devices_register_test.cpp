// Devices in the pipeline: the register against what is seen.
#include "collector/import_report.hpp"
#include "collector/inventory/device_row.hpp"
#include "rules/gaps.hpp"
#include "tests/collector/inventory/devices_fixture.hpp"

namespace vg::collector::test {
namespace {

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
