#include "collector/register/flow.hpp"
#include "collector/register/read.hpp"
#include "collector/register/row_texts.hpp"

namespace vg::collector::registry {
namespace {

std::string number(std::optional<std::int64_t> value) { return value ? std::to_string(*value) : ""; }

std::string number(std::optional<double> value) {
    if (!value) return "";
    auto text = std::to_string(*value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

std::string date(const std::optional<Date>& value) { return value ? to_string(*value) : ""; }

std::string codes(const std::vector<std::string>& list) {
    std::string out;
    for (const auto& one : list) out += (out.empty() ? "" : ", ") + quote(one);
    return "[" + out + "]";
}

void add_probe(FlowMap& map, const ProbeEntry& probe) {
    map.text("probe", probe.probe).text("target", probe.target).plain("every", probe.every);
    map.plain("timeout", probe.timeout).plain("watchers", probe.watchers ? "true" : "");
    for (const auto& [key, value] : probe.options) map.node(key, value);
}

std::string row(const Unit& unit) {
    FlowMap map;
    map.text("code", unit.code).plain("level", unit.level).plain("kind", unit.kind).text("name", unit.name);
    map.text("parent", unit.parent).plain("valid_from", date(unit.valid.from)).plain("valid_to", date(unit.valid.to));
    return map.str();
}

std::string row(const Succession& event) {
    FlowMap map;
    map.plain("date", date(event.date)).plain("type", event.type).text("basis", event.basis);
    return map.plain("from", codes(event.from)).plain("to", codes(event.to)).str();
}

std::string row(const Site& site) {
    FlowMap map;
    map.text("id", site.id).text("name", site.name).text("unit", site.unit).text("address", site.address);
    map.plain("head_count", number(site.head_count)).plain("expected_pcs", number(site.expected_pcs));
    map.plain("expected_agents", number(site.expected_agents)).plain("level", number(site.level));
    map.plain("stocktake", date(site.stocktake)).plain("review", date(site.review));
    return map.plain("valid_from", date(site.valid.from)).plain("valid_to", date(site.valid.to)).str();
}

std::string row(const Uplink& line) {
    FlowMap map;
    map.text("site", line.site).text("name", line.name).plain("kind", line.kind).text("provider", line.provider);
    map.text("contract", line.contract).plain("subscribed_mbps", number(line.subscribed_mbps));
    map.plain("primary", line.primary ? "true" : "").text("interface", line.interface);
    return map.text("next_hop", line.next_hop).str();
}

std::string row(const Service& service) {
    FlowMap map;
    map.text("site", service.site).text("id", service.id).text("name", service.name).text("kind", service.kind);
    if (!service.checked_everywhere) map.plain("checked_from", codes(service.checked_from));
    add_probe(map, service.probe);
    return map.str();
}

std::string row(const Device& device) {
    FlowMap map;
    map.text("site", device.site).text("name", device.name).text("kind", device.kind).text("mac", device.mac);
    map.text("ip", device.ip).text("host", device.host).plain("intranet_only", device.intranet_only ? "true" : "");
    map.text("vendor", device.vendor).text("model", device.model).text("serial", device.serial);
    map.text("location", device.location).text("segment", device.segment).text("purpose", device.purpose);
    map.plain("status", device.status).text("responsible", device.responsible);
    map.text("conformity", device.conformity).plain("support_end", date(device.support_end));
    if (device.snmp) map.node("snmp", *device.snmp);
    return map.str();
}

std::string row(const Software& software) {
    FlowMap map;
    map.text("site", software.site).text("name", software.name).text("version", software.version);
    map.text("purpose", software.purpose).text("licence", software.licence).text("owner", software.owner);
    return map.plain("support_end", date(software.support_end)).str();
}

std::string row(const AddressPlan& plan) {
    FlowMap map;
    map.text("site", plan.site).text("prefix", plan.prefix).text("purpose", plan.purpose);
    return map.plain("assigned", date(plan.assigned)).plain("reviewed", date(plan.reviewed)).str();
}

std::string row(const Segment& segment) {
    FlowMap map;
    map.text("site", segment.site).text("name", segment.name).text("prefix", segment.prefix);
    return map.plain("vlan", number(segment.vlan)).plain("kinds", codes(segment.kinds)).str();
}

std::string row(const ProbeEntry& probe) {
    FlowMap map;
    map.text("id", probe.id).text("site", probe.site);
    add_probe(map, probe);
    return map.str();
}

template <class T>
void table(std::string& out, std::string_view name, const std::vector<T>& rows) {
    if (rows.empty()) return;
    out += std::string(name) + ":\n";
    for (const auto& one : rows) out += "  - " + row(one) + "\n";
}

}  // namespace

std::string device_row(const Device& device) { return row(device); }

RowTexts row_texts(const Register& reg) {
    RowTexts out;
    for (const auto& one : reg.sites) out.sites.emplace(one.id, row(one));
    for (const auto& one : reg.uplinks) out.uplinks.emplace(one.site + "/" + one.name, row(one));
    for (const auto& one : reg.services) out.services.emplace(one.site + "/" + one.id, row(one));
    for (const auto& one : reg.devices) out.devices.emplace(one.site + "/" + one.name, row(one));
    return out;
}

std::string to_yaml(const Register& reg) {
    std::string out = "register: 1\n";
    out += "profiles: { fibre: { heartbeat: " + reg.profiles.fibre_heartbeat + ", seal: " + reg.profiles.fibre_seal +
           " }, metered: { seal: " + reg.profiles.metered_seal + " } }\n";
    table(out, "units", reg.units);
    table(out, "successions", reg.successions);
    table(out, "sites", reg.sites);
    table(out, "uplinks", reg.uplinks);
    table(out, "services", reg.services);
    table(out, "devices", reg.devices);
    table(out, "software", reg.software);
    table(out, "addresses", reg.addresses);
    table(out, "segments", reg.segments);
    table(out, "probes", reg.probes);
    return out;
}

}  // namespace vg::collector::registry
