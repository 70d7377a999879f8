#pragma once
// The `snmp` probe: a router or switch as its system and interface tables tell (v2c, v3 with SHA-256 and AES). Target:
// ADDRESS or ADDRESS:PORT, "[IPv6]:PORT"; 161 when no port is given.

#include "probes/probe.hpp"

namespace vg::probes {

[[nodiscard]] Kind snmp_kind();

}  // namespace vg::probes
