// The inventory of machines that are folders: what is read of them, and how it is told.
#include "probes/inventory/platform/machine.hpp"
#include "probes/inventory/telling.hpp"
#include "tests/probes/dpkg_status.hpp"
#include "tests/probes/running.hpp"
#include "wire/fact_table.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace vg::probes::inventory {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A folder that looks like a machine.
class Machinery : public ::testing::Test {
protected:
    Machinery() {
        std::string name = (std::filesystem::temp_directory_path() / "vonggac-machine-XXXXXX").string();
        root = ::mkdtemp(name.data());
    }
    ~Machinery() override { std::filesystem::remove_all(root); }
    void put(const std::string& path, std::string_view text) const {
        std::filesystem::create_directories((root + path).substr(0, (root + path).rfind('/')));
        std::ofstream(root + path) << text;
    }
    void link(const std::string& path, const std::string& to) const {
        std::filesystem::create_directories((root + path).substr(0, (root + path).rfind('/')));
        std::filesystem::create_symlink(to, root + path);
    }
    [[nodiscard]] Reading look(Part part) const {
        Reading reading;
        make_machine(root)->look(part, reading);
        return reading;
    }
    // As the probe tells it: "name=value".
    [[nodiscard]] std::vector<std::string> told(Part part) const {
        auto reading = look(part);
        wire::Observation seen;
        tell_facts(part, reading, seen.facts);
        tell_lists(part, reading, seen);
        std::vector<std::string> out;
        for (const auto& fact : seen.facts) {
            EXPECT_NE(wire::find_fact(fact.subject.kind, fact.name), nullptr) << fact.name;
            EXPECT_EQ(fact.subject.key, "host");
            struct Word {
                std::string operator()(std::monostate) const { return "?"; }
                std::string operator()(bool v) const { return v ? "true" : "false"; }
                std::string operator()(std::int64_t v) const { return std::to_string(v); }
                std::string operator()(double v) const { return std::to_string(v); }
                std::string operator()(const std::string& v) const { return v; }
            };
            out.push_back(fact.name + "=" + std::visit(Word{}, fact.value));
        }
        return out;
    }
    std::string root;
};

TEST_F(Machinery, SoftwareIsNamedByArchitectureOnlyWhereThereAreTwo) {
    put("/var/lib/dpkg/status", dpkg_status);
    EXPECT_THAT(told(Part::software), ElementsAre("software/bash=5.2.15-2+b2", "software/libc6:amd64=2.36-9+deb12u9",
                                                  "software/libc6:i386=2.36-9"));
}

TEST_F(Machinery, SoftwareBesideTheDistributionsPackagesIsNamedByItsKind) {
    put("/usr/lib/opkg/status",
        "Package: dnsmasq\nVersion: 2.90-1\nStatus: install user installed\nArchitecture: x\n\n");
    put("/lib/apk/db/installed", "C:Q1x\nP:musl\nV:1.2.4-r2\nA:x86_64\n\nP:busybox\nV:1.36.1-r5\n");
    put("/snap/firefox/current/meta/snap.yaml", "name: firefox\nversion: '131.0-1'\n");
    put("/snap/bin/x", "");
    link("/var/lib/flatpak/app/org.gimp.GIMP/current", "x86_64/stable");
    EXPECT_THAT(told(Part::software), ElementsAre("software/busybox=1.36.1-r5", "software/dnsmasq=2.90-1",
                                                  "software/flatpak:org.gimp.GIMP=stable", "software/musl=1.2.4-r2",
                                                  "software/snap:firefox=131.0-1"));
}

TEST_F(Machinery, ASystemWithoutDpkgTellsNoSoftwareAtAll) {
    auto reading = look(Part::software);
    EXPECT_FALSE(reading.software);
    wire::Observation seen;
    tell_lists(Part::software, reading, seen);
    EXPECT_THAT(seen.whole, IsEmpty());
}

