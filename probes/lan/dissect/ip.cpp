#include "probes/lan/dissect/ip.hpp"

#include "probes/lan/dissect/cursor.hpp"

namespace vg::probes::lan::dissect {
namespace {

constexpr int most_extensions = 8;
constexpr std::uint8_t hop_by_hop = 0, routing = 43, fragment = 44, authentication = 51, destination = 60, udp = 17;

}  // namespace

bool read_ipv4(ByteView bytes, Packet& packet) {
    packet = {};
    Cursor in(bytes);
    const auto first = in.u8();
    in.skip(1);
    const std::size_t total = in.u16(), header = static_cast<std::size_t>(first & 15) * 4;
    in.skip(2);
    const auto place = in.u16();
    packet.hops = in.u8();
    packet.protocol = in.u8();
    in.skip(2);
    packet.source = ip_of(in.take(4));
    packet.target = ip_of(in.take(4));
    if (!in.ok() || first >> 4 != 4 || header < 20) return false;
    in.skip(header - 20);
    if (!in.ok() || (total != 0 && total < header)) return false;
    packet.is_later_fragment = (place & 0x1fff) != 0;
    // A length of zero is what segmentation by the card leaves behind.
    packet.payload = total == 0 ? in.rest() : in.take_up_to(total - header);
    return true;
}

bool read_ipv6(ByteView bytes, Packet& packet) {
    packet = {};
    Cursor in(bytes);
    const auto first = in.u8();
    in.skip(3);
    const auto length = in.u16();
    auto next = in.u8();
    packet.hops = in.u8();
    packet.source = ip_of(in.take(16));
    packet.target = ip_of(in.take(16));
    if (!in.ok() || first >> 4 != 6) return false;
    if (length != 0) in = Cursor(in.take_up_to(length));
    for (int n = 0; n < most_extensions; ++n) {
        if (next == fragment) {
            next = in.u8();
            in.skip(1);
            if ((in.u16() & 0xfff8) != 0) packet.is_later_fragment = true;
            in.skip(4);
        } else if (next == hop_by_hop || next == routing || next == destination || next == authentication) {
            const bool is_authentication = next == authentication;
            next = in.u8();
            const std::size_t size = in.u8();
            in.skip(is_authentication ? size * 4 + 6 : size * 8 + 6);
        } else {
            break;
        }
        if (!in.ok()) return false;
        if (packet.is_later_fragment) break;
    }
    packet.protocol = next;
    packet.payload = in.rest();
    return true;
}

bool read_udp(const Packet& packet, Datagram& datagram) {
    if (packet.protocol != udp || packet.is_later_fragment) return false;
    Cursor in(packet.payload);
    datagram.source_port = in.u16();
    datagram.target_port = in.u16();
    const std::size_t length = in.u16();
    in.skip(2);
    if (!in.ok() || (length != 0 && length < 8)) return false;
    datagram.payload = length == 0 ? in.rest() : in.take_up_to(length - 8);
    return true;
}

}  // namespace vg::probes::lan::dissect
