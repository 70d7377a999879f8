#include "collector/inventory/posture.hpp"

#include "rules/load.hpp"
#include "wire/fact_table.hpp"

#include <gtest/gtest.h>

namespace vg::collector::inventory {
namespace {

using namespace std::chrono_literals;
using wire::FactValue;

const Time noon = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)) + 5h;  // 12:00 in Vietnam

FactValue text(const char* value) { return std::string(value); }
FactValue number(std::int64_t value) { return value; }

struct Fake final : RecordView {
    std::string id_ = "HA01/snmp:10.20.1.1", site_ = "HA01", kind_ = "router";
    bool agent = false;
    std::map<std::string, FactValue, std::less<>> facts, agent_facts;
    std::map<std::string, std::map<std::string, std::string>, std::less<>> lists;
    const registry::Device* row = nullptr;
    const registry::Register* register_ = nullptr;

    const std::string& id() const override { return id_; }
    const std::string& site() const override { return site_; }
    std::string kind() const override { return kind_; }
    bool has_agent() const override { return agent; }
    FactValue value(std::string_view column) const override {
        const auto found = facts.find(column);
        return found != facts.end() ? found->second : FactValue{};
    }
    FactValue of_agent(std::string_view fact) const override {
        const auto found = agent_facts.find(fact);
        return found != agent_facts.end() ? found->second : FactValue{};
    }
    void list(std::string_view name, const Each& each) const override {
        const auto found = lists.find(name);
        if (found == lists.end()) return;
        for (const auto& [entry, value] : found->second)
            if (!each(entry, value)) return;
    }
    std::size_t count(std::string_view name) const override {
        const auto found = lists.find(name);
        return found != lists.end() ? found->second.size() : 0;
    }
    const registry::Device* registered() const override { return row; }
    const registry::Register& reg() const override { return *register_; }
};

FactValue of(const std::vector<Derived>& derived, std::string_view name) {
    for (const auto& one : derived)
        if (one.name == name) return one.value;
    return text("not told");
}

class PostureTest : public ::testing::Test {
protected:
    registry::Register reg;
    std::shared_ptr<const rules::SupportTables> tables = [] {
        Problems problems;
        return rules::load_rules(rules::read_rule_files({VONGGAC_SOURCE_DIR "/rules/catalogue"}, problems), {},
                                 problems)
            ->support;
    }();
    std::optional<Time> stocktake, review;
    DevicePosture posture{{[this] { return tables; }, [this](std::string_view) { return stocktake; },
                           [this](std::string_view) { return review; }}};

    Fake make(const char* id, const char* kind) {
        Fake out;
        out.id_ = id;
        out.site_ = out.id_.substr(0, out.id_.find('/'));
        out.kind_ = kind;
        out.agent = out.id_.find("/host:") != std::string::npos;
        out.register_ = &reg;
        return out;
    }
};

TEST_F(PostureTest, EveryFactIsInTheTable) {
    auto device = make("HA01/host:a1", "pc");
    device.facts = {{"os_id", text("debian")}, {"os_version", text("12")}, {"device_uptime_s", number(5)}};
    reg.sites.push_back({.id = "HA01",
                         .name = {},
                         .unit = {},
                         .address = {},
                         .head_count = {},
                         .expected_pcs = {},
                         .expected_agents = {},
                         .level = {},
                         .stocktake = {},
                         .review = {},
                         .valid = {},
                         .place = {}});
    const std::vector<std::pair<wire::SubjectKind, std::vector<Derived>>> told{
        {wire::SubjectKind::device, posture.of_record(device, noon)},
        {wire::SubjectKind::site, posture.of_site("HA01", {&device}, noon)}};
    for (const auto& [kind, facts] : told) {
        EXPECT_FALSE(facts.empty());
        for (const auto& one : facts) {
            const auto* row = wire::find_fact(kind, one.name);
            ASSERT_NE(row, nullptr) << one.name;
            EXPECT_EQ(row->producer, "collector") << one.name;
        }
    }
}

