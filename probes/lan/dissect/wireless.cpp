#include "probes/lan/dissect/wireless.hpp"

#include "probes/lan/dissect/cursor.hpp"

namespace vg::probes::lan::dissect {
namespace {

constexpr unsigned kind_data = 2;
constexpr std::uint8_t to_access_point = 0x01, from_access_point = 0x02, is_encrypted = 0x40, has_order = 0x80;
constexpr std::uint8_t without_data = 4, with_quality = 8;  // bits of the subtype

}  // namespace

std::optional<WirelessData> read_wireless(ByteView bytes) {
    Cursor in(bytes);
    const auto control = in.u8(), flags = in.u8();
    const auto subtype = static_cast<std::uint8_t>(control >> 4);
    if ((control >> 2 & 3) != kind_data || (subtype & without_data) != 0 || (flags & is_encrypted) != 0)
        return std::nullopt;
    in.skip(2);
    const auto first = mac_of(in.take(6)), second = mac_of(in.take(6)), third = mac_of(in.take(6));
    in.skip(2);
    const bool up = (flags & to_access_point) != 0, down = (flags & from_access_point) != 0;
    const auto fourth = up && down ? mac_of(in.take(6)) : Mac{};
    if ((subtype & with_quality) != 0) {
        const bool is_aggregate = (in.u8() & 0x80) != 0;
        in.skip(1);
        if (is_aggregate) return std::nullopt;
        if ((flags & has_order) != 0) in.skip(4);
    }
    WirelessData out;
    out.source = up && down ? fourth : down ? third : second;
    out.target = up ? third : first;
    out.payload = in.rest();
    return in.ok() ? std::optional(out) : std::nullopt;
}

std::optional<WirelessData> read_radiotap(ByteView bytes) {
    if (bytes.size() < 4 || bytes[0] != 0) return std::nullopt;
    const std::size_t size = bytes[2] | static_cast<std::size_t>(bytes[3]) << 8;  // little-endian
    return size >= 8 && size <= bytes.size() ? read_wireless(bytes.subspan(size)) : std::nullopt;
}

}  // namespace vg::probes::lan::dissect
