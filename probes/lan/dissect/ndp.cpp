#include "probes/lan/dissect/ndp.hpp"

#include "probes/lan/dissect/cursor.hpp"

namespace vg::probes::lan::dissect {
namespace {

constexpr std::uint8_t icmp6 = 58, source_option = 1, target_option = 2;
constexpr int most_ndp_options = 32;

Mac link_address(Cursor in, std::uint8_t wanted) {
    Mac found;
    for (int n = 0; n < most_ndp_options && in.left() >= 8; ++n) {
        const auto code = in.u8(), size = in.u8();
        if (size == 0) break;  // would never end
        const auto value = in.take(static_cast<std::size_t>(size) * 8 - 2);
        if (in.ok() && code == wanted && size == 1) found = mac_of(value);
    }
    return found;
}

}  // namespace

std::optional<Ndp> read_ndp(const Packet& packet) {
    if (packet.protocol != icmp6 || packet.hops != 255 || packet.is_later_fragment) return std::nullopt;
    Cursor in(packet.payload);
    const auto type = in.u8(), code = in.u8();
    in.skip(2);
    if (!in.ok() || type < 133 || type > 136 || code != 0) return std::nullopt;
    Ndp ndp;
    ndp.type = static_cast<NdpType>(type);
    switch (ndp.type) {
        case NdpType::router_solicitation: in.skip(4); break;
        case NdpType::router_advertisement:
            in.skip(1);
            ndp.flags = in.u8();
            ndp.router_lifetime = in.u16();
            in.skip(8);
            break;
        case NdpType::neighbour_solicitation:
            in.skip(4);
            ndp.target = ip_of(in.take(16));
            break;
        case NdpType::neighbour_advertisement:
            ndp.flags = in.u8();
            in.skip(3);
            ndp.target = ip_of(in.take(16));
            break;
    }
    if (!in.ok()) return std::nullopt;
    ndp.link_address = link_address(in, ndp.type == NdpType::neighbour_advertisement ? target_option : source_option);
    return ndp;
}

}  // namespace vg::probes::lan::dissect
