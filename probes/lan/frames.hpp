#pragma once
// What one frame on the LAN says about who is there: ARP (RFC 826), DHCPv4 (RFC 2131) and IPv6 neighbour discovery
// (RFC 4861) in Ethernet, with or without 802.1Q tags. Total: any bytes give a sighting or nothing. Pure; any thread.

#include "base/bytes.hpp"

#include <optional>
#include <string>

namespace vg::probes::lan {

enum class Source : std::uint8_t { arp, dhcp, ndp };

struct Sighting {
    std::string mac;           // "aa:bb:cc:dd:ee:ff"
    std::string ip;            // empty: not told
    std::string host_name;     // DHCP option 12; empty: not told
    std::string vendor_class;  // DHCP option 60
    std::uint16_t vlan = 0;    // 0: untagged
    Source source{};
};

[[nodiscard]] std::optional<Sighting> dissect_ethernet(ByteView frame);

}  // namespace vg::probes::lan