TEST_F(Machinery, AStampChangesWithItsFiles) {
    put("/var/lib/dpkg/status", dpkg_status);
    const auto machine = make_machine(root);
    const auto before = machine->stamp(Part::software);
    EXPECT_EQ(machine->stamp(Part::software), before);
    put("/var/lib/dpkg/status", "Package: other\n");
    EXPECT_NE(machine->stamp(Part::software), before);
}

TEST_F(Machinery, ABoardOfAnOffice) {
    put("/sys/class/dmi/id/sys_vendor", "Dell Inc.\n");
    put("/sys/class/dmi/id/product_name", "OptiPlex 3050\n");
    put("/sys/class/dmi/id/product_serial", "5CG8340ABC\n");
    put("/sys/class/dmi/id/bios_version", "1.15.1\n");
    put("/sys/class/dmi/id/bios_date", "06/30/2021\n");
    put("/sys/class/dmi/id/chassis_type", "3\n");
    EXPECT_THAT(told(Part::board),
                ElementsAre("board_vendor=Dell Inc.", "board_model=OptiPlex 3050", "board_serial=5CG8340ABC",
                            "chassis=desktop", "bios_version=1.15.1", "bios_date=2021-06-30"));
}

TEST_F(Machinery, ABoardOfNoName) {
    put("/sys/class/dmi/id/sys_vendor", "To Be Filled By O.E.M.\n");
    put("/sys/class/dmi/id/product_name", "To Be Filled By O.E.M.\n");
    put("/sys/class/dmi/id/board_vendor", "ASRock\n");
    put("/sys/class/dmi/id/board_name", "H110M-DVS\n");
    put("/sys/class/dmi/id/chassis_type", "x\n");
    EXPECT_THAT(told(Part::board), ElementsAre("board_vendor=ASRock", "board_model=H110M-DVS", "board_serial=?",
                                               "chassis=?", "bios_version=?", "bios_date=?"));
}

TEST_F(Machinery, ABoardWithoutSmbiosNamesItselfInItsDeviceTree) {
    put("/sys/firmware/devicetree/base/model", std::string_view("Raspberry Pi 4 Model B Rev 1.4\0", 31));
    put("/sys/firmware/devicetree/base/serial-number", std::string_view("100000003d1f2a3b\0", 17));
    const auto facts = told(Part::board);
    EXPECT_THAT(facts, Contains("board_model=Raspberry Pi 4 Model B Rev 1.4"));
    EXPECT_THAT(facts, Contains("board_serial=100000003d1f2a3b"));
}

TEST_F(Machinery, AnEmptyMachineIsNotKnown) {
    for (const auto part : all_parts)
        for (const auto& fact : told(part)) EXPECT_THAT(fact, HasSubstr("=?")) << fact;
}

TEST_F(Machinery, DisksWithTheirKindAndSerialNumber) {
    put("/sys/block/sda/size", "488397168\n");
    put("/sys/block/sda/removable", "0\n");
    put("/sys/block/sda/dev", "8:0\n");
    put("/sys/block/sda/device/model", "WDC WD2500AAKX-7  \n");
    put("/sys/block/sda/device/vendor", "ATA     \n");
    put("/sys/block/sda/queue/rotational", "1\n");
    put("/run/udev/data/b8:0", "S:disk/by-id/x\nE:ID_SERIAL=WDC_WD-WCC2E\nE:ID_SERIAL_SHORT=WD-WCC2E1234567\n");
    put("/sys/block/sdb/size", "100\n");
    put("/sys/block/sdb/removable", "1\n");
    put("/sys/block/loop0/size", "100\n");
    put("/sys/block/nvme0n1/size", "1000215216\n");
    put("/sys/block/nvme0n1/device/model", "Samsung SSD 980 500GB\n");
    put("/sys/block/mmcblk0/size", "61071360\n");
    put("/sys/block/mmcblk0/device/name", "DG4032\n");
    put("/sys/block/mmcblk0/device/pre_eol_info", "0x03\n");
    put("/sys/block/mmcblk0/queue/rotational", "0\n");
    put("/sys/block/mmcblk0boot0/size", "8192\n");
    EXPECT_THAT(told(Part::disks),
                ElementsAre("disks_failing=1",
                            R"(disk/mmcblk0={"model":"DG4032","bytes":31268536320,"kind":"ssd","health":"failing"})",
                            R"(disk/nvme0n1={"model":"Samsung SSD 980 500GB","bytes":512110190592,"kind":"nvme"})",
                            R"(disk/sda={"model":"WDC WD2500AAKX-7","serial":"WD-WCC2E1234567","bytes":250059350016,)"
                            R"("kind":"hdd"})"));
}

