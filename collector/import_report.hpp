#pragma once
// What another register would change, told before it comes into force: rows that are new, other or gone, the agents
// whose site it takes away, and the devices adopted on the page that it no longer has. Reads the store only.

#include "base/words.hpp"
#include "collector/register/model.hpp"
#include "collector/store.hpp"

#include <string>
#include <vector>

namespace vg::collector {

struct ImportReport {
    struct Rows {
        std::size_t added = 0, changed = 0, removed = 0;
    };
    Rows sites, uplinks, devices, services;
    std::size_t lost_agents = 0;          // enrolled, not revoked
    std::vector<std::string> lost_sites;  // of those agents
    std::size_t dropped_adoptions = 0;

    [[nodiscard]] std::vector<Text> lines() const;
};

[[nodiscard]] Result<ImportReport> report_of_import(Store& store, const registry::Register& before,
                                                    const registry::Register& now);

}  // namespace vg::collector
