#pragma once
// The bytes of an ICMP echo (RFC 792) and ICMPv6 echo (RFC 4443): 8 bytes of header, 8 of cookie, then filling.
// Pure; any thread.

#include "base/bytes.hpp"

#include <optional>
#include <span>

namespace vg::probes {

constexpr std::size_t icmp_header_size = 8;
constexpr std::size_t icmp_cookie_size = 8;

struct EchoPacket {
    bool is_request = false;  // else a reply
    std::uint16_t identifier = 0;
    std::uint16_t sequence = 0;
    std::optional<std::uint64_t> cookie;  // absent when the packet was cut, as in the quote of an ICMP error
};

// Writes an echo request that fills `out` (at least 16 bytes). The ICMPv6 checksum is the kernel's business.
void write_echo_request(bool v6, std::uint16_t identifier, std::uint16_t sequence, std::uint64_t cookie,
                        std::span<std::uint8_t> out);

// Reads an echo request or reply from its ICMP header on; anything else gives nothing.
[[nodiscard]] std::optional<EchoPacket> read_echo(bool v6, ByteView packet);

// The data of an IPv4 packet behind its header; empty when it is cut.
[[nodiscard]] ByteView behind_ipv4_header(ByteView packet);

}  // namespace vg::probes
