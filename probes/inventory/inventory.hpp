#pragma once
// The inventory of this machine: what it is made of, what is installed on it, how it is protected. A probe that looks
// again only where something may have changed.

#include "probes/inventory/platform/machine.hpp"
#include "probes/probe.hpp"

namespace vg::probes {

[[nodiscard]] Kind inventory_kind();
// Of this machine (inventory::make_machine()) or another one; it is looked at on a thread beside.
[[nodiscard]] std::unique_ptr<Probe> make_inventory(const Task& task, Surroundings around, Problems& problems,
                                                    std::unique_ptr<inventory::Machine> machine);

}  // namespace vg::probes
