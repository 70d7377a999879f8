#pragma once
// IP addresses, networks and MAC addresses as texts mean them. Pure values; any thread.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vg {

using Address = std::array<std::uint8_t, 16>;  // IPv4 stands as ::ffff:a.b.c.d

// "10.0.0.1", "2001:db8::1", "fe80::1%eth0" (the zone is left out); nothing for any other text.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);

struct Network {
    Address address{};
    int bits = 0;  // of 128
    // "10.0.0.0/8", "2001:db8::/32", or a single address.
    [[nodiscard]] static std::optional<Network> parse(std::string_view text);
    [[nodiscard]] bool contains(const Address& other) const;
    [[nodiscard]] bool contains(std::string_view other) const;  // false for what is no address
};

// "aa:bb:cc:dd:ee:ff", in lower case.
[[nodiscard]] bool is_mac(std::string_view text);

}  // namespace vg
