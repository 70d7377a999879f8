#pragma once
// Memory modules from the SMBIOS table (DMTF DSP0134, structures of type 17), as /sys/firmware/dmi/tables/DMI and
// Windows' GetSystemFirmwareTable hold it. Total over any bytes; pure; any thread.

#include "base/bytes.hpp"
#include "probes/inventory/reading.hpp"

namespace vg::probes::inventory {

// Slots with a module in them; each slot's name once.
[[nodiscard]] std::vector<MemoryModule> read_memory_modules(ByteView table);

}  // namespace vg::probes::inventory
