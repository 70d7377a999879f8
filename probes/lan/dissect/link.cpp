#include "probes/lan/dissect/link.hpp"

#include "probes/lan/dissect/cursor.hpp"
#include "probes/lan/dissect/wireless.hpp"

namespace vg::probes::lan::dissect {
namespace {

constexpr int most_tags = 4;
constexpr std::uint16_t least_type = 0x0600;  // below it the field is a length (IEEE 802.3)
constexpr std::uint16_t hardware_ethernet = 1;
constexpr std::uint32_t snap_ethernet = 0, snap_cisco = 0x00000c, snap_bridge_tunnel = 0x0000f8;

bool is_tag(std::uint16_t type) { return type == 0x8100 || type == 0x88a8 || type == 0x9100; }

Payload kind_of(std::uint16_t type) {
    switch (type) {
        case 0x0800: return Payload::ipv4;
        case 0x0806: return Payload::arp;
        case 0x86dd: return Payload::ipv6;
        case 0x88cc: return Payload::lldp;
        default: return Payload::other;
    }
}

// IEEE 802.2: spanning tree has an LLC address of its own, Cisco's protocols stand behind SNAP.
void read_llc(Cursor in, Frame& frame) {
    const auto target = in.u8(), source = in.u8(), control = in.u8();
    if (target == 0x42 && source == 0x42 && control == 3) frame.kind = Payload::stp;
    if (target == 0xaa && source == 0xaa && control == 3) {
        const std::uint32_t high = in.u8();
        const auto organisation = (high << 16) | in.u16();
        const auto protocol = in.u16();
        if (organisation == snap_ethernet || organisation == snap_bridge_tunnel) frame.kind = kind_of(protocol);
        if (organisation == snap_cisco && protocol == 0x2000) frame.kind = Payload::cdp;
        if (organisation == snap_cisco && protocol == 0x010b) frame.kind = Payload::stp;  // one tree for each VLAN
    }
    frame.payload = in.rest();
}

// A type or a length, behind any number of tags; then what it announces.
bool read_typed(Cursor in, std::uint16_t type, Frame& frame) {
    for (int tags = 0; tags < most_tags && is_tag(type); ++tags) {
        frame.vlan = static_cast<std::uint16_t>(in.u16() & 0x0fff);
        type = in.u16();
    }
    if (!in.ok()) return false;
    if (type >= least_type) {
        frame.kind = kind_of(type);
        frame.payload = in.rest();
    } else {
        read_llc(Cursor(in.take_up_to(type)), frame);
    }
    return true;
}

bool read_ethernet(Cursor in, Frame& frame) {
    frame.target = mac_of(in.take(6));
    frame.source = mac_of(in.take(6));
    return read_typed(in, in.u16(), frame);
}

Payload ip_version(ByteView packet) {
    if (packet.empty()) return Payload::other;
    return packet[0] >> 4 == 4 ? Payload::ipv4 : packet[0] >> 4 == 6 ? Payload::ipv6 : Payload::other;
}

bool read_raw(Cursor in, Frame& frame) {
    frame.payload = in.rest();
    frame.kind = ip_version(frame.payload);
    return true;
}

// The address family of the machine that captured, in its byte order: its number says little, the packet itself all.
bool read_null(Cursor in, Frame& frame) {
    in.skip(4);
    return in.ok() && read_raw(in, frame);
}

// "cooked": a capture on all interfaces at once. 1 and 4 stand for frames without a type.
bool read_cooked(Cursor in, std::uint16_t type, std::uint16_t hardware, ByteView address, Frame& frame) {
    if (!in.ok()) return false;
    if (hardware == hardware_ethernet) frame.source = mac_of(address);
    if (type == 4) {
        read_llc(in, frame);
        return true;
    }
    return type < least_type || read_typed(in, type, frame);
}

// Cisco's HDLC: an address, a control byte, then a type as in Ethernet.
bool read_hdlc(Cursor in, Frame& frame) {
    in.skip(2);
    const auto type = in.u16();
    if (!in.ok()) return false;
    frame.kind = type == 0x2000 ? Payload::cdp : kind_of(type);
    frame.payload = in.rest();
    return true;
}

bool read_air(const WirelessData& data, Frame& frame) {
    frame.source = data.source;
    frame.target = data.target;
    read_llc(Cursor(data.payload), frame);
    return true;
}

bool read_sll(Cursor in, Frame& frame) {
    in.skip(2);
    const auto hardware = in.u16(), size = in.u16();
    const auto address = in.take(8);
    const auto type = in.u16();
    return read_cooked(in, type, hardware, size == 6 ? address.first(address.size() < 6 ? 0 : 6) : ByteView{}, frame);
}

bool read_sll2(Cursor in, Frame& frame) {
    const auto type = in.u16();
    in.skip(2 + 4);
    const auto hardware = in.u16();
    in.skip(1);
    const auto size = in.u8();
    const auto address = in.take(8);
    return read_cooked(in, type, hardware, size == 6 ? address.first(address.size() < 6 ? 0 : 6) : ByteView{}, frame);
}

}  // namespace

bool is_known(int link_type) {
    switch (static_cast<LinkType>(link_type)) {
        case LinkType::null:
        case LinkType::ethernet:
        case LinkType::raw:
        case LinkType::raw_file:
        case LinkType::cisco_hdlc:
        case LinkType::wireless:
        case LinkType::loop:
        case LinkType::linux_sll:
        case LinkType::wireless_radiotap:
        case LinkType::ipv4:
        case LinkType::ipv6:
        case LinkType::linux_sll2: return true;
    }
    return false;
}

bool read_link(int link_type, ByteView bytes, Frame& frame) {
    frame = {};
    const Cursor in(bytes);
    switch (static_cast<LinkType>(link_type)) {
        case LinkType::ethernet: return read_ethernet(in, frame);
        case LinkType::null:
        case LinkType::loop: return read_null(in, frame);
        case LinkType::raw:
        case LinkType::raw_file:
        case LinkType::ipv4:
        case LinkType::ipv6: return read_raw(in, frame);
        case LinkType::cisco_hdlc: return read_hdlc(in, frame);
        case LinkType::wireless:
        case LinkType::wireless_radiotap: {
            const auto data =
                link_type == static_cast<int>(LinkType::wireless) ? read_wireless(bytes) : read_radiotap(bytes);
            return data && read_air(*data, frame);
        }
        case LinkType::linux_sll: return read_sll(in, frame);
        case LinkType::linux_sll2: return read_sll2(in, frame);
    }
    return false;
}

}  // namespace vg::probes::lan::dissect
