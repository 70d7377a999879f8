#pragma once
// Which series of each (agent, spool epoch) have names, and the few among them that the collector itself looks at.
// Loaded from the store when an agent comes; a number and a byte for each series. Pipeline thread.

#include "collector/derive.hpp"
#include "collector/store.hpp"

#include <map>

namespace vg::collector {

struct SeriesTable {
    std::vector<SeriesRole> roles;  // of series 1, 2 ...
    [[nodiscard]] wire::SeriesId known() const { return static_cast<wire::SeriesId>(roles.size()); }
    [[nodiscard]] SeriesRole role(wire::SeriesId id) const { return roles[id - 1]; }
};

class SeriesTables {
public:
    [[nodiscard]] Result<SeriesTable*> find(Store& store, const std::string& agent, std::uint64_t epoch);
    // After a failed commit: what was added is not in the store.
    void forget() { tables_.clear(); }

private:
    std::map<std::pair<std::string, std::uint64_t>, SeriesTable> tables_;
};

}  // namespace vg::collector
