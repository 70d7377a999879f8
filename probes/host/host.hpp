#pragma once
// The `host` probe: how this machine does. No target. Options: interfaces, mounts (lists; default: the real ones).

#include "probes/probe.hpp"

namespace vg::probes {

[[nodiscard]] Kind host_kind();

}  // namespace vg::probes
