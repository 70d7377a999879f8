#pragma once
// Devices as a table for people, in Vietnamese or English. Pure.

#include "probes/lan/device.hpp"
#include "probes/once.hpp"

#include <iosfwd>
#include <list>

namespace vg::probes::lan {

void print_table(const std::list<Device>& devices, std::uint64_t frames, Language language, std::ostream& out);
// One line about a device that is new or has told something new.
void print_news(const Device& device, bool is_new, Time at, Language language, std::ostream& out);

}  // namespace vg::probes::lan
