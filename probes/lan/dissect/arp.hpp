#pragma once
// ARP over Ethernet for IPv4 (RFC 826, RFC 5227). Total; pure; any thread.

#include "probes/lan/dissect/address.hpp"

#include <optional>

namespace vg::probes::lan::dissect {

struct Arp {
    std::uint16_t operation = 0;  // 1 request, 2 reply
    Mac sender, target;
    Ip sender_ip, target_ip;  // a sender of 0.0.0.0 asks whether an address is free
};

[[nodiscard]] std::optional<Arp> read_arp(ByteView bytes);

}  // namespace vg::probes::lan::dissect
