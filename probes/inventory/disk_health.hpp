#pragma once
// What a disk says about its own health, from the bytes that it answers with. Total over any bytes; pure; any thread.

#include "base/bytes.hpp"

#include <optional>
#include <string_view>

namespace vg::probes::inventory {

// The NVMe SMART / Health Information log (NVM Express base specification, log page 02h).
[[nodiscard]] std::optional<bool> nvme_is_failing(ByteView log);
// The sense data that follows an ATA SMART RETURN STATUS sent through SCSI (ACS-4 §7.48.8, SAT-4 §12.2.2.6).
[[nodiscard]] std::optional<bool> ata_is_failing(ByteView sense);
// ... and after CHECK POWER MODE: a disk that sleeps is not to be woken for us.
[[nodiscard]] std::optional<bool> ata_is_asleep(ByteView sense);
// eMMC: PRE_EOL_INFO of its extended registers (JEDEC JESD84-B51), the text of /sys: "0x01".
[[nodiscard]] std::optional<bool> emmc_is_failing(std::string_view pre_eol_info);

}  // namespace vg::probes::inventory
