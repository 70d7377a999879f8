#pragma once
// IPv4 (RFC 791), IPv6 with its extension headers (RFC 8200) and UDP (RFC 768). Of a fragmented packet the first piece
// is read as far as it goes; later pieces say so. Total; pure; any thread.

#include "probes/lan/dissect/address.hpp"

namespace vg::probes::lan::dissect {

struct Packet {
    Ip source, target;
    std::uint8_t protocol = 0;       // IANA number: 17 UDP, 58 ICMPv6
    std::uint8_t hops = 0;           // time to live
    bool is_later_fragment = false;  // no header of the next layer in it
    ByteView payload;                // without the link's padding; shorter than told where the capture cut it
};

struct Datagram {
    std::uint16_t source_port = 0, target_port = 0;
    ByteView payload;
    [[nodiscard]] bool has_port(std::uint16_t port) const { return source_port == port || target_port == port; }
};

[[nodiscard]] bool read_ipv4(ByteView bytes, Packet& packet);
[[nodiscard]] bool read_ipv6(ByteView bytes, Packet& packet);
[[nodiscard]] bool read_udp(const Packet& packet, Datagram& datagram);

}  // namespace vg::probes::lan::dissect
