#pragma once
// Data frames of 802.11 that are not encrypted, bare or behind a radiotap header, as captures in the air hold them.
// Total; pure; any thread.

#include "probes/lan/dissect/address.hpp"

#include <optional>

namespace vg::probes::lan::dissect {

struct WirelessData {
    Mac source, target;  // the stations' own, wherever an access point put them
    ByteView payload;    // from the LLC header on; a check sequence at its end may be in it
};

[[nodiscard]] std::optional<WirelessData> read_wireless(ByteView bytes);
[[nodiscard]] std::optional<WirelessData> read_radiotap(ByteView bytes);

}  // namespace vg::probes::lan::dissect