TEST_F(PostureTest, SupportEndsOnItsDayAlthoughNothingIsTold) {
    auto pc = make("HA01/host:a1", "pc");
    pc.facts = {{"os_id", text("ubuntu")}, {"os_version", text("22.04")}, {"os_name", text("Ubuntu 22.04 LTS")}};
    auto derived = posture.of_record(pc, noon);
    EXPECT_EQ(of(derived, "os_supported"), FactValue{true});
    EXPECT_EQ(of(derived, "os_support_end"), text("2027-04-01"));
    EXPECT_EQ(of(derived, "firmware_supported"), text("not told")) << "a PC's firmware is not looked up";
    const Time last = Time(std::chrono::sys_days(std::chrono::year(2027) / 4 / 1));
    EXPECT_EQ(of(posture.of_record(pc, last + 16h + 59min), "os_supported"), FactValue{true});
    EXPECT_EQ(of(posture.of_record(pc, last + 17h), "os_supported"), FactValue{false}) << "midnight in Vietnam";
    pc.facts["os_id"] = text("temple-os");
    EXPECT_EQ(of(posture.of_record(pc, noon), "os_supported"), FactValue{});
}

TEST_F(PostureTest, FirmwareByTheTablesAndByTheRegister) {
    auto router = make("HA01/snmp:10.20.1.1", "router");
    router.facts = {{"vendor", text("MikroTik")}, {"hardware", text("RB750Gr3")}, {"version", text("6.40.5")}};
    auto derived = posture.of_record(router, noon);
    EXPECT_EQ(of(derived, "firmware_vulnerable"), FactValue{true});
    EXPECT_NE(std::get<std::string>(of(derived, "firmware_advisory")).find("CVE-2018-14847"), std::string::npos);
    EXPECT_EQ(of(derived, "firmware_supported"), FactValue{false});
    EXPECT_EQ(of(derived, "os_supported"), text("not told"));

    registry::Device row;
    row.vendor = "Acme";
    row.model = "X1";
    row.support_end = registry::Date(std::chrono::year(2026) / 11 / 21);
    router.row = &row;
    router.facts.clear();
    derived = posture.of_record(router, noon);
    EXPECT_EQ(of(derived, "firmware_supported"), FactValue{false}) << "by the date of the register";
    EXPECT_EQ(of(derived, "firmware_vulnerable"), FactValue{}) << "nothing is known of the model";
}

TEST_F(PostureTest, MissingFieldsOfARecordAndNoneWithoutARecord) {
    auto device = make("HA01/snmp:10.20.1.1", "router");
    EXPECT_EQ(of(posture.of_record(device, noon), "missing_fields"), FactValue{});
    registry::Device row;
    row.name = "router";
    row.ip = "10.20.1.1";
    row.mac = "00:11:22:33:44:55";
    row.location = row.segment = row.purpose = row.status = "x";
    device.row = &row;
    const auto derived = posture.of_record(device, noon);
    EXPECT_EQ(of(derived, "missing_fields"), number(2));
    EXPECT_EQ(of(derived, "missing_fields_names"), text("ngày hết hỗ trợ, người chịu trách nhiệm"));
    EXPECT_EQ(of(derived, "missing_fields_names_en"), text("support end, responsible person"));
}

TEST_F(PostureTest, SoftwareAgainstTheAllowList) {
    auto pc = make("HA01/host:a1", "pc");
    pc.lists["software/"] = {{"LibreOffice", "7.4"}, {"libc6:i386", "2.36"}, {"nmap", "7.93"}, {"zalo", "24.1"}};
    EXPECT_EQ(of(posture.of_record(pc, noon), "unapproved_software"), FactValue{}) << "nobody says what is allowed";
    const auto allow = [&](const char* site, const char* name, const char* version) {
        registry::Software one;
        one.site = site;
        one.name = name;
        one.version = version;
        reg.software.push_back(one);
    };
    allow("", "libreoffice*", "");
    allow("", "libc6", "");
    allow("HA02", "nmap", "");
    allow("HA01", "zalo", "25.*");
    const auto derived = posture.of_record(pc, noon);
    EXPECT_EQ(of(derived, "unapproved_software"), number(2));
    EXPECT_EQ(of(derived, "unapproved_software_names"), text("nmap, zalo"));
    for (int i = 0; i < 20; ++i) pc.lists["software/"]["game" + std::to_string(i)] = "1";
    const auto many = std::get<std::string>(of(posture.of_record(pc, noon), "unapproved_software_names"));
    EXPECT_EQ(std::count(many.begin(), many.end(), ','), 10);
    EXPECT_TRUE(many.ends_with(", …"));
    pc.lists.clear();
    EXPECT_EQ(of(posture.of_record(pc, noon), "unapproved_software"), FactValue{}) << "no list came";
}

