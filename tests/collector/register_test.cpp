#include "collector/register/assignment.hpp"
#include "collector/register/mandatory.hpp"
#include "collector/register/probe_options.hpp"
#include "collector/register/read.hpp"
#include "collector/register/read_records.hpp"
#include "collector/register/subjects.hpp"
#include "probes/probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace vg::collector::registry {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string example() {
    std::ifstream in(VONGGAC_SOURCE_DIR "/packaging/register.example.yaml");
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

Register read(std::string_view text) {
    Problems problems;
    auto reg = read_yaml(text, "r.yaml", problems);
    EXPECT_EQ(problems.text(), "");
    return reg;
}

std::string problems_of(std::string_view text) {
    Problems problems;
    (void)read_yaml(text, "r.yaml", problems);
    return problems.text(Language::en);
}

Date day(int y, unsigned m, unsigned d) { return std::chrono::year(y) / std::chrono::month(m) / std::chrono::day(d); }

TEST(Register, tables_without_a_row_do_not_end_every_expectation) {
    Problems problems;
    (void)read_tables({{"units", "code;level;kind;name\n", "units.csv"}}, {}, problems);
    EXPECT_EQ(problems.text(Language::en),
              "units.csv: the register holds neither units nor sites; nothing would be expected any more\n");
}

TEST(Register, the_example_is_in_order) {
    const auto reg = read(example());
    ASSERT_NE(reg.site("TM01"), nullptr);
    EXPECT_EQ(reg.site("TM01")->head_count, 42);
    EXPECT_EQ(reg.services_of("TM01").size(), 3U);
    EXPECT_EQ(reg.services_of("TM02").size(), 2U);
    EXPECT_EQ(reg.services_of("TD01").size(), 4U);
}

TEST(Register, a_code_may_mean_another_unit_on_another_day) {
    const auto reg = read(example());
    EXPECT_EQ(full_name(*reg.unit("20900", day(2025, 6, 30))), "Xã Trà Sơn");
    EXPECT_EQ(full_name(*reg.unit("20900", day(2025, 7, 1))), "Xã Trà My");
    EXPECT_EQ(full_name(*reg.unit("20900")), "Xã Trà My");
    EXPECT_TRUE(reg.is_within("20900", "48"));
    EXPECT_FALSE(reg.is_within("20900", "515"));
}

TEST(Register, every_mistake_is_listed_with_its_place) {
    const auto text = problems_of(R"(
units:
  - { code: "48", level: provinz, kind: thanh_pho, name: Đà Nẵng }
  - { code: "20900", level: commune, kind: xa, nam: Trà My, parent: "47" }
sites:
  - id: A 1
    name: x
    unit: "99999"
    head_count: viele
    uplinks:
      - { name: a, kind: fiber, primary: true }
      - { name: a, kind: fibre, primary: true }
    devices:
      - { name: r, kind: router, mac: "52:54", snmp: { community: x } }
services:
  - { id: document, kind: document, probe: http, every: soon, checked_from: [NOWHERE] }
)");
    for (const char* expected :
         {"r.yaml:3:26: 'provinz' is not a level", "r.yaml:4:48: unknown key 'nam'; did you mean 'name'?",
          "r.yaml:4:5: 'name' is missing", "r.yaml:4:69: the parent '47'", "r.yaml:6:5: the site id 'A 1'",
          "r.yaml:8:11: there is no unit '99999'", "r.yaml:9:17: expected a whole number", "'fiber' is not a kind",
          "uplink 'a' of site 'A 1' stands twice", "the primary uplink of site 'A 1' stands twice",
          "expected a MAC address", "snmp needs the device's ip", "expected a duration", "there is no site 'NOWHERE'"})
        EXPECT_THAT(text, HasSubstr(expected));
}

