#include "collector/api/publisher.hpp"

#include "collector/api/render.hpp"

namespace vg::collector::api {

std::vector<LiveEntry> Publisher::gaps(Pipeline& pipeline, const Changes& changes) {
    std::vector<LiveEntry> out;
    for (const auto& change : changes.gaps) {
        const auto& gap = change.gap;
        const bool untold =
            gap.state == rules::GapState::pending || (!gap.opened && gap.state == rules::GapState::closed);
        if (untold) continue;
        out.push_back({0, "gap", json::serialize(gap_item(pipeline, gap)), unit_of(pipeline, gap.key.subject)});
    }
    return out;
}

void Publisher::gather(const Changes& changes) {
    sites_.insert(changes.sites.begin(), changes.sites.end());
    agents_.insert(changes.agents.begin(), changes.agents.end());
    for (const auto& event : changes.events)
        if (!event.site.empty()) sites_.insert(event.site);
}

std::vector<LiveEntry> Publisher::flush(Pipeline& pipeline) {
    std::vector<LiveEntry> out;
    if (sites_.empty() && agents_.empty()) return out;
    for (const auto& id : agents_) {
        const auto* agent = pipeline.agents().find(id);
        if (agent == nullptr) continue;
        sites_.insert(agent->enrolment.site);
        out.push_back({0, "agent", json::serialize(agent_item(pipeline, *agent)),
                       unit_of(pipeline, {wire::SubjectKind::agent, id})});
    }
    const auto now = standing(pipeline);
    for (const auto& id : sites_)
        if (const auto* site = pipeline.reg().site(id))
            out.push_back({0, "site", json::serialize(site_item(pipeline, *site, now)), site->unit});
    sites_.clear();
    agents_.clear();
    return out;
}

}  // namespace vg::collector::api
