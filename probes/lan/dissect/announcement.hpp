#pragma once
// What a switch, router or phone says of itself on a port by LLDP (IEEE 802.1AB) or CDP, in one form. Views into the
// frame; an identifier that is no text keeps its kind beside it. Pure; any thread.

#include "probes/lan/dissect/address.hpp"

#include <array>
#include <optional>
#include <string>

namespace vg::probes::lan::dissect {

enum class IdKind : std::uint8_t { text, mac, ip, bytes };

struct Identifier {
    IdKind kind = IdKind::text;
    ByteView raw;  // of an IP address: without the byte that tells its family
};

// "aa:bb:..", "10.0.0.1", a clean text, or hexadecimal digits with colons.
[[nodiscard]] std::string to_text(const Identifier& id);

struct Announcement {
    Identifier chassis, port;
    std::uint16_t seconds_to_live = 0;                       // 0: it goes away
    ByteView port_description, name, description, platform;  // texts; CDP: description is the software's version
    ByteView serial;                                         // LLDP-MED inventory
    std::array<Ip, 8> addresses;                             // of its management
    std::size_t address_count = 0;
    std::uint16_t vlan = 0;  // untagged VLAN of the port; 0: not told
    std::uint32_t capabilities = 0;
    void add(const Ip& ip) {
        if (ip.size != 0 && address_count < addresses.size()) addresses[address_count++] = ip;
    }
};

// Without the chassis', the port's and the lifetime's TLV, in this order, it is no LLDP.
[[nodiscard]] std::optional<Announcement> read_lldp(ByteView bytes);
[[nodiscard]] std::optional<Announcement> read_cdp(ByteView bytes);

}  // namespace vg::probes::lan::dissect
