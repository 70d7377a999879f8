#include "probes/lan/dissect/dissect.hpp"

#include "probes/lan/dissect/cursor.hpp"

namespace vg::probes::lan::dissect {
namespace {

namespace port {
constexpr std::uint16_t dhcp_server = 67, dhcp_client = 68, nbns = 137, dhcp6_client = 546, dhcp6_server = 547,
                        ssdp = 1900, boot_server = 4011, mdns = 5353, llmnr = 5355;
}

constexpr std::uint8_t protocol_gre = 47;

template <class Message, class Tell>
void when(const std::optional<Message>& message, Tell&& tell) {
    if (message) tell(*message);
}

void read_datagram(const Frame& frame, const Packet& packet, Listener& listener) {
    Datagram datagram;
    if (!read_udp(packet, datagram)) return;
    const auto bytes = datagram.payload;
    const auto has = [&datagram](std::uint16_t number) { return datagram.has_port(number); };
    if (has(port::mdns))
        listener.on_mdns(frame, packet, bytes);
    else if (has(port::llmnr))
        listener.on_llmnr(frame, packet, bytes);
    else if (has(port::nbns))
        when(read_nbns(bytes), [&](const Nbns& m) { listener.on_nbns(frame, packet, m); });
    else if (has(port::ssdp))
        when(read_ssdp(bytes), [&](const Ssdp& m) { listener.on_ssdp(frame, packet, m); });
    else if (has(port::dhcp_server) || has(port::dhcp_client) || has(port::boot_server))
        when(read_dhcp4(bytes), [&](const Dhcp4& m) { listener.on_dhcp4(frame, packet, m); });
    else if (has(port::dhcp6_client) || has(port::dhcp6_server))
        when(read_dhcp6(bytes), [&](const Dhcp6& m) { listener.on_dhcp6(frame, packet, m); });
}

// Routers announce themselves through their tunnels, too (RFC 2784, RFC 2890). Who sends the frame is not who speaks.
void read_tunnel(const Frame& frame, const Packet& packet, Listener& listener) {
    Cursor in(packet.payload);
    const auto flags = in.u16(), type = in.u16();
    for (const unsigned optional : {0x8000U, 0x2000U, 0x1000U})  // checksum, key, sequence
        if ((flags & optional) != 0) in.skip(4);
    if (!in.ok() || type != 0x2000 || (flags & 7) != 0) return;
    auto outer = frame;
    outer.source = {};
    when(read_cdp(in.rest()), [&](const Announcement& m) { listener.on_cdp(outer, m); });
}

}  // namespace

void dissect(int link_type, ByteView bytes, Listener& listener) {
    Frame frame;
    if (!read_link(link_type, bytes, frame)) return;
    listener.on_frame(frame);
    Packet packet;
    switch (frame.kind) {
        case Payload::other: return;
        case Payload::arp: return when(read_arp(frame.payload), [&](const Arp& m) { listener.on_arp(frame, m); });
        case Payload::ipv4:
            if (!read_ipv4(frame.payload, packet)) return;
            if (packet.protocol == protocol_gre && !packet.is_later_fragment)
                return read_tunnel(frame, packet, listener);
            return read_datagram(frame, packet, listener);
        case Payload::ipv6:
            if (!read_ipv6(frame.payload, packet)) return;
            if (const auto ndp = read_ndp(packet)) return listener.on_ndp(frame, packet, *ndp);
            return read_datagram(frame, packet, listener);
        case Payload::lldp:
            return when(read_lldp(frame.payload), [&](const Announcement& m) { listener.on_lldp(frame, m); });
        case Payload::cdp:
            return when(read_cdp(frame.payload), [&](const Announcement& m) { listener.on_cdp(frame, m); });
        case Payload::stp: return when(read_stp(frame.payload), [&](const Stp& m) { listener.on_stp(frame, m); });
    }
}

}  // namespace vg::probes::lan::dissect
