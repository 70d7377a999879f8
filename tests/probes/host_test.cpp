// The host probe: golden looks at a machine in, the observation out.
#include "probes/host/parse.hpp"
#include "probes/host/report.hpp"
#include "probes/platform/host_source.hpp"
#include "wire/fact_table.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <fstream>
#include <sstream>

namespace vg::probes::host {
namespace {

std::string text_of_file(const std::string& path) {
    std::ifstream in(path);
    EXPECT_TRUE(in.good()) << path;
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
}

std::string golden(const std::string& name) {
    return std::string(VONGGAC_SOURCE_DIR) + "/tests/probes/golden/host/" + name;
}

Reading reading_from(const std::string& folder) {
    const auto file = [&](const char* name) { return text_of_file(golden(folder + "/" + name)); };
    Reading r;
    r.stat = parse_stat(file("stat"));
    r.memory = parse_meminfo(file("meminfo"));
    r.load = parse_loadavg(file("loadavg"));
    r.disks = parse_diskstats(file("diskstats"));
    r.interfaces = parse_net_dev(file("net_dev"));
    r.tcp = parse_net_snmp(file("net_snmp"));
    r.pressure.io = parse_pressure(file("pressure_io"));
    for (const auto& m : parse_mountinfo(file("mountinfo")))
        r.filesystems.push_back({m.point, 1000 * 4096, 400 * 4096, 300 * 4096, 200, 150});
    r.clock = ClockState{true, 0.31, 4.2};
    r.temperature_c = 51.4;
    r.processors = 2;
    r.os_name = "Debian GNU/Linux 12 (bookworm)";
    return r;
}

std::string as_text(const wire::Observation& o) {
    std::string out;
    for (const auto& s : o.samples)
        out += fmt::format("{} {} {} {}\n", s.series.metric, s.series.target.empty() ? "-" : s.series.target,
                           s.series.unit, s.value);
    for (const auto& f : o.facts) {
        out += "fact " + f.name + " ";
        if (const auto* b = std::get_if<bool>(&f.value)) out += *b ? "true" : "false";
        if (const auto* i = std::get_if<std::int64_t>(&f.value)) out += fmt::format("{}", *i);
        if (const auto* d = std::get_if<double>(&f.value)) out += fmt::format("{}", *d);
        if (const auto* t = std::get_if<std::string>(&f.value)) out += *t;
        out += "\n";
    }
    return out;
}

TEST(HostReport, GoldenOfficePc) {
    Report report;
    const Mono start{std::chrono::hours(2)};
    (void)report.make(reading_from("office_pc/before"), start, std::string(32, 'a'));
    const auto o = report.make(reading_from("office_pc/after"), start + std::chrono::seconds(30), std::string(32, 'a'));
    EXPECT_EQ(as_text(o), text_of_file(golden("office_pc/expected.txt")));
}

TEST(HostReport, EveryFactStandsInTheTable) {
    Report report;
    (void)report.make(reading_from("office_pc/before"), Mono{Millis(1000)}, "b");
    for (const auto& f : report.make(reading_from("office_pc/after"), Mono{Millis(31000)}, "b").facts) {
        const auto* row = wire::find_fact(f.subject.kind, f.name);
        ASSERT_NE(row, nullptr) << f.name;
        EXPECT_EQ(row->producer, "host");
    }
}

TEST(HostReport, FirstLookGivesStatesButNoRates) {
    Report report;
    const auto o = report.make(reading_from("office_pc/before"), Mono{Millis(1000)}, "b");
    for (const auto& s : o.samples) EXPECT_NE(s.series.metric, "host.cpu_busy");
    EXPECT_TRUE(report.has_rates());
}

TEST(HostReport, CounterThatWentBackGivesNoRate) {
    Report report;
    auto before = reading_from("office_pc/before");
    (void)report.make(before, Mono{Millis(1000)}, "b");
    before.interfaces[0].rx_bytes = 5;
    for (const auto& s : report.make(before, Mono{Millis(31000)}, "b").samples)
        EXPECT_FALSE(s.series.metric == "host.if_rx" && s.series.target == "enp3s0");
}

TEST(HostReport, SmallMovesDoNotChangeFacts) {
    Report report;
    auto r = reading_from("office_pc/before");
    const auto memory_fact = [](const wire::Observation& o) {
        for (const auto& f : o.facts)
            if (f.name == "memory_percent") return std::get<double>(f.value);
        return -1.0;
    };
    const auto first = memory_fact(report.make(r, Mono{Millis(1000)}, "b"));
    r.memory->available -= r.memory->total / 100;  // one percent
    EXPECT_EQ(memory_fact(report.make(r, Mono{Millis(31000)}, "b")), first);
    r.memory->available -= r.memory->total / 20;
    EXPECT_GT(memory_fact(report.make(r, Mono{Millis(61000)}, "b")), first + 3);
}

TEST(HostParse, MountsOnceEachAndLocalOnly) {
    const auto mounts = parse_mountinfo(text_of_file(golden("office_pc/before/mountinfo")));
    ASSERT_EQ(mounts.size(), 2u);
    EXPECT_EQ(mounts[0].point, "/");
    EXPECT_EQ(mounts[1].point, "/media/USB cĩ");
}

TEST(HostParse, RubbishGivesNothing) {
    for (const std::string_view text : {"", "\n\n", "cpu", "cpu x y", ":", "a:b:c", " - ", "Tcp:\nTcp:", "\\04",
                                        "some avg60=", "1 2 sda 1 2 3", "MemTotal: 99999999999999999999 kB"}) {
        (void)parse_stat(text);
        EXPECT_FALSE(parse_meminfo(text));
        EXPECT_FALSE(parse_loadavg(text));
        EXPECT_TRUE(parse_diskstats(text).empty());
        EXPECT_TRUE(parse_net_dev(text).empty());
        EXPECT_TRUE(parse_mountinfo(text).empty());
        EXPECT_FALSE(parse_pressure(text));
    }
}

TEST(HostParse, MemoryWithoutAvailable) {
    const auto memory = parse_meminfo("MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 150 kB\n");
    ASSERT_TRUE(memory);
    EXPECT_EQ(memory->available, 300u * 1024);
}

TEST(HostRounding, KeepsWhatIsKnown) {
    EXPECT_EQ(round_rate(149), 100);
    EXPECT_EQ(round_rate(12'345), 12'300);
    EXPECT_EQ(round_rate(1'234'567), 1'200'000);
    EXPECT_EQ(round_count(3.4), 3);
    EXPECT_EQ(round_count(1234), 1200);
}

TEST(HostSource, ThisMachine) {
    const auto source = make_source({});
    const auto r = source->look();
    ASSERT_TRUE(r.stat);
    ASSERT_TRUE(r.memory);
    EXPECT_GT(r.memory->total, 0u);
    EXPECT_TRUE(r.load);
    EXPECT_GT(r.processors, 0u);
    EXPECT_GE(source->look().stat->cpu.idle, r.stat->cpu.idle);
}

}  // namespace
}  // namespace vg::probes::host
