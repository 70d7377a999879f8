#include "probes/lan/mac_vendor.hpp"

#include "probes/platform/mapped_file.hpp"

#include <cstring>

namespace vg::probes::lan {
namespace {

constexpr std::string_view magic{"VGMAC1\0\0", 8};
constexpr std::size_t header = 8 + 3 * 4;
constexpr std::array<unsigned, 3> lengths{24, 28, 36};

std::uint64_t integer(ByteView list, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    if (at + size <= list.size()) std::memcpy(&value, list.data() + at, size);  // little-endian, as this machine is
    return value;
}

std::string_view name_at(ByteView list, std::size_t at) {
    if (at >= list.size() || list[at] >= list.size() - at) return {};
    return text_of(list.subspan(at + 1, list[at]));
}

}  // namespace

std::string_view find_vendor(ByteView list, dissect::Mac mac) {
    if (!mac.is_machine() || mac.is_local()) return {};
    if (list.size() < header || text_of(list.first(8)) != magic) return {};
    std::array<std::size_t, 3> counts{}, keys{}, names{};
    std::size_t at = header;
    for (std::size_t i = 0; i < 3; ++i) {
        counts[i] = integer(list, 8 + 4 * i, 4);
        keys[i] = at;
        at += counts[i] * (i == 2 ? 8 : 4);
    }
    for (std::size_t i = 0; i < 3; ++i) {
        names[i] = at;
        at += counts[i] * 4;
    }
    if (at > list.size()) return {};
    for (std::size_t i = 3; i-- > 0;) {  // the longest assignment counts
        const std::size_t size = i == 2 ? 8 : 4;
        const auto wanted = mac.value >> (48 - lengths[i]);
        std::size_t low = 0, high = counts[i];
        while (low < high) {
            const auto middle = (low + high) / 2;
            const auto key = integer(list, keys[i] + middle * size, size);
            if (key == wanted) return name_at(list, integer(list, names[i] + middle * 4, 4));
            if (key < wanted)
                low = middle + 1;
            else
                high = middle;
        }
    }
    return {};
}

ByteView vendor_list() {
    static const ByteView list = platform::map_shared_file("mac-vendors");
    return list;
}

}  // namespace vg::probes::lan
