#pragma once
// The inventory of this machine: what it is made of, what is installed on it, how it is protected. A probe that looks
// again only where something may have changed.

#include "probes/probe.hpp"

namespace vg::probes {

[[nodiscard]] Kind inventory_kind();

}  // namespace vg::probes
