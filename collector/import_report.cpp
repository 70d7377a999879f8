#include "collector/import_report.hpp"

#include "collector/agents.hpp"
#include "collector/inventory/inventory_text.hpp"
#include "collector/register/row_texts.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace vg::collector {
namespace {

using registry::Register;
using Texts = std::map<std::string, std::string>;

ImportReport::Rows compare(const Texts& before, const Texts& now) {
    ImportReport::Rows out;
    for (const auto& [key, text] : now) {
        const auto old = before.find(key);
        out.added += old == before.end() ? 1 : 0;
        out.changed += old != before.end() && old->second != text ? 1 : 0;
    }
    for (const auto& [key, text] : before) out.removed += now.contains(key) ? 0 : 1;
    return out;
}

// Whether the register has the device of a witness, "SITE/KEY".
bool has(const Register& reg, const Agents& agents, const std::string& witness) {
    const auto slash = witness.find('/'), colon = witness.find(':', slash);
    if (slash == std::string::npos || colon == std::string::npos) return false;
    const auto site = witness.substr(0, slash), kind = witness.substr(slash + 1, colon - slash - 1);
    const auto key = witness.substr(colon + 1);
    const auto* agent = kind == "host" ? agents.find(key) : nullptr;
    return std::any_of(reg.devices.begin(), reg.devices.end(), [&](const registry::Device& device) {
        if (device.site != site) return false;
        if (kind == "mac") return device.mac == key;
        if (kind == "snmp") return device.ip == key;
        if (kind == "name") return device.name == key;
        return agent != nullptr && !device.host.empty() && device.host == agent->enrolment.host;
    });
}

Text line(const Text& what, const ImportReport::Rows& rows) {
    return say({"{}: thêm {}, sửa {}, bỏ {}", "{}: {} added, {} changed, {} removed"}, what, rows.added, rows.changed,
               rows.removed);
}

}  // namespace

Result<ImportReport> report_of_import(Store& store, const Register& before, const Register& now) {
    auto agents = Agents::load(store);
    if (!agents) return agents.error();
    auto decisions = store.documents(inventory::text::triage);
    if (!decisions) return decisions.error();

    const auto old = registry::row_texts(before), rows = registry::row_texts(now);
    ImportReport out;
    out.sites = compare(old.sites, rows.sites);
    out.uplinks = compare(old.uplinks, rows.uplinks);
    out.devices = compare(old.devices, rows.devices);
    out.services = compare(old.services, rows.services);
    std::set<std::string> lost;
    for (const auto& [id, agent] : agents->all()) {
        const auto& site = agent.enrolment.site;
        if (agent.enrolment.revoked || !old.sites.contains(site) || rows.sites.contains(site)) continue;
        ++out.lost_agents;
        lost.insert(site);
    }
    out.lost_sites.assign(lost.begin(), lost.end());
    for (const auto& decision : *decisions)
        if (inventory::text::read_triage(decision).verdict == inventory::Verdict::adopted &&
            has(before, *agents, decision.id) && !has(now, *agents, decision.id))
            ++out.dropped_adoptions;
    return out;
}

std::vector<Text> ImportReport::lines() const {
    std::vector<Text> out{line(say({"trụ sở", "sites"}), sites), line(say({"đường truyền", "uplinks"}), uplinks),
                          line(say({"thiết bị", "devices"}), devices), line(say({"dịch vụ", "services"}), services)};
    if (dropped_adoptions > 0)
        out.push_back(say({"chú ý: {} thiết bị đã nhận vào danh mục trên trang không còn trong danh mục mới; chúng lại "
                           "chờ xử lý ở trang Thiết bị lạ",
                           "mind: devices adopted on the page that are not in the new register: {}; they wait for a "
                           "decision again under Unknown devices"},
                          dropped_adoptions));
    if (lost_agents > 0)
        out.push_back(say({"chú ý: {} trạm gác đã đăng ký mất trụ sở của mình: {}",
                           "mind: enrolled agents that lose their site: {}, of {}"},
                          lost_agents, joined(lost_sites)));
    return out;
}

}  // namespace vg::collector