TEST_F(Machinery, UsbDevicesWithoutHubs) {
    put("/sys/bus/usb/devices/usb1/idVendor", "1d6b\n");
    put("/sys/bus/usb/devices/usb1/idProduct", "0002\n");
    put("/sys/bus/usb/devices/usb1/bDeviceClass", "09\n");
    put("/sys/bus/usb/devices/1-2/idVendor", "0951\n");
    put("/sys/bus/usb/devices/1-2/idProduct", "1666\n");
    put("/sys/bus/usb/devices/1-2/bDeviceClass", "00\n");
    put("/sys/bus/usb/devices/1-2/serial", "60A44C3F\n");
    put("/sys/bus/usb/devices/1-2/manufacturer", "Kingston\n");
    put("/sys/bus/usb/devices/1-2/product", "DataTraveler 3.0\n");
    put("/sys/bus/usb/devices/1-2:1.0/bInterfaceClass", "08\n");
    put("/sys/bus/usb/devices/1-3/idVendor", "046d\n");
    put("/sys/bus/usb/devices/1-3/idProduct", "c31c\n");
    EXPECT_THAT(told(Part::usb), ElementsAre("usb/0951:1666:60A44C3F=Kingston DataTraveler 3.0", "usb/046d:c31c=?"));
}

TEST_F(Machinery, PortsWithTheProcessesThatOwnThem) {
    put("/proc/net/tcp",
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        "   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 777 1 x\n");
    put("/proc/12/comm", "sshd\n");
    link("/proc/12/fd/3", "socket:[777]");
    link("/proc/12/fd/4", "socket:[7");
    link("/proc/abc/fd/1", "socket:[777]");
    EXPECT_THAT(told(Part::ports), ElementsAre("port/tcp/0.0.0.0:22=sshd"));
    const auto machine = make_machine(root);
    for (int i = 0; i < 2; ++i) {  // the second time from memory
        Reading reading;
        machine->look(Part::ports, reading);
        EXPECT_EQ(reading.ports.value().at(0).process, "sshd");
        std::filesystem::remove_all(root + "/proc/12");
    }
    const auto before = machine->stamp(Part::ports);
    put("/proc/net/tcp", "");
    EXPECT_NE(machine->stamp(Part::ports), before);
}

TEST_F(Machinery, AccountsAreNotKnownBeyondWhatMayBeRead) {
    put("/etc/passwd",
        "root:x:0:0:root:/root:/bin/bash\nlan:x:1000:1000:Lan,,,:/home/lan:/bin/bash\n"
        "bin:x:2:2:bin:/bin:/usr/sbin/nologin\n");
    put("/etc/group", "sudo:x:27:lan\n");
    EXPECT_THAT(told(Part::accounts), ElementsAre("accounts=?", "administrators=2", "idle_accounts=?",
                                                  R"(account/root={"uid":0,"administrator":true})",
                                                  R"(account/lan={"uid":1000,"administrator":true})"));
    put("/etc/shadow", "root:!:19000:0:99999:7:::\nlan:$y$x:19000:0:99999:7:::\n");
    put("/var/log/wtmp", "");
    EXPECT_THAT(told(Part::accounts), ElementsAre("accounts=1", "administrators=1", "idle_accounts=1",
                                                  R"(account/root={"uid":0,"enabled":false,"administrator":true})",
                                                  R"(account/lan={"uid":1000,"enabled":true,"administrator":true})"));
}

