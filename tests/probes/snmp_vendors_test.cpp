// What the vendors' files make of sysDescr alone, in the forms that firmware of several generations uses.
#include "probes/snmp/identity.hpp"

#include <gtest/gtest.h>

namespace vg::probes::snmp {
namespace {

struct Form {
    Oid object;  // sysObjectID, from the vendor's number on
    const char* descr;
    const char *hardware, *version, *serial;  // "": whatever the general ways find
};

TEST(SnmpVendors, FormsOfSysDescr) {
    const Form all[] = {
        {{2636, 1, 1, 1, 2, 29},
         "Juniper Networks, Inc. mx240 internet router, kernel JUNOS 12.3R6.6, Build date: 2014-03-13",
         "mx240",
         "12.3R6.6",
         ""},
        {{2636, 1, 1, 1, 2, 57},
         "Juniper Networks, Inc. ex2200-48t-4g internet router, kernel JUNOS 12.3R12.4 #0: 2016-01-20",
         "ex2200-48t-4g",
         "12.3R12.4",
         ""},
        {{3224, 1, 28},
         "ISG 1000 version 6.3.0r17.0 (SN: 0133112006000001, Firewall+VPN)",
         "ISG 1000",
         "6.3.0r17.0",
         "0133112006000001"},
        {{12532, 254, 1, 1}, "Pulse Secure,LLC,PSA-3000,9.0R2 (build 63965)", "PSA-3000", "9.0R2", ""},
        {{12532, 255, 1, 1},
         "Pulse Secure, LLC,Pulse Connect Secure,VMware-VA-SPE,8.2R5 (build 49363)",
         "VMware-VA-SPE",
         "8.2R5",
         ""},
        {{14988, 1}, "RouterOS CCR1036-8G-2S+", "CCR1036-8G-2S+", "", ""},
        {{14988, 2}, "CSS610-8P-2S+ SwOS Lite v2.16", "CSS610-8P-2S+", "v2.16", ""},
        {{41112, 1, 5}, "EdgeOS v2.0.9-hotfix.2.5402463.210511.1317", "", "2.0.9-hotfix.2", ""},
        {{41112}, "USW-Pro-24-PoE, 6.2.14.13855, Linux 3.6.5", "USW-Pro-24-PoE", "6.2.14.13855", ""},
        {{8072, 3, 2, 10}, "U6-LR 6.5.54.14976", "U6-LR", "6.5.54.14976", ""},
        {{10002, 1},
         "EdgeSwitch 24-Port 250W, 1.8.1.5145168, Linux 3.6.5-03329b4a, 1.1.0.5102011",
         "EdgeSwitch 24-Port 250W",
         "1.8.1.5145168",
         ""},
        {{4526, 100, 10, 27},
         "M4300-52G ProSAFE 48-port 1G and 4-port 10G, 12.0.13.10, 1.0.0.11",
         "M4300-52G",
         "12.0.13.10",
         ""},
        {{4526, 100, 4, 10}, "GS108Tv2 - Smart switch 8-port Gigabit Ethernet", "GS108Tv2", "", ""},
        {{3902, 3, 100, 45},
         "ZXR10 ROS Version V4.08.23R2 ZXR10 T160G Software, Version V2.8.23.B.2.30P11",
         "ZXR10 T160G",
         "V4.08.23R2",
         ""},
        {{3902, 15, 2, 11},
         "ZTE Ethernet Switch  ZXR10 2928E-FI, Version: V2.00.15B03",
         "ZXR10 2928E-FI",
         "V2.00.15B03",
         ""},
        {{890, 1, 6}, "ZyWALL USG 300", "ZyWALL USG 300", "", ""},
        {{8886, 6, 90},
         "ROS Version 4.14.1781.(Compiled May 12 2015, 15:31:26)Copyright (c) 1998-2014",
         "",
         "4.14.1781",
         ""},
        {{4881, 1, 1, 10, 1, 92},
         "Ruijie Full Gigabit Access Switch (S2928G-E V3) By Ruijie Networks",
         "S2928G-E V3",
         "",
         ""},
        {{12325, 1, 1, 2, 1, 1},
         "pfSense fw.local 2.5.2-RELEASE FreeBSD 12.2-STABLE amd64",
         "amd64",
         "2.5.2-RELEASE",
         ""},
        {{42, 2, 200, 2, 1, 1},
         "ORACLE SERVER X5-2, ILOM v4.0.2.21.b, r123001",
         "ORACLE SERVER X5-2",
         "4.0.2.21.b",
         ""},
        {{9148, 1, 3, 2}, "Acme Packet 4600 SCZ7.4.0 MR-1 Patch 5", "Acme Packet 4600", "SCZ7.4.0 MR-1 Patch 5", ""},
        {{26543, 1, 7, 6}, "IBM Networking Operating System RackSwitch G8264", "G8264", "", ""},
        {{4329, 6, 1, 2, 1, 3},
         "Siemens, SIMATIC NET, SCALANCE X308-2, 6GK5 308-2FL00-2AA3, HW: 4, FW: V03.10.02, SVPA2063341",
         "X308-2",
         "V03.10.02",
         "VPA2063341"},
        {{16177, 2, 18, 5},
         "Westermo RedFox Industrial, primary: v4.13.2, backup: v4.11.0, bootloader: v3.02",
         "RedFox Industrial",
         "4.13.2",
         ""},
        {{641, 6, 1},
         "Lexmark MS610dn LXJPR2N version NH4.P2.N426 kernel 2.6.32 All-N-1",
         "MS610dn",
         "NH4.P2.N426",
         ""},
        {{367, 1, 1}, "SAVIN MP C3003 1.26 / SAVIN Network Printer C model", "MP C3003", "1.26", ""},
        {{236, 11, 5, 1},
         "Samsung SCX-6545 Series; V2.00.01.53 07-01-2010;Engine 1.10.76;S/N 8E36BAHB700023",
         "SCX-6545 Series",
         "2.00.01.53",
         "8E36BAHB700023"},
        {{253, 8, 62, 1},
         "Xerox WorkCentre 7545 v1; System 061.121.221.23900, ESS 061.121.23900",
         "WorkCentre 7545",
         "061.121.221.23900",
         ""},
        {{2606, 4}, "Rittal CMC-TC/PU2 SN 07627 HW V3.10 - SW V2.60", "CMC-TC/PU2", "2.60", "07627"},
        {{30826, 1}, "SmartOptics, M-Series M-1601 R2A, SmartOS v2.4.14", "M-1601", "2.4.14", ""},
        {{5596, 150, 6, 4, 1},
         "Cisco Codec SoftW: ce9.15.0 MCU: Cisco TelePresence Room Kit Date: 2020-01-01 S/N: FOC2034X",
         "Cisco TelePresence Room Kit",
         "ce9.15.0",
         "FOC2034X"},
        {{119, 2, 3, 84, 1},
         "NEC Portable Internetwork Core Operating System Software, IX Series IX2215 Software, Version 10.2.16, "
         "RELEASE",
         "IX2215",
         "10.2.16",
         ""},
        {{33049, 1, 1, 1, 2010}, "Mellanox MSN2010,Onyx,SWv3.9.1014", "MSN2010", "3.9.1014", ""},
        {{2356, 11, 8, 1},
         "LANCOM 1781VA 9.24.0079 / 16.03.2016 4002012345678912",
         "1781VA",
         "9.24.0079",
         "4002012345678912"},
        {{8072, 3, 2, 10},
         "SONiC Software Version: SONiC.202012.5-1a2b - HwSku: Accton-AS7726-32X - Distribution: Debian 10.9",
         "Accton-AS7726-32X",
         "202012.5-1a2b",
         ""},
        {{11898, 2, 4, 9},
         "Tsunami MP-8100-BSU-WD-v2.6.2(140) SN-12UI01234567 BL-v1.3.1",
         "Tsunami MP-8100-BSU-WD",
         "2.6.2(140)",
         "12UI01234567"},
        {{388, 50, 1, 1, 35}, "AP7532 Access Point, Version 5.8.1.0-016R MIB=01a", "AP7532", "5.8.1.0-016R", ""},
        {{9694, 1, 5}, "Peakflow TMS 8.4 Model: TMS-HD1000 Serial: AB12", "TMS-HD1000", "8.4", "AB12"},
    };
    for (const auto& form : all) {
        Evidence e;
        e.object_id = Oid{1, 3, 6, 1, 4, 1};
        e.object_id->insert(e.object_id->end(), form.object.begin(), form.object.end());
        e.descr = form.descr;
        const auto who = identify(e);
        const std::pair<std::string, std::string> parts[] = {
            {who.hardware, form.hardware}, {who.version, form.version}, {who.serial, form.serial}};
        for (const auto& [said, wanted] : parts)
            EXPECT_TRUE(wanted.empty() || said == wanted) << form.descr << "\n  said: " << said;
    }
}

}  // namespace
}  // namespace vg::probes::snmp
