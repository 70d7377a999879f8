#pragma once
// Bridge protocol data units of STP, RSTP and MSTP (IEEE 802.1D, 802.1Q), and Cisco's one-tree-a-VLAN form of them.
// Total; pure; any thread.

#include "probes/lan/dissect/address.hpp"

#include <optional>

namespace vg::probes::lan::dissect {

struct Stp {
    std::uint8_t version = 0;       // 0 STP, 2 RSTP, 3 MSTP
    bool is_change_notice = false;  // it says nothing of who sends it
    std::uint16_t root_priority = 0, bridge_priority = 0, port = 0;
    std::uint32_t root_cost = 0;
    Mac root, bridge;
};

[[nodiscard]] std::optional<Stp> read_stp(ByteView bytes);

}  // namespace vg::probes::lan::dissect