TEST(Register, every_mistake_is_told_in_both_languages) {
    Problems problems;
    (void)read_yaml(
        "units:\n"
        "  - { code: '48', level: tinh, kind: thanh_pho, name: Đà Nẵng }\n"
        "sites:\n"
        "  - { id: TM01, name: Trà My, unit: '20900', head_cout: 4 }\n"
        "uplinks:\n"
        "  - { site: TM01, name: a, kind: fibre, next_hop: gateway }\n"
        "  - { site: TM01, name: a, kind: fibre }\n"
        "services:\n"
        "  - { id: doc, kind: document, probe: http, target: 'https://x/', methd: GET, every: soon }\n",
        "r.yaml", problems);
    EXPECT_EQ(problems.text(Language::vi),
              "r.yaml:2:26: 'tinh' không phải giá trị của 'level'; chọn một trong: province, district, commune\n"
              "r.yaml:4:37: không có đơn vị '20900' trong danh mục\n"
              "r.yaml:4:46: không có khóa 'head_cout'; có phải là 'head_count' không?\n"
              "r.yaml:6:51: 'gateway' không phải địa chỉ IP; cần địa chỉ như 10.20.0.1 hoặc 2001:db8::1\n"
              "r.yaml:7:5: đường truyền 'a' của trụ sở 'TM01' ghi hai lần; lần đầu ở r.yaml:6:5\n"
              "r.yaml:9:67: phép dò http không có tùy chọn 'methd'; có phải là 'method' không?\n"
              "r.yaml:9:86: cần một khoảng thời gian như 500ms, 5s, 3m, 2h hoặc 30d\n");
    EXPECT_EQ(problems.text(Language::en),
              "r.yaml:2:26: 'tinh' is not a level; one of: province, district, commune\n"
              "r.yaml:4:37: there is no unit '20900' in the register\n"
              "r.yaml:4:46: unknown key 'head_cout'; did you mean 'head_count'?\n"
              "r.yaml:6:51: 'gateway' is no IP address; expected one such as 10.20.0.1 or 2001:db8::1\n"
              "r.yaml:7:5: uplink 'a' of site 'TM01' stands twice; first at r.yaml:6:5\n"
              "r.yaml:9:67: the probe http has no option 'methd'; did you mean 'method'?\n"
              "r.yaml:9:86: expected a duration such as 500ms, 5s, 3m, 2h or 30d\n");
}

TEST(Register, a_code_valid_twice_at_once_and_a_circle_are_mistakes) {
    EXPECT_THAT(problems_of("units:\n"
                            "  - { code: '1', level: commune, kind: xa, name: a, valid_from: 2025-01-01 }\n"
                            "  - { code: '1', level: commune, kind: xa, name: b, valid_from: 2026-01-01 }\n"),
                HasSubstr("valid twice at the same time"));
    EXPECT_THAT(problems_of("units:\n"
                            "  - { code: '1', level: commune, kind: xa, name: a, parent: '2' }\n"
                            "  - { code: '2', level: commune, kind: xa, name: b, parent: '1' }\n"),
                HasSubstr("its own ancestor"));
}

TEST(Register, what_is_written_is_read_back_equal) {
    const auto reg = read(example());
    const auto text = to_yaml(reg);
    EXPECT_EQ(to_yaml(read(text)), text);
    EXPECT_EQ(make_assignment(read(text), "TM01", 0, "10.0.0.2:443").yaml,
              make_assignment(reg, "TM01", 0, "10.0.0.2:443").yaml);
}

TEST(Register, tables_come_as_csv_with_bom_and_either_separator) {
    Problems problems;
    const std::vector<Table> tables{
        {"units",
         "\xEF\xBB\xBF"
         "code;level;kind;name;parent\r\n00004;commune;xa;Phúc Xá;01\r\n01;province;thanh_pho;Hà Nội;\r\n",
         "units.csv"},
        {"sites", "id,name,unit,head_count\nA,\"Trụ sở \"\"A\"\", tầng 2\",00004,12\n", "sites.csv"},
        {"uplinks", "site;name;kind;primary;subscribed_mbps\nA;f;fibre;true;100.5\n", "uplinks.csv"},
        {"devices", "site,name,kind,ip,snmp.version,snmp.community\nA,r,router,10.0.0.1,2c,public\n", "devices.csv"},
        {"services", "id,kind,probe,target,every,expect_status,checked_from\ndoc,document,http,https://x/,60s,200,A\n",
         "services.csv"}};
    const auto reg = read_tables(tables, {}, problems);
    ASSERT_EQ(problems.text(), "");
    EXPECT_EQ(reg.units.at(0).code, "00004");
    EXPECT_EQ(reg.sites.at(0).name, "Trụ sở \"A\", tầng 2");
    EXPECT_EQ(reg.uplinks.at(0).subscribed_mbps, 100.5);
    EXPECT_TRUE(reg.uplinks.at(0).primary);
    EXPECT_EQ(reg.devices.at(0).snmp->find("community")->scalar, "public");
    EXPECT_EQ(reg.services.at(0).checked_from, std::vector<std::string>{"A"});
}

