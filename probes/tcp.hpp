#pragma once
// Opens a TCP connection and closes it: how long it took, or how it failed. Runs on the agent's io_context.

#include "probes/probe.hpp"

namespace vg::probes {

[[nodiscard]] Kind tcp_kind();

}  // namespace vg::probes
