#pragma once
// The `lan` watcher: who is on the LAN, by ARP, DHCP and IPv6 neighbour discovery. Target: an interface, or a capture
// file (a name that holds a slash or ends in .pcap or .pcapng), which is told in one observation.

#include "probes/probe.hpp"

namespace vg::probes {

[[nodiscard]] Kind lan_kind();

}  // namespace vg::probes
