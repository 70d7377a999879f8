#include "probes/once.hpp"
#include "probes/help.hpp"
#include "probes/plain_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <sstream>

namespace vg::probes {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

struct Ran {
    int code;
    std::string out, errors;
};
Ran command(const std::vector<std::string>& words) {
    std::ostringstream out, errors;
    const int code = probe_command(words, out, errors);
    return {code, out.str(), errors.str()};
}

TEST(Once, TellsInVietnameseAndEnglish) {
    const std::vector<std::string> words{"icmp", "127.0.0.1", "--count", "2", "--interval=1ms"};
    const auto vi = command(words);
    EXPECT_EQ(vi.code, 0) << vi.errors << vi.out;
    EXPECT_THAT(vi.out, HasSubstr("mất gói"));
    auto english = words;
    english.push_back("--en");
    EXPECT_THAT(command(english).out, HasSubstr("median round trip"));
}

TEST(Once, JsonIsForScripts) {
    const auto ran = command({"icmp", "127.0.0.1", "--count", "1", "--json"});
    const auto root = boost::json::parse(ran.out);
    EXPECT_EQ(root.at("samples").at(0).at("metric"), "icmp.loss");
    EXPECT_EQ(root.at("samples").at(0).at("value").to_number<double>(), 0.0);
    EXPECT_TRUE(root.at("error").is_null());
}

TEST(Once, NumbersAreWrittenPlainly) {
    EXPECT_EQ(plain_number(0), "0");
    EXPECT_EQ(plain_number(0.01), "0.01");
    EXPECT_EQ(plain_number(-1e-7), "-0.0000001");
    EXPECT_EQ(plain_number(1e21), "1000000000000000000000");
    EXPECT_EQ(plain_number(5e-324).size(), 326u);
    const boost::json::value value{{"a", {0.0, 0.01, nullptr}}, {"b \"", "x"}, {"c", boost::json::object()}};
    EXPECT_EQ(plain_json(value), R"({"a":[0,0.01,null],"b \"":"x","c":{}})");
    EXPECT_EQ(plain_json(1 / 0.0), "null");
    OnceRequest request;
    wire::Observation seen;
    seen.samples = {{{"icmp.loss", "x", "%"}, 0}, {{"icmp.rtt_min", "x", "ms"}, 0.01}};
    EXPECT_THAT(to_json(request, seen), HasSubstr(R"("unit":"%","value":0})"));
    EXPECT_THAT(to_json(request, seen), HasSubstr(R"("unit":"ms","value":0.01})"));
}

TEST(Once, UnitsAreWrittenAsPeopleDo) {
    OnceRequest request;
    request.kind = "host";
    wire::Observation seen;
    seen.samples = {{{"host.uptime", "", "s"}, 60}, {{"host.mem_available", "", "MiBy"}, 512}};
    const auto text = to_text(request, seen);
    EXPECT_THAT(text, Not(HasSubstr("[]")));
    EXPECT_THAT(text, ContainsRegex("host.uptime +60 s +thời gian từ lúc khởi động"));
    EXPECT_THAT(text, ContainsRegex("host.mem_available +512 MiB +bộ nhớ còn dùng được"));
    for (const char* unit : {"%", "ms", "s", "/s"}) EXPECT_EQ(unit_for_people(unit), unit);
}

TEST(Once, HelpNamesEveryProbeAndItsOptions) {
    const auto all = command({"--help"});
    EXPECT_EQ(all.code, 0);
    for (const auto& kind : kinds()) {
        EXPECT_THAT(all.out, HasSubstr(std::string(kind.vi)));
        EXPECT_THAT(command({"-h", "--en"}).out, HasSubstr(std::string(kind.en)));
        const auto vi = command({std::string(kind.name), "--help"}).out;
        const auto en = command({std::string(kind.name), "--en", "--help"}).out;
        for (const auto& option : kind.options) {
            EXPECT_THAT(vi, HasSubstr("--" + std::string(option.key) + " "));
            EXPECT_THAT(vi, HasSubstr(std::string(option.vi)));
            EXPECT_THAT(en, HasSubstr(std::string(option.en)));
        }
        for (const auto phrase : {kind.target_help, std::string_view("none")})
            EXPECT_NE(phrase_in(Language::vi, phrase), phrase) << kind.name << " has an English target in Vietnamese";
        for (const char* english : {"duration", "list of", " or ", "text"})
            for (const auto& option : kind.options)
                EXPECT_THAT(std::string(phrase_in(Language::vi, option.form)), Not(HasSubstr(english))) << option.key;
    }
    EXPECT_THAT(command({"icmp", "--help"}).out, HasSubstr("--interval 1ms..60s  [100ms]"));
}

