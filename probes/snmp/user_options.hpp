#pragma once
// The options that name a user of SNMPv3, the same for all who speak it.

#include "probes/options.hpp"
#include "probes/snmp/session.hpp"

namespace vg::probes::snmp {

[[nodiscard]] std::vector<Option> user_options();
// Mistakes become problems. Without the option `user` the user has no name.
[[nodiscard]] User read_user(Options& options);

}  // namespace vg::probes::snmp
