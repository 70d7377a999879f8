#include "probes/lan/dissect/dhcp6.hpp"

#include "probes/lan/dissect/cursor.hpp"
#include "probes/lan/dissect/dns.hpp"
#include "probes/lan/dissect/text.hpp"

namespace vg::probes::lan::dissect {
namespace {

constexpr int most_relays = 4, most_options = 128;
constexpr std::uint8_t relay_forward = 12, relay_reply = 13;

template <class Take>
void each_option(Cursor in, Take&& take) {
    for (int n = 0; n < most_options && in.left() >= 4; ++n) {
        const auto code = in.u16(), size = in.u16();
        const auto value = in.take(size);
        if (!in.ok()) return;
        take(code, value);
    }
}

void keep(const Dhcp6Address& address, Dhcp6& out) {
    if (address.ip.size != 0 && out.address_count < out.addresses.size()) out.addresses[out.address_count++] = address;
}

// Inside an identity association: addresses (5) and delegated prefixes (26).
void read_association(ByteView options, Dhcp6& out) {
    each_option(Cursor(options), [&out](std::uint16_t code, ByteView value) {
        Cursor in(value);
        Dhcp6Address address;
        if (code == 5) {
            address.ip = ip_of(in.take(16));
            in.skip(4);
            address.valid_seconds = in.u32();
        } else if (code == 26) {
            in.skip(4);
            address.valid_seconds = in.u32();
            address.prefix = in.u8();
            address.ip = ip_of(in.take(16));
        }
        if (in.ok()) keep(address, out);
    });
}

void take_option(std::uint16_t code, ByteView value, Dhcp6& out) {
    switch (code) {
        case 1: out.client_duid = value; break;
        case 2: out.server_duid = value; break;
        case 3:
        case 25:
            if (value.size() >= 12) read_association(value.subspan(12), out);
            break;
        case 4:
            if (value.size() >= 4) read_association(value.subspan(4), out);
            break;
        case 6: out.options = value; break;
        case 16: {
            Cursor in(value);
            out.enterprise = in.u32();
            out.vendor_class = in.take(in.u16());
            break;
        }
        case 39: out.full_name = value; break;
        default: break;
    }
}

}  // namespace

std::optional<Dhcp6> read_dhcp6(ByteView bytes) {
    Dhcp6 out;
    for (int depth = 0; depth <= most_relays; ++depth) {
        Cursor in(bytes);
        out.type = in.u8();
        if (out.type != relay_forward && out.type != relay_reply) {
            in.skip(3);
            if (!in.ok() || out.type == 0 || out.type > 13) return std::nullopt;
            each_option(in, [&out](std::uint16_t code, ByteView value) { take_option(code, value, out); });
            return out;
        }
        in.skip(1 + 16);
        out.peer = ip_of(in.take(16));
        out.is_relayed = true;
        ByteView inner;
        each_option(in, [&](std::uint16_t code, ByteView value) {
            if (code == 9) inner = value;
            if (code == 79 && value.size() == 8 && be16(value.first(2)) == 1) out.client = mac_of(value.subspan(2));
        });
        if (inner.empty()) return std::nullopt;
        bytes = inner;
    }
    return std::nullopt;
}

Mac duid_mac(ByteView duid) {
    if (duid.size() < 4 || be16(duid.subspan(2, 2)) != 1) return {};
    const auto kind = be16(duid.first(2));
    if (kind == 1 && duid.size() == 14) return mac_of(duid.subspan(8));
    return kind == 3 && duid.size() == 10 ? mac_of(duid.subspan(4)) : Mac{};
}

std::string full_name6_text(ByteView option) {
    if (option.size() < 2) return {};
    NameBuffer name;
    std::size_t at = 0;
    // A partial name lacks the zero at its end.
    if (!read_name(option.subspan(1), at, name) && name.size() == 0) return {};
    return clean_text(name.text());
}

std::string fingerprint6_text(ByteView options) {
    std::string out;
    for (Cursor in(options); in.left() >= 2;) {
        if (!out.empty()) out += ',';
        out += std::to_string(in.u16());
    }
    return out;
}

}  // namespace vg::probes::lan::dissect
