#include "collector/series_tables.hpp"

namespace vg::collector {

Result<SeriesTable*> SeriesTables::find(Store& store, const std::string& agent, std::uint64_t epoch) {
    const std::pair key{agent, epoch};
    if (const auto found = tables_.find(key); found != tables_.end()) return &found->second;
    auto series = store.series_of(agent, epoch);
    if (!series) return series.error();
    SeriesTable table;
    for (const auto& info : *series) {
        if (info.id != table.known() + 1) break;  // names come in order; after a hole they are asked again
        table.roles.push_back(role_of(info.name));
    }
    return &tables_.emplace(key, std::move(table)).first->second;
}

}  // namespace vg::collector
