#pragma once
// The `lan` watcher: who is on the LAN, by what devices let everybody hear. Target: an interface, or a capture file (a
// name that holds a slash or ends in .pcap, .pcapng or .gz), which is told in one observation.

#include "probes/probe.hpp"

namespace vg::probes {

[[nodiscard]] Kind lan_kind();

}  // namespace vg::probes
