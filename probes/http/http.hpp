#pragma once
// Fetches a page: whether it is reachable, how long each phase takes, and how its certificate stands. Runs on the
// agent's io_context.

#include "probes/probe.hpp"

namespace vg::probes {

[[nodiscard]] Kind http_kind();

}  // namespace vg::probes
