#pragma once
// An agent without rights cannot see a serial number, who may log in, or what the packet filter does. Where a look as
// root stands beside it (packaging/vonggac-agent-look.service writes what `probe inventory --json` prints), what it saw
// fills what the agent could not know itself. Total over any text; pure; any thread.

#include "wire/observation.hpp"

#include <string_view>

namespace vg::probes::inventory {

// Single facts that are not known in `seen` take root's value, and those about accounts, disks and firewall always do;
// of memory, disks, ports and accounts root's list stands instead of our own. Anything but facts of an inventory about
// "host" is left out.
void fill_from_root(std::string_view json, wire::Observation& seen);

}  // namespace vg::probes::inventory
