// What silence does to what is known. Whatever only a site's own agents could tell, and what holds for minutes at most,
// is not known while nobody there is heard. Only the fact base forgets it: what the agents saw in the meantime comes
// later and takes its own place in the history, and where nothing changed the old value is known again.

#include "collector/pipeline_state.hpp"
#include "wire/fact_table.hpp"

#include <algorithm>

namespace vg::collector {
namespace {

// What was true longer ago than this says something all the same: a certificate's end, the memory of a machine.
constexpr Millis momentary = std::chrono::minutes(15);

bool is_momentary(const rules::SubjectId& subject, std::string_view name) {
    const auto* row = wire::find_fact(subject.kind, name);
    return row != nullptr && row->fresh > Millis{0} && row->fresh <= momentary;
}

}  // namespace

std::vector<rules::SubjectId> Pipeline::Impl::seen_from(const std::string& site) const {
    using wire::SubjectKind;
    std::vector<rules::SubjectId> out{{SubjectKind::site, site}};
    for (const auto& line : parts.reg->uplinks)
        if (line.site == site) out.push_back({SubjectKind::uplink, site + "/" + line.name});
    for (const auto* service : parts.reg->services_of(site))
        out.push_back({SubjectKind::service, site + "/" + service->id});
    for (const auto* agent : agents.of_site(site)) out.push_back({SubjectKind::agent, agent->enrolment.id});
    return out;
}

void Pipeline::Impl::fall_dark(Turn& turn, const std::string& site) {
    const auto [entry, is_new] = dark.try_emplace(site);
    if (!is_new) return;
    for (const auto* agent : agents.of_site(site))
        if (!agent->now.boot_id.empty())
            entry->second.runs[agent->enrolment.id] = {agent->now.boot_id, agent->now.began_ms};
    for (const auto& subject : seen_from(site)) {
        for (const auto& known : facts.facts(subject)) {
            if (std::holds_alternative<std::monostate>(known.value) || !is_momentary(subject, known.name)) continue;
            std::string name(known.name);
            (void)facts.set(subject, name, {}, known.at);
            entry->second.veiled.push_back({subject, std::move(name), known.at});
        }
    }
    turn.changes.sites.insert(site);
}

// An agent that kept running tells only what changed: the rest is as it was. After a new start, of the machine or of
// the agent alone, it tells everything anew.
void Pipeline::Impl::come_back(Turn& turn, const std::string& site) {
    const auto entry = dark.find(site);
    if (entry == dark.end()) return;
    const auto dark_site = std::move(entry->second);
    dark.erase(entry);
    const auto kept_running = [&](const Agent* agent) {
        const auto run = dark_site.runs.find(agent->enrolment.id);
        return agent->heard && run != dark_site.runs.end() &&
               run->second == std::pair(agent->now.boot_id, agent->now.began_ms);
    };
    // After a restart of the collector nobody remembers who ran before.
    const bool is_remembered = !dark_site.runs.empty();
    const auto& here = agents.of_site(site);
    if (is_remembered && std::none_of(here.begin(), here.end(), kept_running)) return;
    for (const auto& [subject, name, at] : dark_site.veiled) {
        if (is_remembered && subject.kind == wire::SubjectKind::agent && !kept_running(agents.find(subject.id)))
            continue;
        const auto* held = ledger.find(subject, name);
        if (held != nullptr && facts.has(subject)) (void)facts.set(subject, name, held->value, at);
    }
    turn.changes.sites.insert(site);
}

}  // namespace vg::collector