TEST(Register, mistakes_in_csv_have_line_and_column) {
    Problems problems;
    const std::vector<Table> tables{{"units", "code;level;kind;name\n1;comune;xa;a\n2;commune;xa;b;c\n", "units.csv"}};
    (void)read_tables(tables, {}, problems);
    EXPECT_THAT(problems.text(Language::en), HasSubstr("units.csv:2:3: 'comune' is not a level"));
    EXPECT_THAT(problems.text(Language::en), HasSubstr("units.csv:3:16: more cells than columns"));
}

TEST(Register, columns_of_mistakes_are_counted_in_characters) {
    Problems problems;
    (void)read_tables({{"units", "name;code;level;kind\nXã Trà Mỹ;1;comune;xa\n\"Đạ Tẻh\";2;tỉnh;xa\n", "units.csv"}},
                      {}, problems);
    EXPECT_THAT(problems.text(Language::en), HasSubstr("units.csv:2:13: 'comune' is not a level"));
    EXPECT_THAT(problems.text(Language::en), HasSubstr("units.csv:3:12: 'tỉnh' is not a level"));
}

TEST(Register, a_table_from_csv_replaces_only_itself) {
    Problems problems;
    const auto base = read(example());
    const auto reg = read_tables(
        {{"devices", "site,name,kind,mac\nTD01,nvr,camera,02:00:00:00:00:09\n", "devices.csv"}}, base, problems);
    EXPECT_EQ(problems.text(), "");
    EXPECT_EQ(reg.devices.size(), 1U);
    EXPECT_EQ(reg.sites.size(), base.sites.size());
}

TEST(Register, knows_the_kinds_of_probe_that_agents_have) {
    std::vector<std::string_view> registry;
    for (const auto& kind : probes::kinds()) registry.push_back(kind.name);
    const auto known = known_probe_kinds();
    EXPECT_THAT(std::vector<std::string_view>(known.begin(), known.end()), testing::IsSupersetOf(registry));
    EXPECT_THAT(problems_of("probes:\n  - { id: a, probe: htp }\n"), HasSubstr("'htp' is not a probe; one of: icmp"));
}

TEST(Register, knows_what_each_probe_takes) {
    std::vector<std::string> registry, known;
    const auto line = [](std::string_view probe, std::string_view key, std::string_view form) {
        return std::string(probe) + "." + std::string(key) + ": " + std::string(form);
    };
    for (const auto& kind : probes::kinds())
        for (const auto& option : kind.options) registry.push_back(line(kind.name, option.key, option.form));
    for (const auto& row : known_probe_options()) known.push_back(line(row.probe, row.key, row.form));
    EXPECT_THAT(known, testing::UnorderedElementsAreArray(registry))
        << "the table stands in register/probe_options.cpp";
}

TEST(Register, options_of_probes_are_checked) {
    const auto text = problems_of(R"(
units: [{ code: "1", level: commune, kind: xa, name: a }]
sites:
  - id: A
    name: a
    unit: "1"
    devices:
      - { name: r, kind: router, ip: 10.0.0.1, snmp: { comunity: public, version: 5, every: 60s } }
services:
  - { id: web, kind: portal, probe: http, target: "https://x/", redirects: 99, methd: GET, internet: maybe }
probes:
  - { id: p, probe: icmp, target: x, interval: fast, count: 3 }
)");
    for (const char* expected :
         {"r.yaml:8:56: the probe snmp has no option 'comunity'; did you mean 'community'?",
          "r.yaml:8:83: '5' is not one of 1|2c|3", "r.yaml:10:76: expected a whole number from 0 to 10",
          "the probe http has no option 'methd'; did you mean", "r.yaml:12:48: expected a duration"})
        EXPECT_THAT(text, HasSubstr(expected));
    EXPECT_THAT(text, Not(HasSubstr("'count'")));
    EXPECT_THAT(text, Not(HasSubstr("'every'")));
}

