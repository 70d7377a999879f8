#include "collector/api/elsewhere.hpp"
#include "collector/api/handlers.hpp"
#include "collector/api/lacking.hpp"
#include "collector/api/render.hpp"
#include "collector/api/search.hpp"

#include <chrono>
#include <map>

namespace vg::collector::api {
namespace {

using rules::Verdict;
using wire::SubjectKind;

registry::Date today(Time now) { return std::chrono::floor<std::chrono::days>(now); }

json::array uplinks_of(Call& call, const std::string& site, const Elsewhere& elsewhere) {
    json::array out;
    for (const auto& line : call.reg().uplinks) {
        if (line.site != site) continue;
        const auto row = row_of(call.pipeline, {SubjectKind::uplink, site + "/" + line.name});
        out.push_back(
            json::object{{"name", line.name},
                         {"kind", line.kind},
                         {"provider", or_null(line.provider)},
                         {"contract", or_null(line.contract)},
                         {"primary", line.primary},
                         {"subscribed_mbps", line.subscribed_mbps ? json::value(*line.subscribed_mbps) : json::value()},
                         {"up", column(row, "up")},
                         {"elsewhere", elsewhere.lines(line)}});
    }
    return out;
}

// When each service was last looked at from the site: every look leaves samples, but a fact is told again only now and
// then. By the service's id.
std::map<std::string, Time> last_looks(Call& call, const std::string& site) {
    std::map<std::string, Time> out;
    for (const auto* agent : call.pipeline.agents().of_site(site)) {
        const auto all = call.pipeline.store().series({.agent = agent->enrolment.id});
        if (!all) continue;
        for (const auto& one : *all)
            for (const std::string_view probe : {"http.", "tcp.", "dns."})
                if (one.name.metric.starts_with(probe)) {
                    auto& last = out[one.name.target];
                    last = std::max(last, one.last);
                }
    }
    return out;
}

json::array services_of(Call& call, const std::string& site, const Elsewhere& elsewhere) {
    json::array out;
    const auto looks = last_looks(call, site);
    for (const auto* service : call.reg().services_of(site)) {
        const rules::SubjectId id{SubjectKind::service, site + "/" + service->id};
        const auto row = row_of(call.pipeline, id);
        auto reachable = column(row, "reachable");
        if (reachable.is_null()) reachable = column(row, "tcp_reachable");
        if (reachable.is_null()) reachable = column(row, "dns_ok");
        std::optional<Time> checked;
        for (const char* fact : {"reachable", "tcp_reachable", "dns_ok"})
            checked = std::max(checked, call.pipeline.last_told(id, fact));
        if (const auto look = looks.find(service->id); look != looks.end())
            checked = std::max(checked, std::optional(look->second));
        out.push_back(json::object{{"id", service->id},
                                   {"name", service->name.empty() ? service->id : service->name},
                                   {"kind", service->kind},
                                   {"reachable", std::move(reachable)},
                                   {"checked", iso(checked)},
                                   {"elsewhere", elsewhere.service(service->id)}});
    }
    return out;
}

json::array verdicts_of(Call& call, const std::string& site) {
    json::array out;
    const auto add = [&](const rules::SubjectId& subject) {
        for (const auto& [rule, verdict] : call.pipeline.judge().verdicts(subject)) {
            if (verdict == Verdict::not_applicable) continue;
            out.push_back(json::object{
                {"rule", rule->id},
                {"title", to_json(rule->title)},
                {"verdict", rules::to_string(verdict)},
                {"subject", json::object{{"kind", wire::to_string(subject.kind)}, {"id", subject.id}}},
                {"lacking", verdict == Verdict::not_known ? lacking(call, *rule, subject) : json::array()}});
        }
    };
    add({SubjectKind::site, site});
    for (const auto& line : call.reg().uplinks)
        if (line.site == site) add({SubjectKind::uplink, site + "/" + line.name});
    for (const auto* service : call.reg().services_of(site)) add({SubjectKind::service, site + "/" + service->id});
    for (const auto* agent : call.pipeline.agents().of_site(site)) add({SubjectKind::agent, agent->enrolment.id});
    return out;
}

struct UnitCount {
    std::int64_t sites = 0, open = 0;
    bool any_not_met = false, any_not_known = false;
};

UnitCount count(Call& call, const registry::Unit& unit, const Standing& now) {
    UnitCount out;
    for (const auto& site : call.reg().sites) {
        if (!call.reg().is_within(site.unit, unit.code)) continue;
        ++out.sites;
        const auto state = state_of_site(call.pipeline, site.id, now);
        out.any_not_met = out.any_not_met || state == Verdict::not_met;
        out.any_not_known = out.any_not_known || state == Verdict::not_known;
        const auto open = now.open.find(site.id);
        out.open += open != now.open.end() ? static_cast<std::int64_t>(open->second) : 0;
    }
    const auto own = now.open.find("unit:" + unit.code);
    if (own != now.open.end()) {
        out.open += static_cast<std::int64_t>(own->second);
        out.any_not_met = true;
    }
    return out;
}

}  // namespace

Answer list_units(Call& call) {
    json::array out;
    const auto now = standing(call.pipeline);
    for (const auto& unit : call.reg().units) {
        if (!unit.valid.holds(today(call.now)) || !call.sees_unit(unit.code)) continue;
        if (const auto level = call.query("level"); level && unit.level != *level) continue;
        const auto counted = count(call, unit, now);
        const auto state = counted.any_not_met                           ? Verdict::not_met
                           : counted.any_not_known || counted.sites == 0 ? Verdict::not_known
                                                                         : Verdict::met;
        out.push_back(json::object{{"code", unit.code},
                                   {"name", unit.name},
                                   {"full_name", registry::full_name(unit)},
                                   {"kind", unit.kind},
                                   {"level", unit.level},
                                   {"parent", or_null(unit.parent)},
                                   {"sites", counted.sites},
                                   {"open_gaps", counted.open},
                                   {"state", rules::to_string(state)}});
    }
    return list_of(std::move(out));
}

Answer list_sites(Call& call) {
    json::array out;
    const Search search(call.query("q").value_or(""));
    const auto now = standing(call.pipeline);
    for (const auto& site : call.reg().sites) {
        if (!call.sees_unit(site.unit)) continue;
        if (const auto unit = call.query("unit"); unit && !call.reg().is_within(site.unit, *unit)) continue;
        auto item = site_item(call.pipeline, site, now);
        if (const auto state = call.query("state"); state && !says(item, "state", *state)) continue;
        // While nobody at the site is heard, which line it is on is not known.
        const bool is_dark = item["agents"].to_number<int>() > 0 && item["agents_heard"].to_number<int>() == 0;
        const bool is_unknown = is_dark || item["active_uplink"].is_null();
        if (const auto line = call.query("line"); line)
            if (is_unknown ? *line != "unknown" : !says(item, "active_uplink", *line)) continue;
        if (!search.matches(item, {"id", "name", "unit_name", "address"})) continue;
        out.push_back(std::move(item));
    }
    return list_of(std::move(out));
}

Answer get_site(Call& call) {
    const auto* site = call.reg().site(call.path.front());
    if (site == nullptr || !call.sees_unit(site->unit)) return not_found("trụ sở", "site");
    auto item = site_item(call.pipeline, *site, standing(call.pipeline));
    item["head_count"] = site->head_count ? json::value(*site->head_count) : json::value();
    item["expected_pcs"] = site->expected_pcs ? json::value(*site->expected_pcs) : json::value();
    const Elsewhere elsewhere(call.pipeline, site->id);
    item["elsewhere"] = elsewhere.sites();
    item["uplinks"] = uplinks_of(call, site->id, elsewhere);
    item["services"] = services_of(call, site->id, elsewhere);
    json::array agents, gaps;
    for (const auto* agent : call.pipeline.agents().of_site(site->id))
        agents.push_back(agent_item(call.pipeline, *agent));
    for (const auto& gap : call.pipeline.gaps().gaps())
        if (site_of(call.pipeline, gap.key.subject) == site->id) gaps.push_back(gap_item(call.pipeline, gap));
    item["agents"] = std::move(agents);
    item["gaps"] = std::move(gaps);
    item["verdicts"] = verdicts_of(call, site->id);
    return answer(std::move(item));
}

}  // namespace vg::collector::api
