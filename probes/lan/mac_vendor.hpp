#pragma once
// Who made a network card, by the first 24, 28 or 36 bits of its address. The list is a file mapped read-only (made at
// build time by tools/mac_vendors from Debian's ieee-data); without it there are no vendors. Any thread.
//
// The file: "VGMAC1\0\0", the numbers of assignments of 24, 28 and 36 bits (u32 each), then for each length its
// prefixes sorted (u32, u32, u64), then for each length the places of their names (u32), then the names (a byte of
// length, text); all integers little-endian.

#include "base/bytes.hpp"
#include "probes/lan/dissect/address.hpp"

#include <string>
#include <string_view>

namespace vg::probes::lan {

// Looks into one list; "" for an address that stands in none, is set by software, or is no machine's. Total.
[[nodiscard]] std::string_view find_vendor(ByteView list, dissect::Mac mac);

// The list of this machine: beside the executable (../share/vonggac), or in /usr/share/vonggac. Empty: there is none.
[[nodiscard]] ByteView vendor_list();
[[nodiscard]] inline std::string vendor_of(dissect::Mac mac) { return std::string(find_vendor(vendor_list(), mac)); }

}  // namespace vg::probes::lan
