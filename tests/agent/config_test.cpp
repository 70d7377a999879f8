#include "agent/config.hpp"
#include "agent/assignment.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace vg::agent {
namespace {

std::string text_of_file(const std::filesystem::path& path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::filesystem::path folder(const std::string& name) {
    return std::filesystem::path(VONGGAC_SOURCE_DIR) / "tests/agent" / name;
}

// The list of probe kinds grows; the sentence around it must not change.
std::string without_kinds(std::string text) {
    std::string names;
    for (const auto& kind : probes::kinds()) names += (names.empty() ? "" : ", ") + std::string(kind.name);
    for (auto at = text.find(names); at != std::string::npos; at = text.find(names))
        text.replace(at, names.size(), "KINDS");
    return text;
}

// Every NAME.yaml of a folder is read; the problems must be NAME.txt, word for word.
template <class Parse>
void compare_golden(const std::string& name, Parse parse) {
    int cases = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder(name))) {
        if (entry.path().extension() != ".yaml") continue;
        Problems problems;
        parse(text_of_file(entry.path()), entry.path().filename().string(), problems);
        auto golden = entry.path();
        EXPECT_EQ(without_kinds(problems.text()), text_of_file(golden.replace_extension(".txt"))) << entry.path();
        ++cases;
    }
    EXPECT_GE(cases, 3);
}

TEST(Config, SaysEveryMistakeWithItsPlace) {
    compare_golden(
        "config", [](const auto& text, const auto& file, auto& problems) { (void)parse_config(text, file, problems); });
}

TEST(Config, FillsInWhatIsLeftOut) {
    Problems problems;
    const auto config = parse_config("collector: vonggac.example.vn\n", "x", problems);
    EXPECT_TRUE(problems.empty()) << problems.text();
    EXPECT_EQ(config.collector.port, 443);
    EXPECT_EQ(config.expected_name(), "vonggac.example.vn");
    EXPECT_EQ(config.path("spool.db"), "/var/lib/vonggac-agent/spool.db");
}

TEST(Config, TheShippedExampleIsInOrder) {
    Problems problems;
    const auto file = std::filesystem::path(VONGGAC_SOURCE_DIR) / "packaging/agent.example.yaml";
    const auto config = load_config(file.string(), problems);
    EXPECT_TRUE(problems.empty()) << problems.text();
    EXPECT_FALSE(config.collector.host.empty());
}

TEST(Config, AMissingFileIsAProblem) {
    Problems problems;
    (void)load_config("/nonexistent/agent.yaml", problems);
    EXPECT_EQ(problems.text(Language::en),
              "/nonexistent/agent.yaml: cannot be opened; check that it exists and may be read\n");
}

TEST(HostPort, ReadsNamesAddressesAndPorts) {
    HostPort out;
    ASSERT_TRUE(parse_host_port("[2001:db8::1]:8443", out));
    EXPECT_EQ(out.host, "2001:db8::1");
    EXPECT_EQ(out.port, 8443);
    ASSERT_TRUE(parse_host_port("10.0.0.2", out));
    EXPECT_EQ(out.port, 443);
    for (const auto* bad :
         {"", ":443", "host:", "host:0", "host:65536", "host:12x", "[::1", "[::1]x", "[::1]:", "a b", "http://x"})
        EXPECT_FALSE(parse_host_port(bad, out)) << bad;
}

TEST(Assignment, SaysEveryMistakeWithItsPlace) {
    compare_golden("assignment", [](const auto& text, const auto& file, auto& problems) {
        (void)parse_assignment(text, file, problems);
    });
}

TEST(Assignment, ReadsProfilesAndProbes) {
    Problems problems;
    const auto assignment = parse_assignment(
        "version: abc\nsite: HA01\n"
        "profiles: { fibre: { heartbeat: 2s, seal: 10s }, metered: { seal: 10m, budget_day: 2000000 } }\n"
        "probes:\n"
        "  - { id: host, probe: host, every: 30s }\n"
        "  - { id: hop, probe: icmp, target: 10.1.0.1, every: 5s, count: 10 }\n",
        "x", problems);
    ASSERT_TRUE(problems.empty()) << problems.text();
    EXPECT_EQ(assignment.version, "abc");
    EXPECT_EQ(assignment.profiles.fibre.heartbeat, Millis{2000});
    EXPECT_EQ(assignment.profiles.metered.heartbeat, Millis{0});
    EXPECT_EQ(assignment.profiles.metered.budget_day, 2'000'000U);
    ASSERT_EQ(assignment.probes.size(), 2U);
    EXPECT_EQ(assignment.probes[1].task.target, "10.1.0.1");
    EXPECT_EQ(assignment.probes[1].timeout, Millis{5000});  // not longer than its period
    EXPECT_NE(assignment.probes[1].task.options.find("count"), nullptr);
    EXPECT_EQ(assignment.probes[1].task.options.find("target"), nullptr);
}

}  // namespace
}  // namespace vg::agent
