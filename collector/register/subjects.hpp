#pragma once
// Puts the register into the fact base: every subject that should exist with its columns (rules/views.hpp); devices are
// put by whoever knows which of them are one (collector/devices.cpp). Used from
// the thread that owns the fact base.

#include "collector/register/model.hpp"
#include "rules/facts.hpp"

namespace vg::collector::registry {

struct AgentSubject {
    std::string id, site, host;
};

// Units, sites, lines and services that the register does not have, or that are not valid on `day`, are removed from
// the fact base; all others are put anew, facts stay.
[[nodiscard]] Result<void> apply(const Register& reg, const std::vector<AgentSubject>& agents, Date day,
                                 rules::FactBase& facts);

[[nodiscard]] rules::RegisterColumns agent_columns(const Register& reg, const AgentSubject& agent);
// Columns of a device that is at a site; `device` is null when the register does not know it.
[[nodiscard]] rules::RegisterColumns device_columns(const Register& reg, std::string_view site, const Device* device);

}  // namespace vg::collector::registry
