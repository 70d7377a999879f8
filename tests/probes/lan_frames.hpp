#pragma once
// Frames of our own making for the tests of the LAN, written as their bytes or put together from parts, and capture
// files that hold them.

#include "base/bytes.hpp"
#include "base/crypto.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vg::probes::testing {

inline Bytes from_hex(std::string_view text) {
    std::string hex;
    for (const char c : text)
        if (c != ' ') hex += c;
    return *crypto::from_hex(hex);
}

inline std::string hex_of(std::string_view text) {
    constexpr auto digits = "0123456789abcdef";
    std::string out;
    for (const char c : text) {
        out += digits[static_cast<std::uint8_t>(c) >> 4];
        out += digits[static_cast<std::uint8_t>(c) & 15];
    }
    return out;
}

inline std::string hex16(std::size_t v) { return hex_of(std::string{static_cast<char>(v >> 8), static_cast<char>(v)}); }
inline std::string hex8(std::size_t v) { return hex_of(std::string(1, static_cast<char>(v))); }
inline std::string zeros(std::size_t n) { return std::string(n * 2, '0'); }
inline std::size_t size_of(std::string_view hex) { return from_hex(hex).size(); }

inline std::string udp(std::string_view from_mac, std::string_view from_ip, std::string_view to_ip, std::size_t from,
                       std::size_t to, const std::string& payload) {
    const auto size = size_of(payload);
    return "ffffffffffff" + std::string(from_mac) + "0800 4500" + hex16(size + 28) + "00000000 ff11 0000" +
           std::string(from_ip) + std::string(to_ip) + hex16(from) + hex16(to) + hex16(size + 8) + "0000" + payload;
}

// A name in labels: "may-1.local".
inline std::string labels(std::string_view name) {
    std::string out;
    while (!name.empty()) {
        const auto dot = name.find('.');
        const auto label = name.substr(0, dot);
        out += hex8(label.size()) + hex_of(label);
        name = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
    }
    return out + "00";
}

inline std::string record(const std::string& name, std::size_t type, const std::string& data) {
    return name + hex16(type) + "0001 00000078" + hex16(size_of(data)) + data;
}

// NetBIOS' first-level encoding.
inline std::string netbios(std::string name, char suffix) {
    name.resize(15, ' ');
    name += suffix;
    std::string out;
    for (const char c : name) {
        out += static_cast<char>('A' + (static_cast<std::uint8_t>(c) >> 4));
        out += static_cast<char>('A' + (c & 15));
    }
    return "20" + hex_of(out) + "00";
}

inline std::string option(std::size_t code, const std::string& data) { return hex8(code) + hex8(size_of(data)) + data; }
inline std::string option6(std::size_t code, const std::string& data) {
    return hex16(code) + hex16(size_of(data)) + data;
}
inline std::string tlv(std::size_t kind, const std::string& data) { return hex16(kind << 9 | size_of(data)) + data; }
inline std::string cdp_field(std::size_t kind, const std::string& data) {
    return hex16(kind) + hex16(size_of(data) + 4) + data;
}

inline std::string dhcp(const std::string& operation, const std::string& client, const std::string& yours,
                        const std::string& options) {
    return udp("02aabbccdd03", "0a000003", "ffffffff", 68, 67,
               operation + "01 06 00 12345678 0000 0000" + client + yours + zeros(8) + "02aabbccdd03" +
                   zeros(10 + 64 + 128) + "63825363" + options + "ff");
}

