#pragma once
// DHCPv6 (RFC 8415), through up to four relays. Views into the frame. Total; pure; any thread.

#include "probes/lan/dissect/address.hpp"

#include <array>
#include <optional>
#include <string>

namespace vg::probes::lan::dissect {

struct Dhcp6Address {
    Ip ip;
    std::uint32_t valid_seconds = 0;
    std::uint8_t prefix = 0;  // of a delegated prefix; 0: an address
};

struct Dhcp6 {
    std::uint8_t type = 0;  // 1 solicit, 2 advertise, 3 request, 7 reply ...
    bool is_relayed = false;
    Mac client;                                             // told by a relay (RFC 6939); none: not told
    Ip peer;                                                // the client's address as the innermost relay saw it
    ByteView client_duid, server_duid, full_name, options;  // 1, 2, 39 (with flags), 6
    ByteView vendor_class;                                  // 16, first text
    std::uint32_t enterprise = 0;                           // 16
    std::array<Dhcp6Address, 8> addresses;
    std::size_t address_count = 0;
    // Of a server: what it tells is the client's for now.
    [[nodiscard]] bool is_reply() const { return type == 7; }
    [[nodiscard]] bool is_from_server() const { return type == 2 || type == 7 || type == 10; }
};

[[nodiscard]] std::optional<Dhcp6> read_dhcp6(ByteView bytes);
// The Ethernet address in a DUID of the kinds LLT and LL; none otherwise. Often another card's than the one that
// speaks.
[[nodiscard]] Mac duid_mac(ByteView duid);
// Option 39 as text (RFC 4704).
[[nodiscard]] std::string full_name6_text(ByteView option);
// The options that a client asks for, "23,24".
[[nodiscard]] std::string fingerprint6_text(ByteView options);

}  // namespace vg::probes::lan::dissect
