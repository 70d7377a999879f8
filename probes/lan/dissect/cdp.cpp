#include "probes/lan/dissect/announcement.hpp"
#include "probes/lan/dissect/cursor.hpp"

namespace vg::probes::lan::dissect {
namespace {

constexpr int most_fields = 256;
constexpr std::uint32_t most_addresses = 64;

// Protocol types 1 (NLPID 0xcc) and 2 (802.2, SNAP 0x86dd), each with the length of what follows.
void addresses(Cursor in, Announcement& out) {
    const auto told = in.u32();
    for (std::uint32_t n = 0; n < told && n < most_addresses; ++n) {
        in.skip(1);
        in.skip(in.u8());
        const auto raw = in.take(in.u16());
        if (!in.ok()) return;
        out.add(ip_of(raw));
    }
}

void field(std::uint16_t kind, ByteView value, Announcement& out) {
    switch (kind) {
        case 1: out.chassis.raw = out.name = value; break;
        case 2:
        case 0x16: addresses(Cursor(value), out); break;
        case 3: out.port.raw = value; break;
        case 4: out.capabilities = value.size() == 4 ? be32(value) : 0u; break;
        case 5: out.description = value; break;
        case 6: out.platform = value; break;
        case 0x0a: out.vlan = value.size() == 2 ? be16(value) : std::uint16_t{0}; break;
        default: break;
    }
}

}  // namespace

std::optional<Announcement> read_cdp(ByteView bytes) {
    Cursor in(bytes);
    const auto version = in.u8();
    Announcement out;
    out.seconds_to_live = in.u8();
    in.skip(2);
    if (!in.ok() || version == 0 || version > 2) return std::nullopt;
    for (int n = 0; n < most_fields && in.left() >= 4; ++n) {
        const auto kind = in.u16(), size = in.u16();
        if (size < 4) break;  // would never end
        const auto value = in.take(size - 4u);
        if (!in.ok()) break;
        field(kind, value, out);
    }
    return out.chassis.raw.empty() ? std::nullopt : std::optional(out);
}

}  // namespace vg::probes::lan::dissect
