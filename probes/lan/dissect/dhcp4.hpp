#pragma once
// BOOTP and DHCPv4 (RFC 951, RFC 2131, RFC 2132), options in overloaded fields included. Views into the frame. Total.

#include "probes/lan/dissect/address.hpp"

#include <optional>

namespace vg::probes::lan::dissect {

enum class Dhcp4Type : std::uint8_t {
    bootp = 0,
    discover = 1,
    offer = 2,
    request = 3,
    decline = 4,
    acknowledge = 5,
    refuse = 6,
    release = 7,
    inform = 8
};

struct Dhcp4 {
    bool is_reply = false;  // from a server
    Dhcp4Type type{};
    Mac client;                                 // none when it is no Ethernet address
    Ip client_ip, your_ip, next_server, relay;  // ciaddr, yiaddr, siaddr, giaddr; 0.0.0.0 stays
    Ip requested, server;                       // options 50 and 54; none: not told
    std::uint32_t lease_seconds = 0, renewal_seconds = 0, rebinding_seconds = 0;      // options 51, 58, 59
    ByteView host_name, vendor_class, client_id, parameters, domain_name, full_name;  // 12, 60, 61, 55, 15, 81
};

[[nodiscard]] std::optional<Dhcp4> read_dhcp4(ByteView bytes);
// The name in option 81 (RFC 4702): text, or labels as in DNS. Empty when it is too short.
[[nodiscard]] std::string full_name_text(ByteView option);
// "1,3,6,15": the parameters a client asks for, in its order, which tells its make.
[[nodiscard]] std::string fingerprint_text(ByteView parameters);

}  // namespace vg::probes::lan::dissect
