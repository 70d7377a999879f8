// Frames of our own and recorded ones: who is heard, and that nothing in a frame can harm.
#include "probes/lan/lan.hpp"
#include "probes/lan/device_json.hpp"
#include "probes/lan/device_table.hpp"
#include "tests/probes/lan_frames.hpp"
#include "tests/probes/running.hpp"
#include "wire/fact_table.hpp"

#include <boost/json.hpp>

#include <cstdlib>
#include <random>

namespace vg::probes {
namespace {

using namespace lan;
using namespace testing;
namespace fs = std::filesystem;

// A table after some frames.
class Heard {
public:
    Heard(std::initializer_list<std::string> hex_frames) {
        for (const auto& hex : hex_frames) hear(hex);
    }
    void hear(const std::string& hex, int link_type = 1) {
        frame_ = from_hex(hex);
        dissect::dissect(link_type, frame_, table);
    }
    const Device& operator[](std::uint64_t mac) {
        const auto* device = table.find(Mac{mac});
        if (!device) throw std::runtime_error("nobody was heard");
        return *device;
    }
    DeviceTable table;

private:
    Bytes frame_;
};

std::string ips_of(const Device& device) {
    std::string out;
    for (const auto& ip : device.ips) out += to_text(ip) + " ";
    return out;
}

std::string names_of(const Device& device) {
    std::string out;
    for (const auto& name : device.names) out += std::string(to_string(name.source)) + ":" + name.text + " ";
    return out;
}

TEST(LanFrames, ArpInAndOutOfVlans) {
    Heard heard{frames::arp};
    EXPECT_EQ(ips_of(heard[0x02aabbccdd01]), "10.0.0.10 ");
    EXPECT_EQ(heard[0x02aabbccdd01].vlan, 0);
    heard.hear(frames::tagged);
    EXPECT_EQ(heard[0x02aabbccdd01].vlan, 12);
    EXPECT_EQ(Heard{frames::twice_tagged}[0x02aabbccdd01].vlan, 12);
}

TEST(LanFrames, DhcpNamesTheClientAndTheServerItsAddress) {
    Heard heard{frames::dhcp_request};
    const auto& client = heard[0x02aabbccdd03];
    EXPECT_EQ(names_of(client), "dhcp:may-1 ");
    EXPECT_EQ(ips_of(client), "") << "only asked for";
    EXPECT_EQ(client.dhcp->vendor_class, "MSFT 5.0");
    EXPECT_EQ(to_text(client.dhcp->requested), "10.0.0.51");
    heard.hear(dhcp("02", "00000000", "0a000034", option(53, "02")));
    EXPECT_TRUE(client.dhcp->leases.empty()) << "an offer is no lease";
    heard.hear(frames::dhcp_ack);
    ASSERT_EQ(client.dhcp->leases.size(), 1U);
    EXPECT_EQ(to_text(client.dhcp->leases[0].ip), "10.0.0.51");
    EXPECT_EQ(to_text(client.dhcp->leases[0].server), "10.0.0.1");
    EXPECT_EQ(client.dhcp->leases[0].seconds, 3600U);
}

TEST(LanFrames, OptionsInOverloadedFieldsAreRead) {
    const auto name = option(12, hex_of("may-2"));
    const auto body = "01 01 06 00 12345678 0000 0000" + zeros(16) + "02aabbccdd03" + zeros(10) + zeros(64) + name +
                      "ff" + zeros(128 - size_of(name) - 1) + "63825363" + option(53, "03") + option(52, "01") + "ff";
    EXPECT_EQ(names_of(Heard{udp("02aabbccdd03", "00000000", "ffffffff", 68, 67, body)}[0x02aabbccdd03]),
              "dhcp:may-2 ");
}

TEST(LanFrames, NeighbourDiscoveryAndDhcp6) {
    EXPECT_EQ(ips_of(Heard{frames::advertisement}[0x02aabbccdd05]), "2001:db8::5 ");
    Heard heard{frames::dhcp6_request};
    EXPECT_EQ(names_of(heard[0x02aabbccdd06]), "dhcpv6:may-6.xa.vn ");
    EXPECT_EQ(heard[0x02aabbccdd06].dhcp6->duid.size(), 10U);
}

TEST(LanFrames, NamesOfThreeKinds) {
    Heard heard{frames::mdns, frames::llmnr, frames::nbns};
    EXPECT_EQ(names_of(heard[0x02aabbccdd07]), "mdns:may-in.local ");
    EXPECT_EQ(ips_of(heard[0x02aabbccdd07]), "10.0.0.7 fe80::ff:fe00:7 ");
    ASSERT_EQ(heard[0x02aabbccdd07].services.size(), 1U);
    EXPECT_EQ(heard[0x02aabbccdd07].services[0].kind, "_ipp._tcp");
    EXPECT_EQ(heard[0x02aabbccdd07].services[0].text, "May in VP 02");
    EXPECT_EQ(names_of(heard[0x02aabbccdd08]), "llmnr:ketoan ");
    EXPECT_EQ(names_of(heard[0x02aabbccdd09]), "nbns:KETOAN-01 ");
}

// What a reflector between two networks repeats is not its own.
TEST(LanFrames, ANameOfAnotherAddressIsNotTheSenders) {
    const auto other = udp("02aabbccdd07", "0a000007", "e00000fb", 5353, 5353,
                           "0000 8400 0000 0001 0000 0000" + record(labels("khac.local"), 1, "0a090909"));
    Heard heard{other};
    EXPECT_EQ(names_of(heard[0x02aabbccdd07]), "");
    EXPECT_EQ(heard.table.size(), 2U);
}

TEST(LanFrames, KnownAnswersOfOthersAreNotTheSenders) {
    const auto query = udp("02aabbccdd07", "0a000007", "e00000fb", 5353, 5353,
                           "0000 0000 0000 0001 0000 0000" + record(labels("khac.local"), 1, "0a000007"));
    EXPECT_EQ(names_of(Heard{query}[0x02aabbccdd07]), "");
}

TEST(LanFrames, AnnouncementsOfSwitches) {
    Heard heard{frames::lldp, frames::cdp, frames::stp, frames::ssdp};
    const auto& lldp = heard[0x02aabbccdd0b].neighbours.at(0);
    EXPECT_EQ(lldp.chassis, "02:aa:bb:cc:dd:0b");
    EXPECT_EQ(lldp.port, "ge-0/0/1");
    EXPECT_EQ(lldp.name, "sw-xa-01");
    EXPECT_EQ(lldp.vlan, 20);
    ASSERT_EQ(lldp.addresses.size(), 1U);
    EXPECT_EQ(to_text(lldp.addresses[0]), "10.0.0.254");
    const auto& cdp = heard[0x02aabbccdd0c].neighbours.at(0);
    EXPECT_EQ(cdp.chassis + " " + cdp.port + " " + cdp.platform, "sw-huyen Gi0/1 WS-C2960");
    EXPECT_EQ(cdp.vlan, 10);
    EXPECT_EQ(heard[0x02aabbccdd0d].neighbours.at(0).port, "8003");
    EXPECT_EQ(platform_of(heard[0x02aabbccdd0a]), "Linux/4.4 UPnP/1.0 Printer/2");
}

TEST(LanFrames, OtherLinksAreReadOrRefused) {
    Heard heard{};
    heard.hear("0000 0001 0006 02aabbccdd01 0000 0806" + frames::arp_body, 113);
    EXPECT_EQ(ips_of(heard[0x02aabbccdd01]), "10.0.0.10 ");
    heard.hear("0806 0000 00000002 0001 00 06 02aabbccdd01 0000" + frames::arp_body, 276);
    heard.hear(
        "08 01 0000 02aabbccdd11 02aabbccdd12 02aabbccdd13 0000 aaaa03 000000 0806"
        "0001 0800 06 04 0001 02aabbccdd12 0a00000c" +
            zeros(10),
        105);
    EXPECT_EQ(ips_of(heard[0x02aabbccdd12]), "10.0.0.12 ");
    heard.hear("0f 00 2000" + frames::cdp_body, 104);
    ASSERT_EQ(heard.table.size(), 3U);
    EXPECT_EQ(heard.table.devices().front().neighbours.at(0).chassis, "sw-huyen") << "known by what it announces alone";
    EXPECT_FALSE(dissect::is_known(147));
    heard.hear(frames::arp, 147);
    EXPECT_EQ(heard.table.size(), 3U);
}

TEST(LanFrames, EveryCutAndEveryFlipIsSurvived) {
    std::mt19937 random(5);
    DeviceTable table({64, 4, 4, 4, 4, 4});
    for (const auto& text : frames::all) {
        const auto whole = from_hex(text);
        for (std::size_t n = 0; n <= whole.size(); ++n)
            dissect::dissect(1, Bytes(whole.begin(), whole.begin() + static_cast<long>(n)), table);
        for (int i = 0; i < 3000; ++i) {
            auto bent = whole;
            for (int k = 0; k < 3; ++k) bent[random() % bent.size()] = static_cast<std::uint8_t>(random());
            dissect::dissect(1, bent, table);
        }
    }
    EXPECT_LE(table.size(), 64U);
    for (const auto& device : table.devices()) EXPECT_NO_THROW((void)boost::json::parse(device_line(device)));
}

TEST(LanTable, StaysBoundedAndForgetsTheLongestUnheard) {
    DeviceTable table({100, 4, 4, 4, 4, 4});
    for (std::size_t i = 0; i < 1000; ++i)
        dissect::dissect(1,
                         from_hex("ffffffffffff 02000000" + hex16(i) + "0806 0001 0800 06 04 0001 02000000" + hex16(i) +
                                  "0a01" + hex16(i) + zeros(10)),
                         table);
    EXPECT_EQ(table.size(), 100U);
    EXPECT_EQ(table.find(Mac{0x020000000000 + 899}), nullptr);
    EXPECT_NE(table.find(Mac{0x020000000000 + 900}), nullptr);
    EXPECT_EQ(table.take_touched().size(), 100U);
    EXPECT_TRUE(table.take_touched().empty());
}

// Runs the watcher over a file; nothing when it was refused.
std::optional<wire::Observation> watch_file(const std::string& path) {
    asio::io_context io;
    Problems problems;
    const auto watcher = lan_kind().make_watcher({"lan", path, "", {}}, {io, system_clock()}, problems);
    std::optional<wire::Observation> seen;
    const auto end = run_until_done(io, watcher->watch([&](wire::Observation o) { seen = std::move(o); }));
    return end ? seen : std::nullopt;
}

TEST(LanWatcher, AFileIsToldInOneObservation) {
    const CaptureFile file(frames::all);
    const auto seen = watch_file(file.path());
    ASSERT_TRUE(seen);
    expect_conform(lan_kind(), *seen);
    EXPECT_EQ(seen->events.size(), 11U);
    const auto is = [&](const char* key, const char* name, const wire::FactValue& value) {
        return std::any_of(seen->facts.begin(), seen->facts.end(), [&](const wire::Fact& f) {
            return f.subject.key == key && f.name == name && f.value == value;
        });
    };
    const auto text = [](const char* value) { return wire::FactValue{std::string(value)}; };
    EXPECT_TRUE(is("mac:02:aa:bb:cc:dd:03", "host_name", text("may-1")));
    EXPECT_TRUE(is("mac:02:aa:bb:cc:dd:03", "ip", text("10.0.0.51")));
    EXPECT_TRUE(is("mac:02:aa:bb:cc:dd:03", "dhcp_fingerprint", text("1,3,6,15")));
    EXPECT_TRUE(is("mac:02:aa:bb:cc:dd:03", "client_id", text("01:02:aa:bb:cc:dd:03")));
    EXPECT_TRUE(is("mac:02:aa:bb:cc:dd:01", "ip", text("10.0.0.10")));
    EXPECT_TRUE(is("mac:02:aa:bb:cc:dd:01", "mac_local", true));
    EXPECT_TRUE(is("mac:02:aa:bb:cc:dd:07", "announces/_ipp._tcp", text("May in VP 02")));
    EXPECT_TRUE(is(
        "host", "heard/cdp/sw-huyen+Gi0/1",
        text(
            R"({"protocol":"cdp","chassis":"sw-huyen","port":"Gi0/1","name":"sw-huyen","platform":"WS-C2960","vlan":10})")));
}

TEST(LanWatcher, NoSuchFileOrInterfaceIsAnError) {
    EXPECT_FALSE(watch_file("/nowhere/x.pcap"));
    EXPECT_FALSE(watch_file("no-such-interface"));
    EXPECT_FALSE(watch_file(CaptureFile({}, 147).path())) << "a link type that is not read";
}

TEST(LanCorpus, EveryRecordedCaptureIsSurvived) {
    const char* shared = std::getenv("VONGGAC_SHARED");
    const fs::path corpora = fs::path(shared ? shared : VONGGAC_SOURCE_DIR "/../shared") / "corpora";
    if (!fs::exists(corpora / "unpack.sh")) GTEST_SKIP() << "no corpora in " << corpora;
    const auto folder = fs::temp_directory_path() / ("vg-lan-" + crypto::random_text(8));
    const auto command = "bash " + (corpora / "unpack.sh").string() + " " + folder.string() +
                         " pcap/tcpdump pcap/zeek pcap/suricata pcap/ndpi";
    ASSERT_EQ(std::system(command.c_str()), 0);
    std::size_t files = 0, hosts = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const auto kind = entry.path().extension();
        if (kind != ".pcap" && kind != ".pcapng" && kind != ".gz" && kind != ".cap") continue;
        ++files;
        if (const auto seen = watch_file(entry.path().string())) hosts += seen->events.size();
    }
    fs::remove_all(folder);
    EXPECT_GT(files, 1000U);
    EXPECT_GT(hosts, 300U);
    RecordProperty("hosts", static_cast<int>(hosts));
}

}  // namespace
}  // namespace vg::probes
