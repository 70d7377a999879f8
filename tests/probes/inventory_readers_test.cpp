// The inventory's readers on texts as real machines have them, shortened, and on texts that nobody should have.
#include "probes/inventory/accounts.hpp"
#include "probes/inventory/disk_health.hpp"
#include "probes/inventory/dpkg.hpp"
#include "probes/inventory/smbios.hpp"
#include "probes/inventory/sockets.hpp"
#include "probes/inventory/system_files.hpp"
#include "probes/inventory/words.hpp"
#include "tests/probes/dpkg_status.hpp"

#include <gmock/gmock.h>

#include <cstring>

namespace vg::probes::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Words, OnlyWhatMayBeShownIsKept) {
    EXPECT_EQ(clean("  Dell Inc.\t\n"), "Dell Inc.");
    EXPECT_EQ(clean("Máy \x1b[31mđỏ\x7f"), "Máy  [31mđỏ");
    EXPECT_EQ(clean("a\xff\xc0\xaf"
                    "b\xe1\xba"),
              "a???b??");
    EXPECT_EQ(clean("\xed\xa0\x80"), "???");
    EXPECT_EQ(clean("ăăăă", 5), "ăă");
    EXPECT_EQ(clean(std::string(1000, 'x')).size(), 200U);
}

TEST(SystemFiles, OsReleaseIsReadAsTheShellWouldReadIt) {
    System system;
    read_os_release("NAME=x\nID=ubuntu\nVERSION_ID=\"22.04\"\nPRETTY_NAME='Ubuntu \\$22'\nVERSION_ID_X=1\n=\n", system);
    EXPECT_EQ(system.os_id, "ubuntu");
    EXPECT_EQ(system.os_version, "22.04");
    EXPECT_EQ(system.os_name, "Ubuntu $22");
}

TEST(SystemFiles, AProcessorHasItsMakersNameOrItsBoards) {
    EXPECT_EQ(
        read_processor_model("processor\t: 0\nmodel name\t: Intel(R) Core(TM) i5-7500   CPU @ 3.40GHz\nflags: x\n"),
        "Intel(R) Core(TM) i5-7500 CPU @ 3.40GHz");
    EXPECT_EQ(read_processor_model(
                  "system type\t\t: MediaTek MT7621 ver:1 eco:3\nmachine: x\ncpu model : MIPS 1004Kc V2.15\n"),
              "MIPS 1004Kc V2.15");
    EXPECT_EQ(read_processor_model("processor : 0\nBogoMIPS : 38.40\nHardware : BCM2835\n"), "BCM2835");
    EXPECT_EQ(read_processor_model("\0\xff:::\n:"), "");
    EXPECT_EQ(read_memory_mib("MemTotal:        7998964 kB\n"), 7811);
    EXPECT_EQ(read_memory_mib("MemTotal: -1 kB\n"), std::nullopt);
    EXPECT_EQ(read_memory_mib("Mem"), std::nullopt);
}

TEST(SystemFiles, WhatMakersLeaveInForNothingIsNothing) {
    for (const auto* text : {"To Be Filled By O.E.M.", "Default string", "  System Serial Number ", "00000000", "N/A",
                             "xxxxxxx", "-", "", "None", "........"})
        EXPECT_TRUE(is_placeholder(text)) << text;
    for (const auto* text : {"5CG8340ABC", "0001", "VMware-56 4d", "Dell Inc."})
        EXPECT_FALSE(is_placeholder(text)) << text;
    EXPECT_EQ(iso_of_bios_date("06/30/2021"), "2021-06-30");
    EXPECT_EQ(iso_of_bios_date("04/01/98"), "1998-04-01");
    EXPECT_EQ(iso_of_bios_date("13/30/2021"), "");
    EXPECT_EQ(iso_of_bios_date("yesterday"), "");
    EXPECT_TRUE(is_virtual_board("QEMU", "Standard PC (Q35 + ICH9, 2009)"));
    EXPECT_TRUE(is_virtual_board("Microsoft Corporation", "Virtual Machine"));
    EXPECT_FALSE(is_virtual_board("Microsoft Corporation", "Surface Pro 7"));
}

