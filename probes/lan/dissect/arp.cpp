#include "probes/lan/dissect/arp.hpp"

#include "probes/lan/dissect/cursor.hpp"

namespace vg::probes::lan::dissect {

std::optional<Arp> read_arp(ByteView bytes) {
    Cursor in(bytes);
    const auto hardware = in.u16(), protocol = in.u16();
    const auto hardware_size = in.u8(), protocol_size = in.u8();
    Arp arp;
    arp.operation = in.u16();
    arp.sender = mac_of(in.take(6));
    arp.sender_ip = ip_of(in.take(4));
    arp.target = mac_of(in.take(6));
    arp.target_ip = ip_of(in.take(4));
    const bool is_ethernet = hardware == 1 || hardware == 6;  // 6: IEEE 802 networks
    if (!in.ok() || !is_ethernet || protocol != 0x0800 || hardware_size != 6 || protocol_size != 4) return std::nullopt;
    return arp;
}

}  // namespace vg::probes::lan::dissect
