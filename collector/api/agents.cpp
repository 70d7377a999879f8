#include "base/log.hpp"
#include "collector/api/handlers.hpp"
#include "collector/api/render.hpp"
#include "collector/api/search.hpp"

namespace vg::collector::api {

Answer list_agents(Call& call) {
    json::array out;
    const Search search(call.query("q").value_or(""));
    for (const auto& [id, agent] : call.pipeline.agents().all()) {
        if (!call.sees_site(agent.enrolment.site)) continue;
        if (const auto site = call.query("site"); site && agent.enrolment.site != *site) continue;
        if (const auto state = call.query("state"); state && to_string(agent.state()) != *state) continue;
        auto item = agent_item(call.pipeline, agent);
        if (!search.matches(item, {"host", "id", "site", "site_name", "version"})) continue;
        out.push_back(std::move(item));
    }
    return list_of(std::move(out));
}

Answer revoke_agent(Call& call) {
    const auto& id = call.path.front();
    const auto* agent = call.pipeline.agents().find(id);
    if (agent == nullptr || !call.sees_site(agent->enrolment.site)) return not_found("trạm gác", "agent");
    if (auto revoked = call.pipeline.revoke(id); !revoked) return failed(revoked.error());
    log::info("api", "agent " + id + " was revoked by " + call.who.user);
    return answer(agent_item(call.pipeline, *call.pipeline.agents().find(id)));
}

}  // namespace vg::collector::api