TEST(Dpkg, GivesWhatIsOnTheDisk) {
    DpkgStatus whole;
    whole.feed(dpkg_status);
    const auto packages = whole.finish();
    ASSERT_THAT(packages, SizeIs(3));
    EXPECT_EQ(packages[0].name, "bash");
    EXPECT_EQ(packages[0].version, "5.2.15-2+b2");
    EXPECT_EQ(packages[2].version, "2.36-9+deb12u9");
}

TEST(Dpkg, TheCutsOfTheFileDoNotMatter) {
    for (std::size_t piece = 1; piece < 40; ++piece) {
        DpkgStatus cut;
        for (std::size_t at = 0; at < dpkg_status.size(); at += piece) cut.feed(dpkg_status.substr(at, piece));
        EXPECT_THAT(cut.finish(), SizeIs(3)) << piece;
    }
}

TEST(Dpkg, HostileRecordsCostNothing) {
    DpkgStatus reader;
    reader.feed("Package: " + std::string(1 << 20, 'a') + "\nStatus: install ok installed\n\n");
    reader.feed("Package: a/b\nStatus: install ok installed\nVersion: 1\n\n");
    reader.feed("Status: install ok installed\nVersion: 1\n\n\n\n");
    reader.feed(std::string(5000, '\0'));
    EXPECT_THAT(reader.finish(), IsEmpty());
}

TEST(Accounts, WhoMayUseTheMachine) {
    const auto people = read_passwd(
        "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1::/usr/sbin:/usr/sbin/nologin\nsync:x:4:65534::/bin:/bin/sync\n"
        "postgres:x:101:103::/var/lib/postgresql:/bin/bash\nlan:x:1000:1000:Lan,,,:/home/lan:/bin/zsh\n"
        "guest:x:1001:1001::/home/guest:/bin/false\nnobody:x:65534:65534::/:/usr/sbin/nologin\n"
        "+::::::\nshort:x:5\nbad:x:-1:1:::/bin/sh\n:x:1:1:::/bin/sh\n");
    ASSERT_THAT(people, SizeIs(4));
    EXPECT_EQ(people[1].name, "postgres");
    EXPECT_EQ(people[2].name, "lan");
    EXPECT_FALSE(people[3].has_shell);
    const auto admins = read_administrators("sudo:x:27:lan, minh\nadm:x:4:lan\nwheel:x:10:\nsudoers:x:99:eve\nsudo");
    EXPECT_THAT(admins.names, ElementsAre("lan", "minh"));
    EXPECT_THAT(admins.groups, ElementsAre(27U, 10U));
}