TEST(Once, ADeviceThatDoesNotAnswerIsToldWithWhatToCheck) {
    const std::vector<std::string> words{"snmp", "127.0.0.1:9", "--community", "c", "--timeout", "300ms", "--json"};
    const auto ran = command(words);
    EXPECT_EQ(ran.code, 1);
    const auto root = boost::json::parse(ran.out);
    EXPECT_EQ(root.at("target"), "127.0.0.1:9");
    EXPECT_THAT(std::string(root.at("error").as_string()), HasSubstr("127.0.0.1:9"));
    EXPECT_THAT(std::string(root.at("error_vi").as_string()), HasSubstr("tường lửa"));
    EXPECT_TRUE(root.at("sys_object_id").is_null()) << "the shape is that of a device that answers";
    EXPECT_TRUE(root.at("interfaces").as_array().empty());
    EXPECT_THAT(ran.errors, HasSubstr("127.0.0.1:9"));
    EXPECT_THAT(ran.errors, HasSubstr("tường lửa"));

    const auto vi = command({"snmp", "udp:127.0.0.1:9", "--community", "c", "--timeout", "300ms"});
    EXPECT_EQ(vi.code, 0) << "it looked";
    EXPECT_THAT(vi.out, HasSubstr("127.0.0.1:9 không trả lời SNMP phiên bản 2c"));
    for (const char* advice : {"cổng", "chuỗi cộng đồng", "ACL", "tường lửa"}) EXPECT_THAT(vi.out, HasSubstr(advice));
    const auto en = command({"snmp", "127.0.0.1:9", "--community", "c", "--timeout", "300ms", "--en"});
    EXPECT_THAT(en.out, HasSubstr("127.0.0.1:9 gives no answer to SNMP version 2c"));
}

TEST(Once, WhatFailedIsASentenceInTheReadersLanguage) {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor door(io, {boost::asio::ip::address_v4::loopback(), 0});
    const auto place = "127.0.0.1:" + std::to_string(door.local_endpoint().port());
    door.close();
    EXPECT_THAT(command({"tcp", place}).out, HasSubstr(place + " từ chối kết nối"));
    EXPECT_THAT(command({"tcp", place, "--en"}).out, HasSubstr(place + " refused the connection"));
    EXPECT_THAT(command({"http", "http://" + place + "/"}).out, HasSubstr(place + " từ chối kết nối"));
    const auto dns = command({"dns", "xa.vn", "--server", place, "--timeout", "1s"});
    EXPECT_THAT(dns.out, HasSubstr("máy chủ tên miền 127.0.0.1 không trả lời"));
    const auto lan = command({"lan", "nowhere0", "--timeout", "1s"});
    EXPECT_EQ(lan.code, 1);
    EXPECT_THAT(lan.out, ContainsRegex("không đo được: .*nowhere0"));
    const auto log = command({"auth_log", "/nowhere/auth.log", "--users", "plain", "--timeout", "1s", "--en"});
    EXPECT_THAT(log.out, HasSubstr("cannot watch the folder /nowhere: there is no such file or folder"));
}

TEST(Once, AnEntryOfAListIsAnObjectWithNumbers) {
    OnceRequest request;
    request.kind = "inventory";
    wire::Observation seen;
    seen.facts = {{{wire::SubjectKind::device, "host"}, "disk/sda", std::string(R"({"bytes":500,"model":"{x"})")},
                  {{wire::SubjectKind::device, "host"}, "software/odd", std::string("{1.0")}};
    const auto root = boost::json::parse(to_json(request, seen));
    EXPECT_EQ(root.at("facts").at(0).at("value").at("bytes").to_number<int>(), 500);
    EXPECT_EQ(root.at("facts").at(1).at("value"), "{1.0") << "what only looks like an object stays a text";
}

TEST(Once, WrongWordsAreTold) {
    for (const auto& words : std::vector<std::vector<std::string>>{{},
                                                                   {"icpm", "127.0.0.1"},
                                                                   {"icmp"},
                                                                   {"icmp", "127.0.0.1", "more"},
                                                                   {"icmp", "127.0.0.1", "--count"},
                                                                   {"icmp", "127.0.0.1", "--cuont", "3"},
                                                                   {"icmp", "127.0.0.1", "--count", "many"},
                                                                   {"icmp", "127.0.0.1", "--timeout", "soon"}}) {
        const auto ran = command(words);
        EXPECT_EQ(ran.code, 2);
        EXPECT_FALSE(ran.errors.empty());
    }
}

TEST(Once, AKeyGivenTwiceIsAListAndYamlIsUnderstood) {
    Problems problems;
    const auto request = parse_once(std::vector<std::string>{"dns", "xa.vn", "--expect", "10.0.0.1", "--expect",
                                                             "10.0.0.2", "--service", "portal", "--timeout", "3s"},
                                    problems);
    ASSERT_TRUE(request) << problems.text();
    EXPECT_EQ(request->options.size(), 2u);
    EXPECT_EQ(request->service, "portal");
    EXPECT_EQ(request->timeout, Millis{3000});
}

TEST(Once, WhatSawNothingSaysSo) {
    OnceRequest request;
    request.kind = "lan";
    EXPECT_THAT(to_text(request, {}), HasSubstr("không ghi nhận được gì"));
    request.language = Language::en;
    EXPECT_THAT(to_text(request, {}), HasSubstr("nothing was seen"));
    wire::Observation failed;
    failed.error = {"không có quyền", "no permission"};
    EXPECT_THAT(to_text(request, failed), Not(HasSubstr("nothing was seen")));
}

TEST(Once, ADeviceCannotCommandTheTerminal) {
    OnceRequest request;
    request.kind = "snmp";
    wire::Observation seen;
    seen.facts = {{{wire::SubjectKind::device, "snmp:10.1.0.1"}, "name", std::string("r\x1b[2Jouter\n  fake = 1")}};
    const auto text = to_text(request, seen);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << "nor add lines of its own";
    seen.error = {"không ai trả lời", "nobody answered"};
    EXPECT_THAT(to_text(request, seen), HasSubstr("không đo được: không ai trả lời"));
    request.language = Language::en;
    EXPECT_THAT(to_text(request, seen), HasSubstr("could not look: nobody answered"));
}

}  // namespace
}  // namespace vg::probes
