#pragma once
// The `snmp` probe: a device as the standard tables and its vendor's objects tell (v1, v2c, v3 with SHA-2 and AES).
// Target: ADDRESS or ADDRESS:PORT, "[IPv6]:PORT", "udp:" before it or not; 161 when no port is given.

#include "probes/probe.hpp"

namespace vg::probes {

[[nodiscard]] Kind snmp_kind();
[[nodiscard]] Kind snmp_trap_kind();  // a watcher that receives what devices tell by themselves

}  // namespace vg::probes
