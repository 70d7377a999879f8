#include "probes/lan/dissect/stp.hpp"

#include "probes/lan/dissect/cursor.hpp"

namespace vg::probes::lan::dissect {

std::optional<Stp> read_stp(ByteView bytes) {
    Cursor in(bytes);
    const auto protocol = in.u16();
    Stp out;
    out.version = in.u8();
    const auto type = in.u8();
    if (!in.ok() || protocol != 0) return std::nullopt;
    out.is_change_notice = type == 0x80;
    if (out.is_change_notice) return out;
    if (type != 0 && type != 2) return std::nullopt;
    in.skip(1);
    out.root_priority = in.u16();
    out.root = mac_of(in.take(6));
    out.root_cost = in.u32();
    out.bridge_priority = in.u16();
    out.bridge = mac_of(in.take(6));
    out.port = in.u16();
    return in.ok() ? std::optional(out) : std::nullopt;
}

}  // namespace vg::probes::lan::dissect
