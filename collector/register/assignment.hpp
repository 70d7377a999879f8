#pragma once
// What an agent has to do, made from the register (the YAML text that the agent keeps on disk). Pure.

#include "collector/register/model.hpp"
#include "wire/messages.hpp"

namespace vg::collector::registry {

inline constexpr std::size_t watchers_per_site = 2;

// `rank` counts the site's agents in order of enrolment from 0: every agent watches its own machine and line; the first
// ones also ask devices by SNMP and listen to the LAN, so that forty PCs do not all ask one router.
// `collector_address` is the far end for path probing. The version is a hash of the text.
[[nodiscard]] wire::Assignment make_assignment(const Register& reg, std::string_view site, std::size_t rank,
                                               const std::string& collector_address);

}  // namespace vg::collector::registry
