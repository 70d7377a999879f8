#include "probes/lan/frames.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>

namespace vg::probes::lan {
namespace {

constexpr std::uint16_t ipv4_type = 0x0800, arp_type = 0x0806, ipv6_type = 0x86dd, vlan_type = 0x8100,
                        qinq_type = 0x88a8;

// Big-endian reader that fails for good when it runs over the end.
class Cursor {
public:
    explicit Cursor(ByteView bytes) : bytes_(bytes) {}
    std::uint8_t u8() { return take(1).empty() ? std::uint8_t{0} : bytes_[at_ - 1]; }
    std::uint16_t u16() {
        const auto high = u8();
        return static_cast<std::uint16_t>((high << 8) | u8());
    }
    std::uint32_t u32() {
        const auto high = u16();
        return (static_cast<std::uint32_t>(high) << 16) | u16();
    }
    ByteView take(std::size_t n) {
        if (!ok_ || n > bytes_.size() - at_) {
            ok_ = false;
            return {};
        }
        at_ += n;
        return bytes_.subspan(at_ - n, n);
    }
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }

private:
    ByteView bytes_;
    std::size_t at_ = 0;
    bool ok_ = true;
};

// Empty for addresses that no single machine has: group, all zero.
std::string mac_text(ByteView raw) {
    if (raw.size() != 6 || (raw[0] & 1) != 0) return {};
    if (std::all_of(raw.begin(), raw.end(), [](std::uint8_t b) { return b == 0; })) return {};
    constexpr auto digits = "0123456789abcdef";
    std::string out;
    for (const auto byte : raw) {
        if (!out.empty()) out += ':';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

std::string v4_text(ByteView raw) {
    if (raw.size() != 4) return {};
    const boost::asio::ip::address_v4 address({raw[0], raw[1], raw[2], raw[3]});
    if (address.is_unspecified() || address.is_multicast() || raw[0] == 255 || raw[0] == 127) return {};
    return address.to_string();
}

std::string v6_text(ByteView raw) {
    if (raw.size() != 16) return {};
    boost::asio::ip::address_v6::bytes_type bytes;
    std::copy(raw.begin(), raw.end(), bytes.begin());
    const boost::asio::ip::address_v6 address(bytes);
    if (address.is_unspecified() || address.is_multicast() || address.is_loopback()) return {};
    return address.to_string();
}

// Names come from strangers: printable ASCII only, at most 64.
std::string name_text(ByteView raw) {
    std::string out;
    for (const auto byte : raw) {
        if (byte == 0 || out.size() == 64) break;
        out += byte > 0x20 && byte < 0x7f ? static_cast<char>(byte) : '?';
    }
    return out;
}

std::optional<Sighting> dissect_arp(Cursor in) {
    const auto hardware = in.u16(), protocol = in.u16();
    const auto hardware_size = in.u8(), protocol_size = in.u8();
    (void)in.u16();  // request or reply: the sender speaks for itself in both
    const auto mac = in.take(6), ip = in.take(4);
    if (!in.ok() || hardware != 1 || protocol != ipv4_type || hardware_size != 6 || protocol_size != 4)
        return std::nullopt;
    Sighting seen{mac_text(mac), v4_text(ip), {}, {}, 0, Source::arp};
    // An address of 0.0.0.0 is a probe whether the address is free (RFC 5227): somebody is there without one.
    if (seen.mac.empty()) return std::nullopt;
    return seen;
}

struct DhcpOptions {
    std::uint8_t type = 0;
    ByteView host_name, vendor_class, requested;
};

DhcpOptions dhcp_options(Cursor in) {
    DhcpOptions out;
    while (in.ok() && in.left() > 0) {
        const auto code = in.u8();
        if (code == 0) continue;
        if (code == 255) break;
        const auto value = in.take(in.u8());
        if (!in.ok()) break;
        if (code == 12) out.host_name = value;
        if (code == 50) out.requested = value;
        if (code == 53 && value.size() == 1) out.type = value[0];
        if (code == 60) out.vendor_class = value;
    }
    return out;
}

// A client's messages tell its MAC and name, a server's acknowledgement the address that it got.
std::optional<Sighting> dissect_dhcp(Cursor in) {
    const auto operation = in.u8(), hardware = in.u8(), hardware_size = in.u8();
    (void)in.take(1 + 4 + 2 + 2);  // hops, transaction, seconds, flags
    const auto client = in.take(4), yours = in.take(4);
    (void)in.take(4 + 4);  // next server, relay
    const auto mac = in.take(6);
    (void)in.take(10 + 64 + 128);  // rest of the hardware address, server name, file
    const auto cookie = in.u32();
    if (!in.ok() || hardware != 1 || hardware_size != 6 || cookie != 0x63825363) return std::nullopt;
    const auto options = dhcp_options(in);
    Sighting seen{mac_text(mac), {}, name_text(options.host_name), name_text(options.vendor_class), 0, Source::dhcp};
    if (seen.mac.empty()) return std::nullopt;
    constexpr std::uint8_t acknowledged = 5, request = 3, inform = 8;
    if (operation == 2) {
        if (options.type != acknowledged) return std::nullopt;
        seen.ip = v4_text(yours);
        seen.vendor_class.clear();
        if (seen.ip.empty()) seen.ip = v4_text(client);
    } else if (options.type == request || options.type == inform) {
        seen.ip = v4_text(client);  // an address that is only asked for is not yet anybody's
    }
    return seen;
}

std::optional<Sighting> dissect_ipv4(Cursor in) {
    const auto first = in.u8();
    (void)in.take(5);  // service, length, identification
    const auto fragment = in.u16();
    (void)in.u8();
    const auto protocol = in.u8();
    (void)in.take(10);  // checksum, addresses
    if (first >> 4 != 4 || (first & 15) < 5 || (fragment & 0x1fff) != 0 || protocol != 17) return std::nullopt;
    (void)in.take(static_cast<std::size_t>((first & 15) - 5) * 4);
    const auto from = in.u16(), to = in.u16();
    (void)in.take(4);
    const bool is_dhcp = (from == 67 || from == 68) && (to == 67 || to == 68);
    return in.ok() && is_dhcp ? dissect_dhcp(in) : std::nullopt;
}

// Neighbour solicitations, advertisements and router messages carry the sender's link-layer address as an option.
std::optional<Sighting> dissect_ipv6(Cursor in) {
    const auto first = in.u8();
    (void)in.take(5);
    const auto next = in.u8(), hops = in.u8();
    const auto from = in.take(16);
    (void)in.take(16);
    const auto type = in.u8();
    (void)in.take(3);
    // A hop limit of 255 proves that it comes from this link (RFC 4861 §6.1).
    if (!in.ok() || first >> 4 != 6 || next != 58 || hops != 255 || type < 133 || type > 136) return std::nullopt;
    constexpr std::uint8_t router_solicitation = 133, router_advertisement = 134, advertisement = 136;
    const auto fixed = in.take(type == router_solicitation ? 4 : type == router_advertisement ? 12 : 20);
    if (!in.ok()) return std::nullopt;
    Sighting seen{{}, v6_text(from), {}, {}, 0, Source::ndp};
    if (type == advertisement) seen.ip = v6_text(fixed.subspan(4));  // the address that it speaks for
    const std::uint8_t wanted = type == advertisement ? 2 : 1;       // target's, source's link-layer address
    while (in.left() >= 8) {
        const auto code = in.u8(), size = in.u8();
        if (size == 0) return std::nullopt;
        const auto value = in.take(static_cast<std::size_t>(size) * 8 - 2);
        if (!in.ok()) return std::nullopt;
        if (code == wanted && size == 1) seen.mac = mac_text(value);
    }
    if (seen.mac.empty()) return std::nullopt;
    return seen;
}

}  // namespace

std::optional<Sighting> dissect_ethernet(ByteView frame) {
    Cursor in(frame);
    (void)in.take(12);
    auto type = in.u16();
    std::uint16_t vlan = 0;
    for (int tags = 0; tags < 2 && (type == vlan_type || type == qinq_type); ++tags) {
        vlan = static_cast<std::uint16_t>(in.u16() & 0x0fff);
        type = in.u16();
    }
    if (!in.ok()) return std::nullopt;
    std::optional<Sighting> seen;
    if (type == arp_type) seen = dissect_arp(in);
    if (type == ipv4_type) seen = dissect_ipv4(in);
    if (type == ipv6_type) seen = dissect_ipv6(in);
    if (seen) seen->vlan = vlan;
    return seen;
}

}  // namespace vg::probes::lan
