#include "probes/inventory/disk_health.hpp"

#include "probes/inventory/words.hpp"

namespace vg::probes::inventory {
namespace {

// The ATA status return descriptor (type 09h) of descriptor-format sense data; empty: there is none.
ByteView ata_return(ByteView sense) {
    if (sense.size() < 8 || (sense[0] & 0x7f) < 0x72 || (sense[0] & 0x7f) > 0x73) return {};
    auto rest = sense.subspan(8, std::min<std::size_t>(sense[7], sense.size() - 8));
    while (rest.size() >= 2) {
        const std::size_t length = rest[1] + std::size_t{2};
        if (length > rest.size()) return {};
        if (rest[0] == 0x09 && length >= 14) return rest.first(length);
        rest = rest.subspan(length);
    }
    return {};
}

}  // namespace

std::optional<bool> nvme_is_failing(ByteView log) {
    if (log.size() < 512) return std::nullopt;
    // Spare below its threshold, reliability degraded, read-only, backup of volatile memory failed; heat is not
    // failing.
    constexpr std::uint8_t serious = 0x01 | 0x04 | 0x08 | 0x10;
    return (log[0] & serious) != 0;
}

std::optional<bool> ata_is_failing(ByteView sense) {
    const auto answer = ata_return(sense);
    if (answer.empty()) return std::nullopt;
    const auto middle = answer[9], high = answer[11];
    if (middle == 0x4f && high == 0xc2) return false;
    if (middle == 0xf4 && high == 0x2c) return true;
    return std::nullopt;
}

std::optional<bool> ata_is_asleep(ByteView sense) {
    const auto answer = ata_return(sense);
    if (answer.empty()) return std::nullopt;
    const auto count = answer[5];
    return count == 0x00 || count == 0x01;  // standby
}

std::optional<bool> emmc_is_failing(std::string_view pre_eol_info) {
    const auto text = trim(pre_eol_info);
    if (!text.starts_with("0x")) return std::nullopt;
    const auto state = to_number<unsigned>(text.substr(2), 16);
    if (!state || *state == 0 || *state > 3) return std::nullopt;
    return *state == 3;  // urgent; 2 is a warning that 80 % of the reserve is used
}

}  // namespace vg::probes::inventory
