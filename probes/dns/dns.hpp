#pragma once
// Asks a name server for a name: how long it takes and whether the answers are the expected ones. Runs on the agent's
// io_context.

#include "probes/probe.hpp"

namespace vg::probes {

[[nodiscard]] Kind dns_kind();

}  // namespace vg::probes