TEST_F(PostureTest, InsecureProtocolsByPortsAnnouncementsAndSnmp) {
    auto pc = make("HA01/host:a1", "pc");
    EXPECT_EQ(derive_insecure_protocols(pc).value, FactValue{}) << "nothing was told";
    pc.facts["os_id"] = text("debian");
    EXPECT_EQ(derive_insecure_protocols(pc).value, text("")) << "a machine that listens to nobody";
    pc.lists["port/"] = {{"tcp/0.0.0.0:22", "sshd"},
                         {"tcp/0.0.0.0:80", "nginx"},
                         {"tcp/127.0.0.1:23", "telnetd"},
                         {"udp/[::1]:69", "tftpd"},
                         {"tcp/0.0.0.0:2323", "x"},
                         {"tcp/[::]:ab", "x"},
                         {"tcp/0.0.0.0:99999999", "x"},
                         {"tcp", "x"},
                         {"", "x"}};
    EXPECT_EQ(derive_insecure_protocols(pc).value, text("")) << "a web server on a PC is a service";
    pc.lists["port/"]["tcp/[::]:23"] = "telnetd";
    pc.lists["port/"]["tcp/0.0.0.0:23"] = "telnetd";
    pc.lists["port/"]["tcp/0.0.0.0:21"] = "vsftpd";
    EXPECT_EQ(derive_insecure_protocols(pc).value, text("FTP (21), Telnet (23)"));
    pc.lists["port/"] = {{"udp/0.0.0.0:69", "tftpd"}};
    pc.lists["announces/"] = {{"_ftp._tcp", "pc"}};
    EXPECT_EQ(derive_insecure_protocols(pc).value, text("TFTP (69), FTP"));

    auto router = make("HA01/snmp:10.20.1.1", "router");
    router.facts["snmp_public"] = true;
    router.lists["announces/"] = {{"_http._tcp", "router"}, {"_telnet._tcp", "router"}};
    EXPECT_EQ(derive_insecure_protocols(router).value, text("HTTP, Telnet, SNMP v1/v2c (public)"));
    router.facts["snmp_public"] = false;
    router.lists.clear();
    EXPECT_EQ(derive_insecure_protocols(router).value, FactValue{}) << "its ports are not known";
}

TEST_F(PostureTest, CamerasOutsideTheirSegment) {
    auto camera = make("HA01/mac:00:11:22:33:44:55", "camera");
    camera.facts["ip"] = text("10.20.1.9");
    EXPECT_EQ(derive_outside_segment(camera).value, FactValue{}) << "no segment is kept for cameras";
    registry::Segment segment;
    segment.site = "HA01";
    segment.prefix = "10.20.5.0/24";
    segment.vlan = 50;
    segment.kinds = {"camera"};
    reg.segments.push_back(segment);
    EXPECT_EQ(derive_outside_segment(camera).value, FactValue{true});
    camera.facts["ip"] = text("10.20.5.9");
    EXPECT_EQ(derive_outside_segment(camera).value, FactValue{false});
    camera.facts = {{"vlan", number(50)}};
    EXPECT_EQ(derive_outside_segment(camera).value, FactValue{false});
    camera.facts = {{"vlan", number(1)}};
    EXPECT_EQ(derive_outside_segment(camera).value, FactValue{true});
    camera.facts.clear();
    EXPECT_EQ(derive_outside_segment(camera).value, FactValue{}) << "where it is is not known";
}

TEST(Reboots, AreUptimesThatGoBackAndNewBootIds) {
    Reboots reboots;
    EXPECT_EQ(reboots.within_hour("r", noon), 0);
    reboots.saw_uptime("r", 5000, noon);
    reboots.saw_uptime("r", 5060, noon + 1min);
    EXPECT_EQ(reboots.within_hour("r", noon + 1min), 0);
    reboots.saw_uptime("r", 40, noon + 2min);
    reboots.saw_uptime("r", 100, noon + 3min);
    reboots.saw_uptime("r", 20, noon + 4min);
    EXPECT_EQ(reboots.within_hour("r", noon + 4min), 2);
    EXPECT_EQ(reboots.within_hour("r", noon + 62min), 1) << "the older one is an hour ago";
    EXPECT_EQ(reboots.within_hour("r", noon + 65min), 0);
    EXPECT_EQ(reboots.take_fallen(noon + 30min), std::vector<std::string>{});
    EXPECT_EQ(reboots.take_fallen(noon + 62min), std::vector<std::string>{"r"});
    EXPECT_EQ(reboots.take_fallen(noon + 63min), std::vector<std::string>{});
    EXPECT_EQ(reboots.take_fallen(noon + 65min), std::vector<std::string>{"r"});
    EXPECT_EQ(reboots.take_fallen(noon + 99min), std::vector<std::string>{});
    reboots.saw_boot("pc", "b1", noon);
    reboots.saw_boot("pc", "b1", noon + 1min);
    reboots.saw_boot("pc", "b2", noon + 2min);
    EXPECT_EQ(reboots.within_hour("pc", noon + 2min), 1);
}

