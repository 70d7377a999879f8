#pragma once
// Echo rounds (RFC 792, RFC 4443): loss, round-trip times and their jitter. Runs on the agent's io_context.

#include "probes/probe.hpp"

namespace vg::probes {

[[nodiscard]] Kind icmp_kind();

}  // namespace vg::probes
