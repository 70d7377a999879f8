#include "probes/once.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <sstream>

namespace vg::probes {
namespace {

using ::testing::HasSubstr;

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
    EXPECT_EQ(root.at("samples").at(0).at("value"), 0.0);
    EXPECT_TRUE(root.at("error").is_null());
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

TEST(Once, ADeviceCannotCommandTheTerminal) {
    OnceRequest request;
    request.kind = "snmp";
    wire::Observation seen;
    seen.facts = {{{wire::SubjectKind::device, "snmp:10.1.0.1"}, "name", std::string("r\x1b[2Jouter\n  fake = 1")}};
    const auto text = to_text(request, seen);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << "nor add lines of its own";
    seen.error = "nobody answered";
    EXPECT_THAT(to_text(request, seen), HasSubstr("không đo được: nobody answered"));
}

}  // namespace
}  // namespace vg::probes