TEST(Reboots, WhatTwoAgentsTellInDisorderIsNoReboot) {
    Reboots reboots;
    reboots.saw_uptime("r", 1001, noon);
    reboots.saw_uptime("r", 1000, noon + 1s);
    reboots.saw_uptime("r", 1061, noon + 61s);
    EXPECT_EQ(reboots.within_hour("r", noon + 2min), 0);
    reboots.saw_uptime("r", 3, noon + 2min);
    EXPECT_EQ(reboots.within_hour("r", noon + 2min), 1);
}

TEST(Reboots, ACounterThatWrapsIsNoReboot) {
    Reboots reboots;
    reboots.saw_uptime("r", 42'949'600, noon);
    reboots.saw_uptime("r", 12, noon + 90s);
    EXPECT_EQ(reboots.within_hour("r", noon + 2min), 0);
    reboots.saw_uptime("r", 5, noon + 3min);
    EXPECT_EQ(reboots.within_hour("r", noon + 3min), 1);
}

TEST_F(PostureTest, CountsAreKeptOverARestartForAnHour) {
    auto router = make("HA01/snmp:10.20.1.1", "router");
    router.facts = {{"device_uptime_s", number(60)}, {"reboots_hour", number(3)}};
    EXPECT_EQ(of(posture.of_record(router, noon), "reboots_hour"), number(3));
    EXPECT_EQ(of(posture.of_record(router, noon + 61min), "reboots_hour"), number(0));
    auto printer = make("HA01/mac:00:11:22:33:44:55", "printer");
    EXPECT_EQ(of(posture.of_record(printer, noon), "reboots_hour"), text("not told")) << "no uptime, no count";
}

