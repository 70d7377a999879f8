// What of a LAN is news, and what survives a restart; the list of makers; the reader without privileges.
#include "probes/lan/known_hosts.hpp"
#include "probes/lan/mac_vendor.hpp"
#include "probes/lan/teller.hpp"
#include "probes/lan/watch.hpp"
#include "probes/platform/confine.hpp"
#include "tests/probes/lan_frames.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <sstream>
#include <thread>

namespace vg::probes {
namespace {

using namespace lan;
using namespace testing;
using std::chrono::minutes;
using std::chrono::seconds;

class News : public ::testing::Test {
protected:
    void hear(const std::string& hex) {
        const auto frame = from_hex(hex);
        dissect::dissect(1, frame, table_);
    }
    wire::Observation tell_after(Millis time) { return teller_.tell(table_, now_ += time); }
    static bool has(const wire::Observation& o, std::string_view name, const std::string& value) {
        return std::any_of(o.facts.begin(), o.facts.end(),
                           [&](const wire::Fact& f) { return f.name == name && f.value == wire::FactValue{value}; });
    }
    DeviceTable table_;
    Teller teller_;
    Mono now_{std::chrono::hours(1)};
};

TEST_F(News, NewThenMoreThenHourly) {
    hear(frames::arp);
    EXPECT_EQ(tell_after({}).events.size(), 1U);
    hear(frames::arp);
    EXPECT_TRUE(tell_after(seconds(10)).facts.empty()) << "nothing new";
    hear(udp("02aabbccdd01", "0a00000a", "e00000fb", 5353, 5353,
             "0000 8400 0000 0001 0000 0000" + record(labels("a.local"), 1, "0a00000a")));
    const auto more = tell_after(seconds(1));
    EXPECT_TRUE(has(more, "announced_name", "a.local"));
    EXPECT_TRUE(more.events.empty());
    hear(frames::arp);
    EXPECT_TRUE(tell_after(minutes(30)).facts.empty());
    hear(frames::arp);
    EXPECT_FALSE(tell_after(minutes(26)).facts.empty()) << "before it grows old at the collector";
}

TEST_F(News, WhatComesTooSoonIsToldLaterWithoutAnotherFrame) {
    hear(frames::dhcp_request);
    (void)tell_after({});
    hear(frames::dhcp_ack);
    EXPECT_TRUE(tell_after(seconds(1)).facts.empty());
    EXPECT_EQ(teller_.next(), now_ + seconds(2));
    EXPECT_TRUE(has(tell_after(seconds(2)), "ip", "10.0.0.51"));
    EXPECT_EQ(teller_.next(), Mono::max());
}

TEST_F(News, AFloodOfAddressesIsToldSlowly) {
    const auto hear_all = [&](int from, int to) {
        for (int i = from; i < to; ++i) {
            char mac[13];
            std::snprintf(mac, sizeof mac, "02000000%04x", static_cast<unsigned>(i));
            hear("ffffffffffff" + std::string(mac) + "0806 0001 0800 06 04 0001" + mac +
                 "0a000005 000000000000 0a000001");
        }
    };
    hear_all(0, 1'400);
    EXPECT_EQ(tell_after({}).events.size(), 1'400U) << "a large LAN at the start";
    hear_all(1'400, 3'000);
    EXPECT_EQ(tell_after({}).events.size(), 100U);
    hear_all(3'000, 3'500);
    EXPECT_EQ(tell_after(seconds(10)).events.size(), 10U);
    std::size_t told = 1'510;
    for (int i = 0; i < 40 && teller_.next() != Mono::max(); ++i) told += tell_after(minutes(1)).events.size();
    EXPECT_EQ(told, 3'500U) << "none is forgotten";
}

TEST_F(News, ANeighbourIsToldOnceAndGoesWhenItIsSilent) {
    const std::string entry = "heard/lldp/02:aa:bb:cc:dd:0b+ge-0/0/1";
    hear(frames::lldp);
    const auto first = tell_after({});
    EXPECT_TRUE(std::any_of(first.facts.begin(), first.facts.end(), [&](const auto& f) { return f.name == entry; }));
    hear(frames::lldp);
    const auto second = tell_after(seconds(100));
    EXPECT_FALSE(std::any_of(second.facts.begin(), second.facts.end(), [&](const auto& f) { return f.name == entry; }));
    EXPECT_FALSE(has(tell_after(seconds(119)), entry, ""));
    EXPECT_TRUE(has(tell_after(seconds(2)), entry, "")) << "it said 120 s";
}

TEST_F(News, AfterARestartASilentNeighbourGoes) {
    teller_.recall_heard({"heard/cdp/x+1"}, now_);
    EXPECT_TRUE(tell_after(minutes(4)).facts.empty());
    EXPECT_TRUE(has(tell_after(minutes(2)), "heard/cdp/x+1", ""));
}

TEST_F(News, AllIsToldAnewWhenItWasLost) {
    hear(frames::arp);
    hear(frames::lldp);
    const auto first = tell_after({}).facts.size();
    (void)tell_after(minutes(1));
    teller_.tell_all(table_);
    hear(frames::lldp);
    const auto again = tell_after(seconds(50));
    EXPECT_EQ(again.facts.size(), first);
    EXPECT_TRUE(again.events.empty());
}

TEST(LanKnownHosts, SurviveARestartAndStayBounded) {
    const auto file = (std::filesystem::temp_directory_path() / ("vg-known-" + crypto::random_text(8))).string();
    const Time day{std::chrono::hours(24 * 20000)};
    {
        KnownHosts known(file, 10);
        for (std::uint64_t i = 1; i <= 11; ++i) EXPECT_TRUE(known.add(Mac{i}, day + std::chrono::hours(i)));
        known.note_heard("heard/lldp/a b+1", true);
        EXPECT_EQ(known.size(), 10U);
        EXPECT_TRUE(known.save());
    }
    KnownHosts known(file, 10);
    known.load();
    EXPECT_FALSE(known.is_changed());
    EXPECT_EQ(known.heard(), std::vector<std::string>{"heard/lldp/a b+1"});
    EXPECT_FALSE(known.add(Mac{11}, day));
    EXPECT_TRUE(known.add(Mac{1}, day)) << "the longest unseen was forgotten";
    std::filesystem::remove(file);
    KnownHosts nothing(file);
    nothing.load();
    EXPECT_EQ(nothing.size(), 0U);
}

TEST(LanMacVendor, TheLongestAssignmentCounts) {
    Bytes list;
    Writer w(list);
    w.bytes(view_of(std::string_view("VGMAC1\0\0", 8)));
    for (const std::uint32_t n : {2U, 1U, 1U}) w.fixed32(n);
    w.fixed32(0x00112a);
    w.fixed32(0x70b3d5);
    w.fixed32(0x741ae09);
    w.fixed64(0x70b3d5f2f);
    const std::uint32_t names = static_cast<std::uint32_t>(list.size()) + 16;
    for (const std::uint32_t at : {0U, 2U, 4U, 6U}) w.fixed32(names + at);
    for (const char* name : {"A", "B", "C", "D"}) w.text(name);
    EXPECT_EQ(find_vendor(list, Mac{0x00112a000001}), "A");
    EXPECT_EQ(find_vendor(list, Mac{0x70b3d5000001}), "B");
    EXPECT_EQ(find_vendor(list, Mac{0x741ae0912345}), "C");
    EXPECT_EQ(find_vendor(list, Mac{0x70b3d5f2f123}), "D");
    EXPECT_EQ(find_vendor(list, Mac{0x741ae0a12345}), "");
    EXPECT_EQ(find_vendor(list, Mac{0x02112a000001}), "") << "set by software";
    for (std::size_t n = 0; n < list.size(); ++n) (void)find_vendor(ByteView(list).first(n), Mac{0x70b3d5f2f123});
    EXPECT_EQ(find_vendor({}, Mac{0x00112a000001}), "");
}

TEST(LanWatch, OneLineADeviceAndAnEvent) {
    const CaptureFile file(frames::all);
    std::ostringstream out, errors;
    const std::vector<std::string> words{"--read", file.path(), "--json"};
    EXPECT_EQ(watch_command(words, out, errors), 0);
    const auto lines = out.str();
    EXPECT_NE(lines.find(R"("type":"event","event":"dhcp.lease")"), std::string::npos);
    EXPECT_NE(lines.find(R"("names":[{"name":"KETOAN-01","source":"nbns","suffix":0}])"), std::string::npos);
    EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 12);
    std::ostringstream table;
    EXPECT_EQ(watch_command(std::vector<std::string>{"--read", file.path()}, table, errors), 0);
    EXPECT_NE(table.str().find("11 thiết bị, 14 gói"), std::string::npos) << table.str();
    EXPECT_EQ(watch_command(std::vector<std::string>{"--json"}, out, errors), 2);
}

TEST(LanWatch, AWrongWordIsNamedAndHelpTellsTheOptions) {
    const auto told = [](const std::vector<std::string>& words, int code) {
        std::ostringstream out, errors;
        EXPECT_EQ(watch_command(words, out, errors), code);
        return out.str() + errors.str();
    };
    const auto has = [](const std::string& text, std::string_view part) {
        EXPECT_NE(text.find(part), std::string::npos) << text;
    };
    has(told({"--raed", "x"}, 2), "không có tùy chọn '--raed' / there is no option '--raed'");
    has(told({"--read"}, 2), "--read needs the name of a file");
    has(told({"--read", "--json"}, 2), "--read thiếu tên tệp");
    has(told({"eth0", "eth1"}, 2), "'eth1' is too much");
    has(told({"eth0", "--read", "x"}, 2), "either the interface 'eth0' or --read");
    has(told({"--help"}, 0), "--read TỆP");
    has(told({"-h", "--en"}, 0), "--json");
    has(told({"--read", VONGGAC_SOURCE_DIR "/README.md"}, 1), "cần tệp pcap hoặc pcapng");
    has(told({"--read", VONGGAC_SOURCE_DIR "/README.md", "--en"}, 1), "pcap and pcapng are read");
}

TEST(LanConfine, TheThreadLosesWhatItDoesNotNeed) {
    std::string status, opened = "no";
    Result<void> done;
    std::thread([&] {
        // Opened before, read after: no new file can be.
        std::ifstream file("/proc/thread-self/status");
        done = platform::confine_this_thread();
        std::stringstream text;
        text << file.rdbuf();
        status = text.str();
        if (std::ifstream("/etc/hostname")) opened = "yes";
    }).join();
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_NE(status.find("CapEff:\t0000000000000000"), std::string::npos);
    EXPECT_NE(status.find("CapPrm:\t0000000000000000"), std::string::npos);
    EXPECT_NE(status.find("NoNewPrivs:\t1"), std::string::npos);
    EXPECT_EQ(opened, "no");
    EXPECT_TRUE(std::ifstream("/etc/hostname")) << "the other threads keep theirs";
}

}  // namespace
}  // namespace vg::probes
