#pragma once
// Devices as facts and events of the wire. Pure.

#include "probes/lan/device.hpp"
#include "wire/observation.hpp"

#include <vector>

namespace vg::probes::lan {

[[nodiscard]] wire::Subject subject_of(const Device& device);
// All that is known of it now; what was not told is left out.
[[nodiscard]] std::vector<wire::Fact> facts_of(const Device& device);
[[nodiscard]] wire::Event new_host(const Device& device, Mono at);
// "heard/lldp/CHASSIS+PORT": how a neighbour is named in the list of what this machine hears.
[[nodiscard]] std::string heard_entry(const Neighbour& neighbour);

}  // namespace vg::probes::lan