TEST_F(PostureTest, AWaveOfOneModelButNotPcsInTheMorning) {
    std::vector<Fake> devices;
    for (int i = 0; i < 6; ++i) {
        devices.push_back(make(("HA01/snmp:10.20.1." + std::to_string(i)).c_str(), "router"));
        devices.back().facts = {{"vendor", text("DrayTek")}, {"hardware", text("Vigor2925")}};
        devices.push_back(make(("HA01/host:a" + std::to_string(i)).c_str(), "pc"));
        devices.back().facts = {{"hardware", text("Vostro")}};
    }
    std::vector<const RecordView*> all;
    for (const auto& one : devices) all.push_back(&one);
    const auto look = [&](std::int64_t uptime, Time now) {
        for (auto& one : devices) {
            one.facts["device_uptime_s"] = number(uptime);
            (void)posture.of_record(one, now);
        }
        return posture.of_site("HA01", all, now);
    };
    auto derived = look(10'000, noon);
    EXPECT_EQ(of(derived, "reboots_one_model_hour"), number(0));
    derived = look(30, noon + 1min);
    EXPECT_EQ(of(derived, "reboots_one_model_hour"), number(6));
    EXPECT_EQ(of(derived, "reboots_one_model"), text("DrayTek Vigor2925"));
    EXPECT_EQ(of(posture.of_site("HA01", all, noon + 2h), "reboots_one_model_hour"), number(0));
}

TEST_F(PostureTest, AWaveThatNoSiteSeesIsTheProvinces) {
    std::vector<Fake> routers;
    for (int i = 0; i < 6; ++i) {
        routers.push_back(make(("HA0" + std::to_string(i) + "/snmp:10.20.1.1").c_str(), "router"));
        routers.back().facts = {{"vendor", text("DrayTek")}, {"hardware", text("Vigor2925")}};
    }
    routers[5].facts["hardware"] = text("Vigor2927");
    const auto look = [&](std::int64_t uptime, Time now) {
        for (auto& one : routers) {
            one.facts["device_uptime_s"] = number(uptime);
            (void)posture.of_record(one, now);
            EXPECT_EQ(of(posture.of_site(one.site(), {&one}, now), "reboots_one_model_hour"), number(uptime < 60));
        }
        return posture.of_units([](const std::string& site) { return std::string(site == "HA04" ? "" : "48"); }, now);
    };
    auto derived = look(10'000, noon);
    ASSERT_EQ(derived.size(), 1U);
    EXPECT_EQ(of(derived.at("48"), "reboots_one_model_hour"), number(0));
    derived = look(30, noon + 1min);
    EXPECT_EQ(of(derived.at("48"), "reboots_one_model_hour"), number(4)) << "one is of no unit, one of another model";
    EXPECT_EQ(of(derived.at("48"), "reboots_one_model_sites"), number(4));
    EXPECT_EQ(of(derived.at("48"), "reboots_one_model"), text("DrayTek Vigor2925"));
}

TEST_F(PostureTest, AddressesOfTheGovernmentNetwork) {
    const auto plan = [&](const char* site, const char* prefix, std::optional<registry::Date> reviewed) {
        registry::AddressPlan row;
        row.site = site;
        row.prefix = prefix;
        row.reviewed = reviewed;
        reg.addresses.push_back(row);
    };
    auto good = make("HA01/snmp:10.20.1.1", "router"), stray = make("HA01/host:a1", "pc"),
         other = make("HA01/host:a2", "pc"), twin = make("HA01/mac:00:11:22:33:44:55", "pc"),
         home = make("HA01/host:a3", "pc");
    good.lists["address/"] = {{"10.20.1.1", "{}"}, {"192.168.1.1", "{}"}};
    stray.facts["ip"] = text("10.20.9.9");
    other.lists["adapter/"] = {{"eth0", R"({"mac":"00:11:22:33:44:66","ipv4":"10.20.2.7/24"})"}, {"x", "not json"}};
    twin.facts["ip"] = text("10.20.1.1");
    home.facts["ip"] = text("192.168.1.7");
    const std::vector<const RecordView*> all{&good, &stray, &other, &twin, &home};
    const auto look = [&] {
        for (const auto* one : all) (void)posture.of_record(*one, noon);
        return posture.of_site("HA01", all, noon);
    };
    EXPECT_EQ(of(look(), "tslcd_problems"), FactValue{}) << "the register has no plan";

    plan("", "10.20.0.0/16", std::nullopt);
    plan("HA01", "10.20.1.0/24", registry::Date(std::chrono::year(2026) / 11 / 2));
    plan("HA02", "10.20.2.0/24", std::nullopt);
    auto derived = look();
    EXPECT_EQ(of(derived, "tslcd_problems"), number(3));
    EXPECT_EQ(of(derived, "tslcd_problem_names"),
              text("10.20.1.1 trùng (doubled), 10.20.2.7 của trụ sở (assigned to) HA02, "
                   "10.20.9.9 chưa đăng ký (unregistered)"));
    EXPECT_EQ(of(derived, "tslcd_review_days"), number(20));
    EXPECT_EQ(of(posture.of_site("HA02", {&other}, noon), "tslcd_review_days"), FactValue{}) << "never reviewed";

    // The twin turns out to be the router itself: its record goes.
    derived = posture.of_site("HA01", {&good, &stray, &other, &home}, noon);
    EXPECT_EQ(of(derived, "tslcd_problems"), number(2));
}

TEST_F(PostureTest, DaysSinceStocktakeAndReview) {
    registry::Site site;
    site.id = "HA01";
    site.review = registry::Date(std::chrono::year(2026) / 5 / 22);
    reg.sites.push_back(site);
    const auto device = make("HA01/host:a1", "pc");
    auto derived = posture.of_site("HA01", {&device}, noon);
    EXPECT_EQ(of(derived, "stocktake_days"), FactValue{}) << "nobody says that one was made";
    EXPECT_EQ(of(derived, "review_days"), number(184));
    reg.sites[0].stocktake = registry::Date(std::chrono::year(2025) / 11 / 22);
    EXPECT_EQ(of(posture.of_site("HA01", {&device}, noon), "stocktake_days"), number(365));
    stocktake = noon - 24h;
    EXPECT_EQ(of(posture.of_site("HA01", {&device}, noon), "stocktake_days"), number(1)) << "a recorded one counts";
    review = noon;
    EXPECT_EQ(of(posture.of_site("HA01", {&device}, noon), "review_days"), number(0));
}

}  // namespace
}  // namespace vg::collector::inventory