TEST(Register, what_agents_would_refuse_of_a_probe_is_told_before) {
    const auto reg = read(R"(
units: [{ code: "1", level: commune, kind: xa, name: a }]
sites: [{ id: A, name: a, unit: "1" }]
services:
  - { id: portal, name: Cổng, kind: portal, probe: http, target: "https://a/", timeout: 90s }
devices:
  - { site: A, name: r, kind: router, ip: 10.0.0.1, snmp: { every: 10s, timeout: 11s } }
probes:
  - { id: slow, probe: tcp, target: "a:1", every: 5s, timeout: 10s }
  - { id: unsaid, probe: tcp, target: "a:1", timeout: 31s }
  - { id: blind, probe: icmp }
  - { id: rare, probe: host, every: 25h }
  - { id: good, probe: tcp, target: "a:1", every: 10s, timeout: 10s }
)");
    Problems problems;
    check_probes(reg, problems);
    const auto text = problems.text(Language::en);
    EXPECT_EQ(problems.list().size(), 6U) << text;
    EXPECT_THAT(text, HasSubstr("r.yaml:9:5: 'timeout' 10s is longer than 'every' 5s"));
    EXPECT_THAT(text, HasSubstr("'timeout' 31s is longer than 'every' 30s"));
    EXPECT_THAT(text, HasSubstr("'timeout' 90s is longer than 'every' 60s"));
    EXPECT_THAT(text, HasSubstr("'timeout' 11s is longer than 'every' 10s"));
    EXPECT_THAT(text, HasSubstr("the icmp probe 'blind' needs a 'target'"));
    EXPECT_THAT(text, HasSubstr("'every' is 25h"));
    Problems none;
    check_probes(read(example()), none);
    EXPECT_EQ(none.text(), "");
}

TEST(Register, addresses_and_cards_of_devices_are_checked) {
    const std::string head =
        "units:\n  - { code: '1', level: commune, kind: xa, name: a }\nsites:\n  - id: A\n    name: a\n"
        "    unit: '1'\n    devices:\n";
    EXPECT_THAT(problems_of(head + "      - { name: r, kind: router, ip: 10.20.0.999 }\n"),
                HasSubstr("r.yaml:8:38: '10.20.0.999' is no IP address; expected one such as 10.20.0.1"));
    EXPECT_THAT(problems_of(head + "      - { name: r, kind: router, ip: 10.20.0.0/24 }\n"),
                HasSubstr("is no IP address"));
    EXPECT_THAT(problems_of(head + "      - { name: r, kind: router, mac: '00:11:22:33:44:5g' }\n"),
                HasSubstr("expected a MAC address"));
    EXPECT_EQ(problems_of(head + "      - { name: r, kind: router, ip: '2001:db8::1' }\n"), "");
    const auto uplink = head + "      - { name: r, kind: router, ip: 10.20.0.300, snmp: { community: x } }\n" +
                        "    uplinks:\n      - { name: f, kind: fibre, next_hop: 192.0.2 }\n";
    EXPECT_THAT(problems_of(uplink), HasSubstr("'192.0.2' is no IP address"));
    EXPECT_THAT(problems_of(uplink), Not(HasSubstr("snmp needs"))) << "the address is told as wrong, not as missing";
}

TEST(Register, the_record_of_a_device_software_addresses_and_segments) {
    const auto reg = read(example());
    const auto* router = reg.device("TM01", "mac:52:54:00:4d:00:01");
    ASSERT_NE(router, nullptr);
    EXPECT_EQ(router->serial, "2021-0417");
    EXPECT_EQ(router->status, "in_use");
    EXPECT_EQ(router->responsible, "Nguyễn Văn An");
    EXPECT_EQ(router->support_end, day(2028, 12, 31));
    EXPECT_TRUE(missing_fields(*router).empty());
    const auto* pc = reg.device("TM01", "mac:52:54:00:4d:00:11");
    ASSERT_NE(pc, nullptr);
    EXPECT_EQ(missing_fields(*pc).front().key, "static_ip");
    EXPECT_EQ(missing_fields(*pc).size(), 7U);
    ASSERT_EQ(reg.segments.size(), 1U);
    EXPECT_EQ(reg.segments[0].kinds, (std::vector<std::string>{"camera", "nvr"}));
    EXPECT_EQ(reg.addresses.size(), 3U);
    EXPECT_FALSE(reg.software.empty());
    EXPECT_EQ(reg.site("TM01")->stocktake, day(2026, 3, 12));
    EXPECT_EQ(reg.level(*reg.site("TM01")), 2);
}

