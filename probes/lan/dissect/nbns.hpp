#pragma once
// NetBIOS name service (RFC 1002): names that a machine registers, holds or answers for. Total; pure; any thread.

#include "probes/lan/dissect/address.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace vg::probes::lan::dissect {

struct NbnsName {
    std::array<char, 15> bytes{};  // padded by blanks on the wire; size says how many count
    std::uint8_t size = 0;
    std::uint8_t suffix = 0;  // 0x00 workstation, 0x20 server, 0x1b to 0x1e domains and browsers
    bool is_group = false;
    Ip address;  // none: not told
    [[nodiscard]] std::string_view text() const { return {bytes.data(), size}; }
};

struct Nbns {
    bool is_response = false;
    std::uint8_t operation = 0;      // 0 query, 5 registration, 6 release, 7 wait, 8 and 9 refresh, 15 multi-homed
    std::array<NbnsName, 32> names;  // of the sender; empty in a query, which only asks
    std::size_t count = 0;
    Mac unit;  // of a node's status; none: not told
};

[[nodiscard]] std::optional<Nbns> read_nbns(ByteView bytes);

}  // namespace vg::probes::lan::dissect
