#pragma once
// Texts of /etc and /proc that say what system this is. Total over any bytes; pure; any thread.

#include "probes/inventory/reading.hpp"

#include <string_view>

namespace vg::probes::inventory {

// os-release(5): ID, VERSION_ID, PRETTY_NAME.
void read_os_release(std::string_view text, System& into);
// /proc/cpuinfo: the first processor's name, however the architecture calls it; empty: it has none.
[[nodiscard]] std::string read_processor_model(std::string_view cpuinfo);
// /proc/meminfo: MemTotal.
[[nodiscard]] std::optional<std::int64_t> read_memory_mib(std::string_view meminfo);
// The number of /sys/class/dmi/id/chassis_type (SMBIOS 3.6, table 17) as a word; empty: none of ours.
[[nodiscard]] std::string_view chassis_word(int type);
// What a maker left in for "nothing": "To Be Filled By O.E.M.", "Default string", zeros. Not worth telling.
[[nodiscard]] bool is_placeholder(std::string_view text);
// "06/30/2021" (SMBIOS) to "2021-06-30"; anything else comes back empty.
[[nodiscard]] std::string iso_of_bios_date(std::string_view text);
// Whether maker and model are those of a virtual machine.
[[nodiscard]] bool is_virtual_board(std::string_view vendor, std::string_view model);

}  // namespace vg::probes::inventory