TEST(Register, mistakes_in_the_new_tables_have_their_places) {
    const auto text = problems_of(R"(
units: [{ code: "1", level: commune, kind: xa, name: a }]
sites:
  - { id: A, name: a, unit: "1", level: 7, review: soon }
devices:
  - { site: A, name: d, kind: pc, status: broken, support_end: 31/12/2026 }
software:
  - { version: "1" }
  - { name: x, site: B }
addresses:
  - { site: A, prefix: 10.20.1.0/40 }
  - { site: A }
segments:
  - { site: A, name: camera, kinds: [camera] }
  - { site: A, name: office, vlan: 5000, kinds: [pc] }
  - { site: A, name: empty, vlan: 5 }
)");
    for (const char* expected :
         {"r.yaml:4:41: expected a whole number from 1 to 5", "r.yaml:4:52: expected a date",
          "'broken' is not a status; one of: in_use, spare, repair, retired", "r.yaml:6:64: expected a date",
          "r.yaml:8:5: 'name' is missing", "r.yaml:9:22: there is no site 'B'",
          "r.yaml:11:24: '10.20.1.0/40' is no network", "r.yaml:12:5: 'prefix' is missing",
          "r.yaml:14:5: a segment needs its 'prefix', its 'vlan' or both", "r.yaml:15:36: expected a whole number",
          "r.yaml:16:5: a segment names the 'kinds' of devices that belong there"})
        EXPECT_THAT(text, HasSubstr(expected));
}

TEST(Register, the_new_tables_come_as_csv) {
    Problems problems;
    const auto reg = read_tables(
        {{"devices",
          "site;name;kind;serial;status;support_end;responsible\nTD01;cam;camera;S1;spare;2030-01-01;Bà Hoa\n",
          "devices.csv"},
         {"software", "name;version;site\nlibreoffice*;;\nzalo;25.*;TM01\n", "software.csv"},
         {"addresses", "prefix;site;assigned;reviewed\n10.0.0.0/8;;;\n10.20.1.0/24;TM01;2025-01-02;2026-01-02\n",
          "addresses.csv"},
         {"segments", "site,name,vlan,kinds\nTM01,camera,50,camera nvr\n", "segments.csv"}},
        read(example()), problems);
    EXPECT_EQ(problems.text(), "");
    ASSERT_EQ(reg.devices.size(), 1U);
    EXPECT_EQ(reg.devices[0].support_end, day(2030, 1, 1));
    EXPECT_FALSE(reg.devices[0].is_expected());
    EXPECT_EQ(reg.software.at(1).version, "25.*");
    EXPECT_EQ(reg.addresses.at(1).reviewed, day(2026, 1, 2));
    EXPECT_EQ(reg.segments.at(0).kinds.size(), 2U);
    const auto text = to_yaml(reg);
    EXPECT_EQ(to_yaml(read(text)), text);
}

TEST(Register, broken_files_never_throw) {
    for (const char* text : {"", "[]", "{}", "register: 1", "units: 5", "units: [5, a]", "sites: [{uplinks: {}}]",
                             "a: [", "- - -", "\x00\x01"})
        EXPECT_NE(problems_of(text), "") << text;
    for (const char* text : {"", "\"", "a;a\n1;2", "a\n\"x", "a.b,a\n1,2\n"}) {
        Problems problems;
        (void)read_tables({{"units", text, "u.csv"}}, {}, problems);
        EXPECT_FALSE(problems.empty()) << text;
    }
}

TEST(Register, a_device_is_known_by_card_or_address) {
    const auto reg = read(example());
    EXPECT_EQ(reg.device("TM01", "mac:52:54:00:4d:00:01")->name, "router");
    EXPECT_EQ(reg.device("TM01", "snmp:10.20.0.1")->key(), "mac:52:54:00:4d:00:01");
    EXPECT_EQ(reg.device("TM01", "mac:52:54:00:4d:ff:ff", "10.20.0.1"), nullptr);
    EXPECT_EQ(reg.device("TM02", "mac:52:54:00:4d:00:01"), nullptr);
}

