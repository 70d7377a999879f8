#pragma once
// Addresses as they stand in a frame: values without memory of their own, quick to compare. Pure; any thread.

#include "base/bytes.hpp"

#include <array>
#include <compare>
#include <string>

namespace vg::probes::lan::dissect {

struct Mac {
    std::uint64_t value = 0;  // the lower 48 bits, first byte highest; 0: none
    auto operator<=>(const Mac&) const = default;
    [[nodiscard]] bool is_group() const { return (value >> 40 & 1) != 0; }
    [[nodiscard]] bool is_local() const { return (value >> 41 & 1) != 0; }  // set by software, not by the maker
    // False for groups and for "none": addresses that no single machine has.
    [[nodiscard]] bool is_machine() const { return value != 0 && !is_group(); }
};

[[nodiscard]] Mac mac_of(ByteView six);      // none unless there are six bytes
[[nodiscard]] std::string to_text(Mac mac);  // "aa:bb:cc:dd:ee:ff"

struct Ip {
    std::array<std::uint8_t, 16> bytes{};
    std::uint8_t size = 0;  // 4, 16, or 0: none
    auto operator<=>(const Ip&) const = default;
    [[nodiscard]] bool is_v4() const { return size == 4; }
    // An address that one machine can have on a network: not unspecified, loopback, multicast or broadcast.
    [[nodiscard]] bool is_host() const;
};

[[nodiscard]] Ip ip_of(ByteView raw);             // 4 or 16 bytes; none otherwise
[[nodiscard]] std::string to_text(const Ip& ip);  // "" for none

}  // namespace vg::probes::lan::dissect
