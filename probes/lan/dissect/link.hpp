#pragma once
// The link layer: who sent a frame to whom, in which VLAN, and what lies inside. Ethernet II, 802.3 with LLC and SNAP,
// 802.1Q and QinQ, data of 802.11, and what captures on other interfaces begin with. Total; pure; any thread.

#include "probes/lan/dissect/address.hpp"

namespace vg::probes::lan::dissect {

// Numbers as libpcap's DLT_ on Linux, so that its owner passes on what it was told.
enum class LinkType : int {
    null = 0,
    ethernet = 1,
    raw = 12,
    raw_file = 101,
    cisco_hdlc = 104,
    wireless = 105,
    loop = 108,
    linux_sll = 113,
    wireless_radiotap = 127,
    ipv4 = 228,
    ipv6 = 229,
    linux_sll2 = 276,
};

enum class Payload : std::uint8_t { other, arp, ipv4, ipv6, lldp, cdp, stp };

struct Frame {
    Mac source, target;      // none where the link has no such addresses
    std::uint16_t vlan = 0;  // the innermost tag; 0: untagged
    Payload kind = Payload::other;
    ByteView payload;  // cut to the length that the frame tells, so without padding where that is known
};

[[nodiscard]] bool is_known(int link_type);
// False: unknown link type, or too short to hold its header.
[[nodiscard]] bool read_link(int link_type, ByteView bytes, Frame& frame);

}  // namespace vg::probes::lan::dissect