TEST_F(Machinery, AnUpdateThatFoundNothingToDoIsOne) {
    put("/var/log/dpkg.log",
        "2024-03-01 10:00:00 install vim:amd64 <none> 9\n2024-03-02 10:00:00 upgrade vim:amd64 9 9.1\n");
    EXPECT_EQ(look(Part::updates).last_update, Day{std::chrono::year{2024} / 3 / 2});
    put("/var/lib/apt/periodic/upgrade-stamp", "");
    EXPECT_GT(look(Part::updates).last_update, Day{std::chrono::year{2026} / 1 / 1});
}

TEST_F(Machinery, LocksAsTheAdministratorSetsThem) {
    put("/etc/pam.d/common-auth", "auth required pam_unix.so\n");
    put("/usr/share/xsessions/gnome.desktop", "");
    put("/usr/bin/x", "");
    EXPECT_THAT(told(Part::policy), ElementsAre("autorun_on=?", "screen_lock_minutes=?", "lockout_failures=0"));
    put("/etc/dconf/db/local.d/00-lock",
        "[org/gnome/desktop/session]\nidle-delay=uint32 600\n[org/gnome/desktop/screensaver]\nlock-enabled=true\n"
        "lock-delay=uint32 30\n[org/gnome/desktop/media-handling]\nautorun-never=true\n");
    put("/etc/pam.d/common-auth", "auth required pam_faillock.so preauth\n");
    put("/etc/security/faillock.conf", "# deny = 9\ndeny = 5\n");
    EXPECT_THAT(told(Part::policy), ElementsAre("autorun_on=false", "screen_lock_minutes=11", "lockout_failures=5"));
}

TEST_F(Machinery, AProductIsOnWhenItsProcessesRun) {
    put("/proc/1/comm", "systemd\n");
    EXPECT_THAT(told(Part::protection),
                ElementsAre("firewall_on=?", "antimalware=", "antimalware_realtime=false", "definitions_days=?"));
    put("/var/lib/clamav/daily.cvd", "ClamAV-VDB:01 Jan 2026 04-25 -0500:27764:x\n");
    put("/usr/sbin/clamd", "");
    put("/proc/20/comm", "clamd\n");
    auto seen = look(Part::protection).protection.value();
    EXPECT_EQ(seen.product, "ClamAV");
    EXPECT_EQ(seen.realtime, false);
    EXPECT_GT(seen.definitions_days, 300);
    put("/proc/21/comm", "clamonacc\n");
    EXPECT_EQ(look(Part::protection).protection->realtime, true);
}

TEST_F(Machinery, AFirewallIsOnWhereSomethingSaysSo) {
    put("/sys/module/x/y", "");
    EXPECT_EQ(look(Part::protection).protection->firewall, false);
    put("/sys/module/nf_tables/y", "");
    EXPECT_EQ(look(Part::protection).protection->firewall, std::nullopt);
    put("/etc/ufw/ufw.conf", "# ENABLED=no\nENABLED=yes\n");
    EXPECT_EQ(look(Part::protection).protection->firewall, true);
    put("/etc/ufw/ufw.conf", "ENABLED=no\n");
    put("/etc/nftables.conf",
        "table inet filter {\n chain input {\n type filter hook input priority 0; policy drop;\n }\n}\n");
    EXPECT_EQ(look(Part::protection).protection->firewall, std::nullopt);
    link("/etc/systemd/system/sysinit.target.wants/nftables.service", "/lib/systemd/system/nftables.service");
    EXPECT_EQ(look(Part::protection).protection->firewall, true);
}

TEST_F(Machinery, OpenRcKeepsItsServicesInFolders) {
    put("/run/openrc/started/sshd", "");
    put("/run/openrc/failed/ntpd", "");
    put("/etc/runlevels/default/sshd", "");
    put("/etc/runlevels/default/chronyd", "");
    EXPECT_THAT(told(Part::services),
                ElementsAre("service/sshd=running", "service/ntpd=failed", "service/chronyd=stopped"));
}

