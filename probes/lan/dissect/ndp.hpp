#pragma once
// IPv6 neighbour discovery (RFC 4861): solicitations and advertisements of neighbours and routers. Total; pure.

#include "probes/lan/dissect/ip.hpp"

#include <optional>

namespace vg::probes::lan::dissect {

enum class NdpType : std::uint8_t {
    router_solicitation = 133,
    router_advertisement = 134,
    neighbour_solicitation = 135,
    neighbour_advertisement = 136
};

struct Ndp {
    NdpType type{};
    Ip target;                          // of neighbour messages: the address that is spoken of
    Mac link_address;                   // the sender's (of an advertisement: the target's); none: not told
    std::uint16_t router_lifetime = 0;  // seconds, of a router's advertisement
    std::uint8_t flags = 0;             // of advertisements: 0x80 router or managed, 0x40 solicited or other, 0x20
};

// Only with the hop limit of 255, which proves that it comes from this link.
[[nodiscard]] std::optional<Ndp> read_ndp(const Packet& packet);

}  // namespace vg::probes::lan::dissect
