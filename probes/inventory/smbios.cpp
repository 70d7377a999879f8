#include "probes/inventory/smbios.hpp"

#include "probes/inventory/system_files.hpp"
#include "probes/inventory/words.hpp"

#include <algorithm>

namespace vg::probes::inventory {
namespace {

constexpr std::uint8_t memory_device = 17, end_of_table = 127;
constexpr std::size_t most_modules = 256;

// One structure: its formatted area, and the strings behind it.
struct Structure {
    ByteView fields;
    ByteView strings;

    [[nodiscard]] std::uint64_t number(std::size_t offset, std::size_t bytes) const {
        std::uint64_t value = 0;
        if (offset + bytes > fields.size()) return 0;
        for (std::size_t i = bytes; i-- > 0;) value = value << 8 | fields[offset + i];
        return value;
    }
    // The string whose number stands at `offset`; makers' fillers are none.
    [[nodiscard]] std::string text(std::size_t offset) const {
        auto wanted = number(offset, 1);
        if (wanted == 0) return {};
        std::string_view rest(reinterpret_cast<const char*>(strings.data()), strings.size());
        for (; wanted > 1 && !rest.empty(); --wanted) next_piece(rest, '\0');
        auto found = clean(rest.substr(0, rest.find('\0')));
        return is_placeholder(found) ? std::string() : found;
    }
};

// Cuts the first structure off the table; false: nothing whole is left.
bool next_structure(ByteView& table, Structure& into) {
    if (table.size() < 4 || table[1] < 4 || table[1] > table.size()) return false;
    into.fields = table.first(table[1]);
    const auto behind = table.subspan(table[1]);
    std::size_t end = 0;  // of the strings: two zero bytes
    while (end + 1 < behind.size() && (behind[end] != 0 || behind[end + 1] != 0)) ++end;
    if (end + 1 >= behind.size()) return false;
    into.strings = behind.first(end);
    table = behind.subspan(end + 2);
    return true;
}

std::string_view type_word(std::uint64_t type) {
    switch (type) {
        case 0x0f: return "SDRAM";
        case 0x12: return "DDR";
        case 0x13: return "DDR2";
        case 0x18: return "DDR3";
        case 0x1a: return "DDR4";
        case 0x1b: return "LPDDR";
        case 0x1c: return "LPDDR2";
        case 0x1d: return "LPDDR3";
        case 0x1e: return "LPDDR4";
        case 0x20: return "HBM";
        case 0x22: return "DDR5";
        case 0x23: return "LPDDR5";
        default: return {};
    }
}

// 0: the slot is empty, or nobody knows.
std::int64_t size_in_mib(const Structure& one) {
    const auto size = one.number(0x0c, 2);
    if (size == 0 || size == 0xffff) return 0;
    if (size == 0x7fff) return static_cast<std::int64_t>(one.number(0x1c, 4) & 0x7fffffff);
    return static_cast<std::int64_t>((size & 0x8000) != 0 ? (size & 0x7fff) / 1024 : size);
}

}  // namespace

std::vector<MemoryModule> read_memory_modules(ByteView table) {
    std::vector<MemoryModule> out;
    for (Structure one; out.size() < most_modules && next_structure(table, one);) {
        if (one.fields[0] == end_of_table) break;
        if (one.fields[0] != memory_device) continue;
        MemoryModule module;
        module.mib = size_in_mib(one);
        if (module.mib == 0) continue;
        module.slot = one.text(0x10);
        if (module.slot.empty()) module.slot = "DIMM" + std::to_string(out.size());
        const auto has = [&out](const std::string& slot) {
            return std::ranges::any_of(out, [&](const MemoryModule& m) { return m.slot == slot; });
        };
        // Some boards call every slot the same, and tell them apart by their bank only.
        if (const auto bank = one.text(0x11); has(module.slot) && !bank.empty()) module.slot = bank + " " + module.slot;
        for (int i = 2; has(module.slot); ++i) {
            module.slot = module.slot.substr(0, module.slot.rfind('#')) + "#" + std::to_string(i);
        }
        module.type = type_word(one.number(0x12, 1));
        auto speed = one.number(0x20, 2);  // as configured; what it could do, on older tables
        if (speed == 0 || speed == 0xffff) speed = one.number(0x15, 2);
        if (speed != 0 && speed != 0xffff) module.speed_mts = static_cast<std::int64_t>(speed);
        module.vendor = one.text(0x17);
        module.serial = one.text(0x18);
        out.push_back(std::move(module));
    }
    return out;
}

}  // namespace vg::probes::inventory