TEST(Assignment, watches_line_hop_services_and_devices) {
    const auto assignment = make_assignment(read(example()), "TM01", 0, "10.0.0.2:443");
    Problems problems;
    const auto documents = yaml::parse(assignment.yaml, "assignment", problems);
    ASSERT_EQ(problems.text(), "") << assignment.yaml;
    EXPECT_EQ(documents.at(0).find("version")->scalar, assignment.version);
    EXPECT_EQ(documents.at(0).find("site")->scalar, "TM01");
    EXPECT_THAT(assignment.yaml, HasSubstr("probe: uplink, target: \"10.0.0.2\", uplinks: [{ name: \"fibre\""));
    EXPECT_THAT(assignment.yaml, HasSubstr("{ id: hop, probe: icmp, target: \"192.0.2.1\""));
    EXPECT_THAT(assignment.yaml, HasSubstr("service: \"document\", every: 60s, timeout: 10s, expect_status: 200"));
    EXPECT_THAT(assignment.yaml, HasSubstr("id: \"snmp-router\", probe: snmp, target: \"10.20.0.1\""));
}

TEST(Assignment, only_watchers_ask_devices) {
    const auto reg = read(example());
    const auto third = make_assignment(reg, "TM01", 2, "10.0.0.2:443").yaml;
    EXPECT_THAT(third, Not(HasSubstr("snmp")));
    EXPECT_THAT(third, Not(HasSubstr("\"lan\"")));
    EXPECT_THAT(third, Not(HasSubstr("portal")));
    EXPECT_THAT(third, HasSubstr("document"));
}

TEST(Subjects, stand_in_the_fact_base_with_their_columns) {
    auto facts = rules::FactBase::make();
    ASSERT_TRUE(facts);
    const auto reg = read(example());
    const auto applied = apply(reg, {{"a1", "TM01", "pc-finance"}}, day(2026, 11, 22), *facts);
    ASSERT_TRUE(applied) << applied.error().message;
    auto row = facts->guarded().prepare(
        "SELECT unit_name, unit_level, head_count, expected_agents, has_fibre, uplinks FROM site WHERE id = 'TM01'");
    ASSERT_TRUE(row) << row.error().message;
    ASSERT_TRUE(*row->step());
    EXPECT_EQ(row->text(0), "Xã Trà My");
    EXPECT_EQ(row->text(1), "commune");
    EXPECT_EQ(row->integer(2), 42);
    EXPECT_EQ(row->integer(3), 30);
    EXPECT_EQ(row->integer(4), 1);
    EXPECT_EQ(row->integer(5), 2);
    auto agent = facts->guarded().prepare("SELECT intranet_only, unit FROM agent WHERE id = 'a1'");
    ASSERT_TRUE(*agent->step());
    EXPECT_EQ(agent->integer(0), 1);
    EXPECT_TRUE(facts->has({wire::SubjectKind::service, "TM01/document"}));
    EXPECT_TRUE(facts->has({wire::SubjectKind::uplink, "TM01/mobile"}));
    EXPECT_FALSE(facts->has({wire::SubjectKind::unit, "515"})) << "a closed unit is not judged";
}

TEST(Subjects, what_the_register_forgot_goes) {
    auto facts = rules::FactBase::make();
    auto before = read(example());
    ASSERT_TRUE(apply(before, {}, day(2026, 11, 22), *facts));
    auto now = before;
    std::erase_if(now.sites, [](const Site& site) { return site.id == "TM02"; });
    std::erase_if(now.uplinks, [](const Uplink& line) { return line.site == "TM02"; });
    ASSERT_TRUE(apply(now, {}, day(2026, 11, 22), *facts));
    EXPECT_FALSE(facts->has({wire::SubjectKind::site, "TM02"}));
    EXPECT_FALSE(facts->has({wire::SubjectKind::uplink, "TM02/fibre"}));
    EXPECT_FALSE(facts->has({wire::SubjectKind::service, "TM02/document"}));
    EXPECT_TRUE(facts->has({wire::SubjectKind::site, "TM01"}));
}

}  // namespace
}  // namespace vg::collector::registry
