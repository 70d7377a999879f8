#pragma once
// From what was read to facts about the device "host", as wire/fact_table.cpp names them. Pure; any thread.

#include "probes/inventory/reading.hpp"
#include "wire/observation.hpp"

namespace vg::probes::inventory {

// The single facts of the parts that were looked at; a part that cannot be looked at is told as not known.
void tell_facts(Part part, const Reading& reading, std::vector<wire::Fact>& out);
// The lists of a part, each in full. What the reading holds is used up. A part that cannot be looked at tells nothing:
// what was told of it before still is the best that is known.
void tell_lists(Part part, Reading& reading, wire::Observation& out);

}  // namespace vg::probes::inventory