constexpr Day today{std::chrono::days{20'000}};

AccountSources one(std::string shadow, std::optional<int> days_ago) {
    AccountSources from;
    from.passwd = {{"lan", 1000, 1000, true}};
    from.shadow = read_shadow(shadow);
    from.last_in.emplace();
    if (days_ago) (*from.last_in)["lan"] = (20'000 - *days_ago) * 86'400LL;
    from.today = today;
    return from;
}

TEST(Accounts, EnabledAndIdleAreJudgedByWhatIsWrittenDown) {
    auto account = make_accounts(one("lan:$6$x:19990:0:99999:7:::", 3)).at(0);
    EXPECT_EQ(account.enabled, true);
    EXPECT_EQ(account.idle, false);
    account = make_accounts(one("lan:$6$x:19000:0:99999:7:::", 46)).at(0);
    EXPECT_EQ(account.idle, true);
    account = make_accounts(one("lan:$6$x:19990:0:99999:7:::", std::nullopt)).at(0);
    EXPECT_EQ(account.idle, false);  // never here, but younger than that
    account = make_accounts(one("lan:$6$x:19000:0:99999:7:::", std::nullopt)).at(0);
    EXPECT_EQ(account.idle, true);
    account = make_accounts(one("lan:!$6$x:19000:0:99999:7:::", std::nullopt)).at(0);
    EXPECT_EQ(account.enabled, false);
    EXPECT_EQ(account.idle, false);
    account = make_accounts(one("lan:!:19000:0:99999:7:::", 3)).at(0);  // comes in by a key
    EXPECT_EQ(account.enabled, true);
    account = make_accounts(one("lan:$6$x:19000:0:99999:7::19500:", 3)).at(0);
    EXPECT_EQ(account.enabled, false);
    auto unreadable = one("", 100);
    unreadable.shadow.reset();
    account = make_accounts(unreadable).at(0);
    EXPECT_EQ(account.enabled, std::nullopt);
    EXPECT_EQ(account.idle, true);
    unreadable.last_in.reset();
    EXPECT_EQ(make_accounts(unreadable).at(0).idle, std::nullopt);
}

std::string login(const std::string& user, std::uint32_t seconds, std::int16_t type = 7) {
    std::string record(384, '\0');
    std::memcpy(record.data(), &type, sizeof type);
    std::memcpy(record.data() + 44, user.data(), std::min<std::size_t>(user.size(), 32));
    std::memcpy(record.data() + 340, &seconds, sizeof seconds);
    return record;
}

TEST(Accounts, TheLastLoginCountsHoweverTheFileIsCut) {
    const auto text = login("lan", 500) + login("lan", 900) + login("reboot", 950, 2) + login("lan", 700) +
                      login(std::string(40, 'x'), 5) + login("", 5) + login("minh", 0) + "rest";
    for (std::size_t piece : {1U, 7U, 383U, 384U, 385U, 5000U}) {
        Wtmp wtmp;
        for (std::size_t at = 0; at < text.size(); at += piece) wtmp.feed(std::string_view(text).substr(at, piece));
        EXPECT_EQ(wtmp.last().at("lan"), 900) << piece;
        EXPECT_EQ(wtmp.last().size(), 2U) << piece;
    }
    EXPECT_EQ(read_lastlog(std::string_view("\1\0\0\0", 4)), 1);
    EXPECT_EQ(read_lastlog(std::string(292, '\0')), std::nullopt);
    EXPECT_EQ(read_lastlog("x"), std::nullopt);
}

TEST(Sockets, WhoListens) {
    std::vector<Socket> found;
    read_listeners(
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        "   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 777 1 x 100\n"
        "   1: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 778 1 x 100\n"
        "   2: 0B00010A:0016 0C00010A:C001 01 00000000:00000000 02:00000000 00000000     0        0 779 1 x 100\n"
        "   3: zz:0016\n   4:\n",
        "tcp", 32768, found);
    read_listeners(
        "x\n 0: 00000000000000000000000001000000:0277 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 5\n",
        "tcp", 32768, found);
    read_listeners(
        "x\n"
        " 0: 00000000:0044 00000000:0000 07 0:0 00:0 0 0 0 6 2 x 0\n"
        " 1: 00000000:9C40 00000000:0000 07 0:0 00:0 0 0 0 7 2 x 0\n"
        " 2: 0B00010A:0045 0100010A:0045 07 0:0 00:0 0 0 0 8 2 x 0\n",
        "udp", 32768, found);
    ASSERT_THAT(found, SizeIs(4));
    EXPECT_EQ(found[0].where, "tcp/0.0.0.0:22");
    EXPECT_EQ(found[0].inode, 777U);
    EXPECT_EQ(found[1].where, "tcp/127.0.0.1:5432");
    EXPECT_EQ(found[2].where, "tcp/[::1]:631");
    EXPECT_EQ(found[3].where, "udp/0.0.0.0:68");
}

// A structure of type 17 as a firmware writes it.
Bytes module(std::uint16_t size, const std::string& strings, std::uint8_t type = 17) {
    Bytes out(0x28, 0);
    out[0] = type;
    out[1] = 0x28;
    out[0x0c] = static_cast<std::uint8_t>(size);
    out[0x0d] = static_cast<std::uint8_t>(size >> 8);
    out[0x10] = 1;  // slot
    out[0x11] = 2;  // bank
    out[0x12] = 0x1a;
    out[0x17] = 3;  // maker
    out[0x18] = 4;  // serial number
    out[0x1c] = 0x00;
    out[0x1d] = 0x80;  // 32768 MiB, where the size is in here
    out[0x20] = 0x6a;  // 2666
    out[0x21] = 0x0a;
    for (const char c : strings) out.push_back(static_cast<std::uint8_t>(c == '|' ? '\0' : c));
    out.push_back(0);
    out.push_back(0);
    return out;
}

TEST(Smbios, MemoryModulesInTheirSlots) {
    Bytes table = module(0, "x", 4);
    const auto add = [&table](const Bytes& more) { table.insert(table.end(), more.begin(), more.end()); };
    add(module(8192, "DIMM A|BANK 0|Kingston|0x12345678"));
    add(module(0, "DIMM B|BANK 1"));
    add(module(0x7fff, "DIMM A|BANK 2|Samsung|00000000"));
    add(module(8192, "DIMM A|BANK 2|Unknown"));
    const auto modules = read_memory_modules(table);
    ASSERT_THAT(modules, SizeIs(3));
    EXPECT_EQ(modules[0].slot, "DIMM A");
    EXPECT_EQ(modules[0].mib, 8192);
    EXPECT_EQ(modules[0].type, "DDR4");
    EXPECT_EQ(modules[0].speed_mts, 2666);
    EXPECT_EQ(modules[0].vendor, "Kingston");
    EXPECT_EQ(modules[0].serial, "0x12345678");
    EXPECT_EQ(modules[1].mib, 32768);
    EXPECT_EQ(modules[1].slot, "BANK 2 DIMM A");
    EXPECT_EQ(modules[1].serial, "");
    EXPECT_NE(modules[2].slot, modules[1].slot);
    EXPECT_EQ(modules[2].vendor, "");
}

TEST(Smbios, ATableThatIsCutGivesWhatIsWhole) {
    const auto whole = module(8192, "DIMM A|BANK 0|Kingston|1234");
    for (std::size_t n = 0; n < whole.size(); ++n)
        EXPECT_THAT(read_memory_modules(ByteView(whole).first(n)), IsEmpty()) << n;
    Bytes nonsense(4096, 0);
    EXPECT_THAT(read_memory_modules(nonsense), IsEmpty());
    std::fill(nonsense.begin(), nonsense.end(), std::uint8_t{0xff});
    EXPECT_THAT(read_memory_modules(nonsense), IsEmpty());
}

TEST(DiskHealth, AsTheDiskSaysIt) {
    Bytes log(512, 0);
    EXPECT_EQ(nvme_is_failing(log), false);
    log[0] = 0x02;  // hot
    EXPECT_EQ(nvme_is_failing(log), false);
    log[0] = 0x04;
    EXPECT_EQ(nvme_is_failing(log), true);
    EXPECT_EQ(nvme_is_failing(ByteView(log).first(100)), std::nullopt);

    Bytes sense{0x72, 1, 0, 0x1d, 0, 0, 0, 14, 0x09, 0x0c, 0, 0, 0, 0xff, 0, 0, 0, 0x4f, 0, 0xc2, 0, 0x50};
    EXPECT_EQ(ata_is_failing(sense), false);
    EXPECT_EQ(ata_is_asleep(sense), false);
    sense[17] = 0xf4;
    sense[19] = 0x2c;
    EXPECT_EQ(ata_is_failing(sense), true);
    sense[13] = 0;
    EXPECT_EQ(ata_is_asleep(sense), true);
    sense[17] = 0;
    EXPECT_EQ(ata_is_failing(sense), std::nullopt);
    for (std::size_t n = 0; n < sense.size(); ++n) EXPECT_EQ(ata_is_failing(ByteView(sense).first(n)), std::nullopt);
    EXPECT_EQ(emmc_is_failing("0x01\n"), false);
    EXPECT_EQ(emmc_is_failing("0x03"), true);
    EXPECT_EQ(emmc_is_failing("0x00"), std::nullopt);
    EXPECT_EQ(emmc_is_failing("soon"), std::nullopt);
}

}  // namespace
}  // namespace vg::probes::inventory