TEST_F(Machinery, AdaptersAreThoseWithHardware) {
    put("/sys/class/net/enp1s0/address", "d8:9e:f3:11:22:33\n");
    put("/sys/class/net/enp1s0/operstate", "up\n");
    put("/sys/class/net/enp1s0/speed", "1000\n");
    put("/sys/class/net/enp1s0/device/vendor", "0x8086\n");
    put("/sys/class/net/wlan0/address", "d8:9e:f3:11:22:34\n");
    put("/sys/class/net/wlan0/operstate", "down\n");
    put("/sys/class/net/wlan0/speed", "-1\n");
    put("/sys/class/net/wlan0/device/vendor", "0x8086\n");
    put("/sys/class/net/wlan0/wireless/x", "");
    put("/sys/class/net/docker0/address", "02:42:00:00:00:01\n");
    put("/sys/class/net/lo/address", "00:00:00:00:00:00\n");
    EXPECT_THAT(
        told(Part::adapters),
        ElementsAre(R"(adapter/enp1s0={"mac":"d8:9e:f3:11:22:33","speed_mbps":1000,"up":true,"wireless":false})",
                    R"(adapter/wlan0={"mac":"d8:9e:f3:11:22:34","up":false,"wireless":true})"));
}

// Whatever this machine is: the names are those of the table, and an installed system has a name.
TEST(ThisMachine, TellsOnlyWhatTheTableHas) {
    const auto machine = make_machine();
    wire::Observation seen;
    for (const auto part : all_parts) {
        Reading reading;
        machine->look(part, reading);
        tell_facts(part, reading, seen.facts);
        tell_lists(part, reading, seen);
    }
    for (const auto& fact : seen.facts) {
        const auto* row = wire::find_fact(fact.subject.kind, fact.name);
        ASSERT_NE(row, nullptr) << fact.name;
        EXPECT_EQ(row->producer, "inventory") << fact.name;
        EXPECT_LE(fact.name.size(), 200U + row->name.size());
    }
}

bool names_in_full(const wire::Observation& seen, std::string_view list) {
    return std::ranges::any_of(seen.whole, [&](const auto& whole) { return whole.name == list; });
}

TEST(ThisMachine, ASecondLookTellsNoListThatCannotHaveChanged) {
    asio::io_context io(1);
    Problems problems;
    const auto* kind = find_kind("inventory");
    const auto probe = kind->make_probe(testing::task_of("{ id: inventory, parts: [system, board, usb, software] }"),
                                        {io, system_clock()}, problems);
    ASSERT_TRUE(probe) << problems.text();
    const auto look = [&] { return testing::run_until_done(io, probe->run(testing::in(std::chrono::seconds{30}))); };
    const auto first = look();
    testing::expect_conform(*kind, first);
    EXPECT_EQ(first.error.en, "");
    EXPECT_TRUE(names_in_full(first, "usb/"));
    EXPECT_NE(testing::fact_of(first, wire::SubjectKind::device, "computer_name"), nullptr);
    EXPECT_EQ(testing::fact_of(first, wire::SubjectKind::device, "cpu_model"), nullptr);  // not asked for
    const auto second = look();
    EXPECT_FALSE(names_in_full(second, "usb/"));
    EXPECT_FALSE(names_in_full(second, "software/"));
    EXPECT_NE(testing::fact_of(second, wire::SubjectKind::device, "computer_name"), nullptr);
    probe->tell_all();
    EXPECT_TRUE(names_in_full(look(), "usb/"));
}

TEST(ThisMachine, APartThatThereIsNotIsAProblemWithItsPlace) {
    asio::io_context io(1);
    Problems problems;
    const auto task = testing::task_of("{ id: inventory, parts: [software, hopes] }");
    EXPECT_FALSE(find_kind("inventory")->make_probe(task, {io, system_clock()}, problems));
    EXPECT_THAT(problems.text(Language::en), HasSubstr("hopes"));
}

}  // namespace
}  // namespace vg::probes::inventory
