// Frames of our own and recorded ones: who is seen, and that nothing in a frame can harm.
#include "probes/lan/lan.hpp"
#include "base/crypto.hpp"
#include "probes/lan/frames.hpp"
#include "probes/lan/roster.hpp"
#include "tests/probes/running.hpp"
#include "wire/fact_table.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>

namespace vg::probes {
namespace {

using namespace lan;
namespace fs = std::filesystem;

Bytes from_hex(const std::string& text) {
    std::string hex;
    for (const char c : text)
        if (c != ' ') hex += c;
    return *crypto::from_hex(hex);
}

const std::string arp_body = "0001 0800 06 04 0002 02aabbccdd01 0a00000a 02aabbccdd02 0a000001";
const std::string arp = "ffffffffffff 02aabbccdd01 0806 " + arp_body;
const std::string tagged = "ffffffffffff 02aabbccdd01 8100 000c 0806 " + arp_body;

std::string zeros(int n) { return std::string(static_cast<std::size_t>(n) * 2, '0'); }

std::string dhcp(const std::string& operation, const std::string& client, const std::string& yours,
                 const std::string& options) {
    return "ffffffffffff 02aabbccdd03 0800 4500012c00000000401100000a000003ffffffff 0044 0043 0118 0000 " + operation +
           " 01 06 00 12345678 0000 0000 " + client + " " + yours + zeros(8) + "02aabbccdd03" + zeros(10 + 64 + 128) +
           "63825363 " + options + "ff";
}

const std::string advertisement =
    "333300000001 02aabbccdd05 86dd 60000000 0020 3a ff fe80000000000000000000fffe000005 "
    "ff020000000000000000000000000001 88 00 0000 20000000 20010db8000000000000000000000005 02 01 02aabbccdd05";

TEST(LanFrames, Arp) {
    const auto seen = dissect_ethernet(from_hex(arp));
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->mac, "02:aa:bb:cc:dd:01");
    EXPECT_EQ(seen->ip, "10.0.0.10");
    EXPECT_EQ(dissect_ethernet(from_hex(tagged))->vlan, 12);
}

TEST(LanFrames, DhcpNamesTheClientAndTheServerItsAddress) {
    const auto asked =
        dissect_ethernet(from_hex(dhcp("01", "00000000", "00000000", "350103 3204 0a000033 0c05 6d61792d31")));
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->mac, "02:aa:bb:cc:dd:03");
    EXPECT_EQ(asked->host_name, "may-1");
    EXPECT_EQ(asked->ip, "") << "only asked for";
    const auto given = dissect_ethernet(from_hex(dhcp("02", "00000000", "0a000033", "350105 ")));
    ASSERT_TRUE(given);
    EXPECT_EQ(given->ip, "10.0.0.51");
    EXPECT_FALSE(dissect_ethernet(from_hex(dhcp("02", "00000000", "0a000033", "350102 ")))) << "an offer is no lease";
}

TEST(LanFrames, NeighbourAdvertisement) {
    const auto seen = dissect_ethernet(from_hex(advertisement));
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->mac, "02:aa:bb:cc:dd:05");
    EXPECT_EQ(seen->ip, "2001:db8::5");
}

TEST(LanFrames, EveryCutAndEveryFlipIsSurvived) {
    std::mt19937 random(5);
    for (const auto& text :
         {arp, tagged, advertisement, dhcp("01", "00000000", "00000000", "350103 0c05 6d61792d31")}) {
        const auto whole = from_hex(text);
        for (std::size_t n = 0; n <= whole.size(); ++n) (void)dissect_ethernet(ByteView(whole).first(n));
        for (int i = 0; i < 5000; ++i) {
            auto bent = whole;
            bent[random() % bent.size()] = static_cast<std::uint8_t>(random());
            bent[random() % bent.size()] = static_cast<std::uint8_t>(random());
            const auto seen = dissect_ethernet(bent);
            EXPECT_TRUE(!seen || seen->mac.size() == 17);
        }
    }
}

TEST(LanRoster, TellsNewChangedAndHourly) {
    Roster roster;
    Mono now{std::chrono::hours(1)};
    const Sighting plain{"02:00:00:00:00:01", "", "", "", 0, Source::arp};
    EXPECT_EQ(roster.see(plain, now).second, News::is_new);
    EXPECT_EQ(roster.see(plain, now).second, News::none);
    auto with_ip = plain;
    with_ip.ip = "10.0.0.1";
    EXPECT_EQ(roster.see(with_ip, now + std::chrono::seconds(2)).second, News::changed);
    EXPECT_EQ(roster.see(with_ip, now + std::chrono::minutes(30)).second, News::none);
    EXPECT_EQ(roster.see(with_ip, now + std::chrono::minutes(57)).second, News::again);
}

