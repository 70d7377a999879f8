#include "collector/register/subjects.hpp"

#include <set>

namespace vg::collector::registry {
namespace {

using rules::RegisterColumns;
using rules::SubjectId;
using wire::FactValue;
using wire::SubjectKind;

FactValue known(const std::optional<Date>& date) { return date ? FactValue{to_string(*date)} : FactValue{}; }
FactValue known(const std::string& text) { return text.empty() ? FactValue{} : FactValue{text}; }
template <class T>
FactValue known(const std::optional<T>& value) {
    return value ? FactValue{*value} : FactValue{};
}

const Unit* unit_of(const Register& reg, std::string_view site) {
    const auto* found = reg.site(site);
    return found != nullptr ? reg.unit(found->unit) : nullptr;
}

// The columns that every subject of a site has.
RegisterColumns of_site(const Register& reg, std::string_view site) {
    const auto* found = reg.site(site);
    const auto* unit = unit_of(reg, site);
    return {{"site", std::string(site)},
            {"unit", found != nullptr ? known(found->unit) : FactValue{}},
            {"unit_level", unit != nullptr ? known(unit->level) : FactValue{}}};
}

RegisterColumns unit_columns(const Register& reg, const Unit& unit) {
    std::int64_t sites = 0;
    for (const auto& site : reg.sites) sites += site.unit == unit.code ? 1 : 0;
    return {{"name", full_name(unit)},
            {"level", unit.level},
            {"kind", unit.kind},
            {"parent", known(unit.parent)},
            {"sites", sites}};
}

RegisterColumns site_columns(const Register& reg, const Site& site) {
    const auto* unit = reg.unit(site.unit);
    std::int64_t lines = 0;
    bool fibre = false;
    for (const auto& line : reg.uplinks) {
        if (line.site != site.id) continue;
        ++lines;
        fibre = fibre || line.kind == "fibre";
    }
    return {{"name", site.name},
            {"unit", known(site.unit)},
            {"unit_name", unit != nullptr ? FactValue{full_name(*unit)} : FactValue{}},
            {"unit_level", unit != nullptr ? known(unit->level) : FactValue{}},
            {"unit_kind", unit != nullptr ? known(unit->kind) : FactValue{}},
            {"system_level", reg.level(site)},
            {"head_count", known(site.head_count)},
            {"expected_pcs", known(site.expected_pcs)},
            {"expected_agents", known(site.expected_agents ? site.expected_agents : site.expected_pcs)},
            {"has_fibre", fibre},
            {"uplinks", lines}};
}

RegisterColumns uplink_columns(const Register& reg, const Uplink& line) {
    auto out = of_site(reg, line.site);
    out.insert(out.end(), {{"name", line.name},
                           {"kind", line.kind},
                           {"primary_line", line.primary},
                           {"provider", known(line.provider)},
                           {"contract", known(line.contract)},
                           {"subscribed_mbps", known(line.subscribed_mbps)}});
    return out;
}

RegisterColumns service_columns(const Register& reg, std::string_view site, const Service& service) {
    auto out = of_site(reg, site);
    out.insert(
        out.end(),
        {{"service", service.id}, {"name", service.name.empty() ? service.id : service.name}, {"kind", service.kind}});
    return out;
}

struct Standing {
    SubjectId id;
    RegisterColumns columns;
};

std::vector<Standing> subjects(const Register& reg, Date day) {
    std::vector<Standing> out;
    for (const auto& unit : reg.units)
        if (unit.valid.holds(day)) out.push_back({{SubjectKind::unit, unit.code}, unit_columns(reg, unit)});
    std::set<std::string, std::less<>> standing;
    for (const auto& site : reg.sites) {
        if (!site.valid.holds(day)) continue;
        standing.insert(site.id);
        out.push_back({{SubjectKind::site, site.id}, site_columns(reg, site)});
        for (const auto* service : reg.services_of(site.id))
            out.push_back(
                {{SubjectKind::service, site.id + "/" + service->id}, service_columns(reg, site.id, *service)});
    }
    for (const auto& line : reg.uplinks)
        if (standing.contains(line.site))
            out.push_back({{SubjectKind::uplink, line.site + "/" + line.name}, uplink_columns(reg, line)});
    return out;
}

}  // namespace

rules::RegisterColumns agent_columns(const Register& reg, const AgentSubject& agent) {
    auto out = of_site(reg, agent.site);
    FactValue intranet_only = false;
    for (const auto& device : reg.devices)
        if (device.site == agent.site && !device.host.empty() && device.host == agent.host)
            intranet_only = device.intranet_only;
    out.insert(out.end(), {{"host", known(agent.host)}, {"intranet_only", intranet_only}});
    return out;
}

rules::RegisterColumns device_columns(const Register& reg, std::string_view site, const Device* device) {
    auto out = of_site(reg, site);
    const auto* found = reg.site(site);
    if (found != nullptr) out.emplace_back("system_level", reg.level(*found));
    if (device == nullptr) return out;
    out.insert(out.end(), {{"kind", known(device->kind)},
                           {"registered_name", known(device->name)},
                           {"registered_ip", known(device->ip)},
                           {"registered_mac", known(device->mac)},
                           {"registered_serial", known(device->serial)},
                           {"registered_location", known(device->location)},
                           {"model", known(device->model)},
                           {"segment", known(device->segment)},
                           {"purpose", known(device->purpose)},
                           {"status", known(device->status)},
                           {"responsible", known(device->responsible)},
                           {"support_end", known(device->support_end)},
                           {"conformity", known(device->conformity)}});
    return out;
}

Result<void> apply(const Register& reg, const std::vector<AgentSubject>& agents, Date day, rules::FactBase& facts) {
    const auto wanted = subjects(reg, day);
    std::set<SubjectId> kept;
    for (const auto& one : wanted) kept.insert(one.id);
    for (const auto kind : {SubjectKind::unit, SubjectKind::site, SubjectKind::uplink, SubjectKind::service})
        for (const auto& old : facts.subjects(kind))
            if (!kept.contains(old)) facts.remove_subject(old);
    for (const auto& one : wanted)
        if (auto put = facts.put_subject(one.id, one.columns); !put) return put.error();
    for (const auto& agent : agents)
        if (auto put = facts.put_subject({SubjectKind::agent, agent.id}, agent_columns(reg, agent)); !put)
            return put.error();
    return {};
}

}  // namespace vg::collector::registry
