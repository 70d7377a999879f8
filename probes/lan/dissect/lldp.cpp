#include "probes/lan/dissect/announcement.hpp"
#include "probes/lan/dissect/cursor.hpp"
#include "probes/lan/dissect/text.hpp"

namespace vg::probes::lan::dissect {
namespace {

constexpr int most_units = 256;
constexpr std::uint32_t dot1 = 0x0080c2, med = 0x0012bb;

// Chassis and port number their kinds almost alike: MAC is 4 and 3, network address 5 and 4.
Identifier identifier(ByteView value, std::uint8_t mac_kind, std::uint8_t address_kind) {
    if (value.empty()) return {};
    const auto kind = value[0];
    const auto raw = value.subspan(1);
    if (kind == mac_kind) return {raw.size() == 6 ? IdKind::mac : IdKind::bytes, raw};
    if (kind == address_kind && raw.size() >= 2) {
        const bool is_v4 = raw[0] == 1 && raw.size() == 5, is_v6 = raw[0] == 2 && raw.size() == 17;
        return {is_v4 || is_v6 ? IdKind::ip : IdKind::bytes, is_v4 || is_v6 ? raw.subspan(1) : raw};
    }
    return {IdKind::text, raw};
}

Ip management_address(Cursor in) {
    const std::size_t size = in.u8();
    const auto family = in.u8();
    const auto raw = in.take(size > 0 ? size - 1 : 0);
    if (!in.ok() || !((family == 1 && raw.size() == 4) || (family == 2 && raw.size() == 16))) return {};
    return ip_of(raw);
}

void own_field(Cursor in, Announcement& out) {
    const std::uint32_t high = in.u8();
    const auto organisation = (high << 16) | in.u16();
    const auto kind = in.u8();
    if (!in.ok()) return;
    const auto value = in.rest();
    if (organisation == dot1 && kind == 1 && value.size() == 2) out.vlan = be16(value) & 0x0fff;
    if (organisation == med && kind == 8) out.serial = value;
    if (organisation == med && kind == 10) out.platform = value;
}

void field(std::uint8_t kind, ByteView value, Announcement& out) {
    switch (kind) {
        case 4: out.port_description = value; break;
        case 5: out.name = value; break;
        case 6: out.description = value; break;
        case 7: out.capabilities = value.size() >= 4 ? be16(value.subspan(2)) : 0u; break;
        case 8: out.add(management_address(Cursor(value))); break;
        case 127: own_field(Cursor(value), out); break;
        default: break;
    }
}

}  // namespace

std::string to_text(const Identifier& id) {
    switch (id.kind) {
        case IdKind::mac: return to_text(mac_of(id.raw));
        case IdKind::ip: return to_text(ip_of(id.raw));
        case IdKind::bytes: return hex_text(id.raw);
        case IdKind::text: return clean_text(id.raw);
    }
    return {};
}

std::optional<Announcement> read_lldp(ByteView bytes) {
    Cursor in(bytes);
    Announcement out;
    for (int n = 0; n < most_units && in.left() >= 2; ++n) {
        const auto head = in.u16();
        const auto kind = static_cast<std::uint8_t>(head >> 9);
        const auto value = in.take(head & 0x1ff);
        if (!in.ok()) return n > 2 ? std::optional(out) : std::nullopt;  // cut behind what must be there
        if (n < 3 && kind != n + 1) return std::nullopt;
        if (kind == 0) break;
        if (kind == 1 && n == 0) out.chassis = identifier(value, 4, 5);
        if (kind == 2 && n == 1) out.port = identifier(value, 3, 4);
        if (kind == 3 && n == 2) out.seconds_to_live = value.size() >= 2 ? be16(value.first(2)) : std::uint16_t{0};
        if (n > 2) field(kind, value, out);
        if (n == 2 && in.left() < 2) return out;
    }
    return out.chassis.raw.empty() ? std::nullopt : std::optional(out);
}

}  // namespace vg::probes::lan::dissect