TEST(LanRoster, StaysBounded) {
    Roster roster(100);
    for (int i = 0; i < 1000; ++i)
        (void)roster.see({"m" + std::to_string(i), "", "", "", 0, Source::arp}, Mono{Millis(i)});
    EXPECT_EQ(roster.size(), 100u);
}

// Runs the watcher over a file; nothing when it was refused.
std::optional<wire::Observation> watch_file(const std::string& path) {
    asio::io_context io;
    Problems problems;
    const auto watcher = lan_kind().make_watcher({"lan", path, "", {}}, {io, system_clock()}, problems);
    std::optional<wire::Observation> seen;
    const auto end = testing::run_until_done(io, watcher->watch([&](wire::Observation o) { seen = std::move(o); }));
    return end ? seen : std::nullopt;
}

class CaptureFile {
public:
    explicit CaptureFile(const std::vector<Bytes>& frames)
        : path_(fs::temp_directory_path() / ("vg-lan-" + crypto::random_text(8) + ".pcap")) {
        Bytes out;
        Writer w(out);
        for (const std::uint32_t v : {0xa1b2c3d4u, 0x00040002u, 0u, 0u, 65535u, 1u}) w.fixed32(v);
        for (const auto& frame : frames) {
            const auto size = static_cast<std::uint32_t>(frame.size());
            for (const std::uint32_t v : {0u, 0u, size, size}) w.fixed32(v);
            w.bytes(frame);
        }
        std::ofstream(path_, std::ios::binary)
            .write(reinterpret_cast<const char*>(out.data()), static_cast<long>(out.size()));
    }
    ~CaptureFile() {
        std::error_code ignored;
        fs::remove(path_, ignored);
    }
    [[nodiscard]] std::string path() const { return path_.string(); }

private:
    fs::path path_;
};

TEST(LanWatcher, AFileIsToldInOneObservation) {
    const CaptureFile file({from_hex(arp), from_hex(arp), from_hex(advertisement),
                            from_hex(dhcp("01", "00000000", "00000000", "350103 0c05 6d61792d31")),
                            from_hex(dhcp("02", "00000000", "0a000033", "350105 "))});
    const auto seen = watch_file(file.path());
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->events.size(), 3u);
    for (const auto& f : seen->facts) {
        const auto* row = wire::find_fact(f.subject.kind, f.name);
        ASSERT_NE(row, nullptr) << f.name;
        EXPECT_EQ(row->producer, "lan");
    }
    const auto is = [&](const char* key, const char* name, const char* value) {
        return std::any_of(seen->facts.begin(), seen->facts.end(), [&](const wire::Fact& f) {
            return f.subject.key == key && f.name == name && f.value == wire::FactValue{std::string(value)};
        });
    };
    EXPECT_TRUE(is("mac:02:aa:bb:cc:dd:03", "host_name", "may-1"));
    EXPECT_TRUE(is("mac:02:aa:bb:cc:dd:03", "ip", "10.0.0.51"));
    EXPECT_TRUE(is("mac:02:aa:bb:cc:dd:01", "ip", "10.0.0.10"));
}

TEST(LanWatcher, NoSuchFileOrInterfaceIsAnError) {
    EXPECT_FALSE(watch_file("/nowhere/x.pcap"));
    EXPECT_FALSE(watch_file("no-such-interface"));
}

TEST(LanCorpus, EveryRecordedCaptureIsSurvived) {
    const char* shared = std::getenv("VONGGAC_SHARED");
    const fs::path corpora = fs::path(shared ? shared : VONGGAC_SOURCE_DIR "/../shared") / "corpora";
    if (!fs::exists(corpora / "unpack.sh")) GTEST_SKIP() << "no corpora in " << corpora;
    const auto folder = fs::temp_directory_path() / ("vg-lan-" + crypto::random_text(8));
    const auto command = "bash " + (corpora / "unpack.sh").string() + " " + folder.string() + " pcap/tcpdump pcap/zeek";
    ASSERT_EQ(std::system(command.c_str()), 0);
    std::size_t files = 0, hosts = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const auto kind = entry.path().extension();
        if (kind != ".pcap" && kind != ".pcapng") continue;
        ++files;
        if (const auto seen = watch_file(entry.path().string())) hosts += seen->events.size();
    }
    fs::remove_all(folder);
    EXPECT_GT(files, 500u);
    EXPECT_GT(hosts, 50u);
    RecordProperty("hosts", static_cast<int>(hosts));
}

}  // namespace
}  // namespace vg::probes
