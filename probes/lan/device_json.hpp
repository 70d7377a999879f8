#pragma once
// A device and what happens to it as JSON, one line each, with the keys that docs/watch.md tells. Pure.

#include "probes/lan/device.hpp"

#include <string>

namespace vg::probes::lan {

[[nodiscard]] std::string device_line(const Device& device);
// Without what changes with every frame: two lines are equal when nothing new is known.
[[nodiscard]] std::string steady_line(const Device& device);
[[nodiscard]] std::string lease_line(const Device& device, const Lease& lease, Time at);
[[nodiscard]] std::string new_host_line(const Device& device, Time at);
// Stands before the lines of each file where several are read.
[[nodiscard]] std::string file_line(const std::string& path);
// One neighbour as the entry of a list of facts has it.
[[nodiscard]] std::string neighbour_text(const Neighbour& neighbour);

}  // namespace vg::probes::lan