namespace frames {
inline const std::string arp_body = "0001 0800 06 04 0002 02aabbccdd01 0a00000a 02aabbccdd02 0a000001";
inline const std::string arp = "ffffffffffff 02aabbccdd01 0806" + arp_body;
inline const std::string tagged = "ffffffffffff 02aabbccdd01 8100 000c 0806" + arp_body;
inline const std::string twice_tagged = "ffffffffffff 02aabbccdd01 88a8 0064 8100 000c 0806" + arp_body;
inline const std::string advertisement =
    "333300000001 02aabbccdd05 86dd 60000000 0020 3a ff fe80000000000000000000fffe000005 "
    "ff020000000000000000000000000001 88 00 0000 20000000 20010db8000000000000000000000005 02 01 02aabbccdd05";
inline const std::string dhcp_request =
    dhcp("01", "00000000", "00000000",
         option(53, "03") + option(50, "0a000033") + option(12, hex_of("may-1")) + option(55, "0103060f") +
             option(60, hex_of("MSFT 5.0")) + option(61, "0102aabbccdd03"));
inline const std::string dhcp_ack =
    dhcp("02", "00000000", "0a000033", option(53, "05") + option(54, "0a000001") + option(51, "00000e10"));
inline const std::string dhcp6_request =
    "333300010002 02aabbccdd06 86dd 60000000" +
    hex16(8 + 4 + size_of(option6(1, "0003000102aabbccdd06") + option6(39, "00" + labels("may-6.xa.vn")))) +
    "11 01 fe80000000000000000000fffe000006 ff020000000000000000000000010002 0222 0223" +
    hex16(8 + 4 + size_of(option6(1, "0003000102aabbccdd06") + option6(39, "00" + labels("may-6.xa.vn")))) +
    "0000 03000001" + option6(1, "0003000102aabbccdd06") + option6(39, "00" + labels("may-6.xa.vn"));
inline const std::string mdns = udp("02aabbccdd07", "0a000007", "e00000fb", 5353, 5353,
                                    "0000 8400 0000 0002 0000 0001" + record(labels("may-in.local"), 1, "0a000007") +
                                        record(labels("_ipp._tcp.local"), 12, "0c" + hex_of("May in VP 02") + "c028") +
                                        record("c00c", 28, "fe80000000000000000000fffe000007"));
inline const std::string llmnr =
    udp("02aabbccdd08", "0a000008", "0a000009", 5355, 50000,
        "0001 8000 0001 0001 0000 0000" + labels("ketoan") + "0001 0001" + record("c00c", 1, "0a000008"));
inline const std::string nbns =
    udp("02aabbccdd09", "0a000009", "0a0000ff", 137, 137,
        "0001 2910 0001 0000 0000 0001" + netbios("KETOAN-01", 0) + "0020 0001" + record("c00c", 32, "0000 0a000009"));
inline const std::string ssdp =
    udp("02aabbccdd0a", "0a00000b", "effffffa", 1900, 1900,
        hex_of("NOTIFY * HTTP/1.1\r\nHost: 239.255.255.250:1900\r\nNT: urn:schemas-upnp-org:device:Printer:1\r\n"
               "NTS: ssdp:alive\r\nLocation: http://10.0.0.11/d.xml\r\nServer: Linux/4.4 UPnP/1.0 Printer/2\r\n\r\n"));
inline const std::string lldp_body = tlv(1, "04 02aabbccdd0b") + tlv(2, "05" + hex_of("ge-0/0/1")) + tlv(3, "0078") +
                                     tlv(5, hex_of("sw-xa-01")) + tlv(6, hex_of("Switch OS 1.2")) +
                                     tlv(8, "05 01 0a0000fe 02 00000001 00") + tlv(127, "0080c2 01 0014") + "0000";
inline const std::string lldp = "0180c200000e 02aabbccdd0b 88cc" + lldp_body;
inline const std::string cdp_body = "02 b4 0000" + cdp_field(1, hex_of("sw-huyen")) + cdp_field(3, hex_of("Gi0/1")) +
                                    cdp_field(6, hex_of("WS-C2960")) + cdp_field(0x0a, "000a") +
                                    cdp_field(2, "00000001 01 01 cc 0004 0a0000fd");
inline const std::string cdp =
    "01000ccccccc 02aabbccdd0c" + hex16(size_of(cdp_body) + 8) + "aaaa03 00000c 2000" + cdp_body;
inline const std::string stp =
    "0180c2000000 02aabbccdd0d 0026 424203 0000 02 02 7c 8000 02aabbccdd0e 00000004 8001 "
    "02aabbccdd0d 8003 0100 1400 0200 0f00";
inline const std::vector<std::string> all{arp,           tagged, twice_tagged, advertisement, dhcp_request, dhcp_ack,
                                          dhcp6_request, mdns,   llmnr,        nbns,          ssdp,         lldp,
                                          cdp,           stp};
}  // namespace frames

class CaptureFile {
public:
    explicit CaptureFile(const std::vector<std::string>& hex_frames, std::uint32_t link_type = 1)
        : path_(std::filesystem::temp_directory_path() / ("vg-lan-" + crypto::random_text(8) + ".pcap")) {
        Bytes out;
        Writer w(out);
        for (const std::uint32_t v : {0xa1b2c3d4u, 0x00040002u, 0u, 0u, 65535u, link_type}) w.fixed32(v);
        for (const auto& hex : hex_frames) {
            const auto frame = from_hex(hex);
            const auto size = static_cast<std::uint32_t>(frame.size());
            for (const std::uint32_t v : {0u, 0u, size, size}) w.fixed32(v);
            w.bytes(frame);
        }
        std::ofstream(path_, std::ios::binary)
            .write(reinterpret_cast<const char*>(out.data()), static_cast<long>(out.size()));
    }
    ~CaptureFile() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    CaptureFile(const CaptureFile&) = delete;
    CaptureFile& operator=(const CaptureFile&) = delete;
    [[nodiscard]] std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

}  // namespace vg::probes::testing
