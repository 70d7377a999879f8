#pragma once
// The `uplink` watcher: which line carries the site's traffic now, and of what kind. Target: a far address (the
// collector's) towards which the path is sounded; without one only this machine's own routes are looked at.

#include "probes/probe.hpp"

namespace vg::probes {

[[nodiscard]] Kind uplink_kind();

}  // namespace vg::probes
