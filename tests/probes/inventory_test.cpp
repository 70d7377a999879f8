// The inventory's readers on texts as real machines have them, shortened, and on texts that nobody should have.
#include "probes/inventory/dpkg.hpp"
#include "probes/inventory/platform/machine.hpp"
#include "probes/inventory/system_files.hpp"
#include "probes/inventory/telling.hpp"
#include "probes/inventory/words.hpp"
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
using ::testing::Not;
using ::testing::SizeIs;

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

constexpr std::string_view status =
    "Package: bash\nEssential: yes\nStatus: install ok installed\nPriority: required\nArchitecture: amd64\n"
    "Version: 5.2.15-2+b2\nDescription: GNU Bourne Again SHell\n Status: deinstall ok config-files\n"
    " Package: not a field, but a line of the description\n\n"
    "Package: old\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1\n\n"
    "Package: libc6\nStatus: install ok installed\nArchitecture: i386\nVersion: 2.36-9\n\n"
    "Package: libc6\nStatus: hold ok half-configured\nArchitecture: amd64\nVersion: 2.36-9+deb12u9\n";

TEST(Dpkg, GivesWhatIsOnTheDisk) {
    DpkgStatus whole;
    whole.feed(status);
    const auto packages = whole.finish();
    ASSERT_THAT(packages, SizeIs(3));
    EXPECT_EQ(packages[0].name, "bash");
    EXPECT_EQ(packages[0].version, "5.2.15-2+b2");
    EXPECT_EQ(packages[2].version, "2.36-9+deb12u9");
}

TEST(Dpkg, TheCutsOfTheFileDoNotMatter) {
    for (std::size_t piece = 1; piece < 40; ++piece) {
        DpkgStatus cut;
        for (std::size_t at = 0; at < status.size(); at += piece) cut.feed(status.substr(at, piece));
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

TEST_F(Machinery, SoftwareIsNamedByArchitectureOnlyWhereThereAreTwo) {
    put("/var/lib/dpkg/status", status);
    EXPECT_THAT(told(Part::software), ElementsAre("software/bash=5.2.15-2+b2", "software/libc6:amd64=2.36-9+deb12u9",
                                                  "software/libc6:i386=2.36-9"));
}

TEST_F(Machinery, ASystemWithoutDpkgTellsNoSoftwareAtAll) {
    auto reading = look(Part::software);
    EXPECT_FALSE(reading.software);
    wire::Observation seen;
    tell_lists(Part::software, reading, seen);
    EXPECT_THAT(seen.whole, IsEmpty());
}

TEST_F(Machinery, AStampChangesWithItsFiles) {
    put("/var/lib/dpkg/status", status);
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

}  // namespace
}  // namespace vg::probes::inventory
