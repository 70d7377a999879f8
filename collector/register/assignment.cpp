#include "collector/register/assignment.hpp"

#include "base/crypto.hpp"
#include "collector/register/flow.hpp"

namespace vg::collector::registry {
namespace {

std::string uplink_row(const Uplink& line) {
    FlowMap map;
    map.text("name", line.name).plain("kind", line.kind).text("interface", line.interface);
    return map.text("next_hop", line.next_hop).plain("primary", line.primary ? "true" : "").str();
}

std::string uplink_probe(const Register& reg, std::string_view site, const std::string& target) {
    std::string lines;
    for (const auto& line : reg.uplinks)
        if (line.site == site) lines += (lines.empty() ? "" : ", ") + uplink_row(line);
    FlowMap map;
    map.text("id", "uplink").plain("probe", "uplink").text("target", target);
    return map.plain("uplinks", lines.empty() ? "" : "[" + lines + "]").str();
}

const Uplink* primary_hop(const Register& reg, std::string_view site) {
    const Uplink* first = nullptr;
    for (const auto& line : reg.uplinks) {
        if (line.site != site || line.next_hop.empty()) continue;
        if (line.primary) return &line;
        if (first == nullptr) first = &line;
    }
    return first;
}

std::string entry(const ProbeEntry& probe, std::string_view service, std::string_view every) {
    FlowMap map;
    map.text("id", probe.id).text("probe", probe.probe).text("target", probe.target).text("service", service);
    map.plain("every", probe.every.empty() ? every : probe.every).plain("timeout", probe.timeout);
    for (const auto& [key, value] : probe.options) map.node(key, value);
    return map.str();
}

std::string snmp_probe(const Device& device) {
    FlowMap map;
    map.text("id", "snmp-" + device.name).plain("probe", "snmp").text("target", device.ip);
    bool has_every = false;
    for (const auto& [key, value] : device.snmp->entries) {
        if (key.scalar == "target") continue;
        has_every = has_every || key.scalar == "every";
        map.node(key.scalar, value);
    }
    if (!has_every) map.plain("every", "60s");
    return map.str();
}

bool has_probe(const Register& reg, std::string_view site, std::string_view id) {
    for (const auto& probe : reg.probes)
        if (probe.id == id && (probe.site.empty() || probe.site == site)) return true;
    return false;
}

}  // namespace

wire::Assignment make_assignment(const Register& reg, std::string_view site, std::size_t rank,
                                 const std::string& collector_address) {
    const bool watcher = rank < watchers_per_site;
    // A path is probed towards an address; the port is of no use there.
    auto far = collector_address.substr(0, collector_address.rfind(':'));
    if (far.starts_with('[') && far.ends_with(']')) far = far.substr(1, far.size() - 2);
    std::vector<std::string> probes;
    if (!has_probe(reg, site, "host")) probes.push_back("{ id: host, probe: host, every: 30s }");
    if (!has_probe(reg, site, "inventory"))
        probes.push_back("{ id: inventory, probe: inventory, every: 5m, timeout: 30s }");
    if (!has_probe(reg, site, "uplink")) probes.push_back(uplink_probe(reg, site, far));
    if (const auto* line = primary_hop(reg, site); line != nullptr && !has_probe(reg, site, "hop"))
        probes.push_back("{ id: hop, probe: icmp, target: " + quote(line->next_hop) +
                         ", every: 30s, timeout: 5s, count: 10 }");
    for (const auto* service : reg.services_of(site))
        if (watcher || !service->probe.watchers) probes.push_back(entry(service->probe, service->id, "60s"));
    for (const auto& device : reg.devices)
        if (watcher && device.site == site && device.snmp) probes.push_back(snmp_probe(device));
    for (const auto& probe : reg.probes)
        if ((probe.site.empty() || probe.site == site) && (watcher || !probe.watchers))
            probes.push_back(entry(probe, "", ""));

    std::string text = "site: " + quote(site) + "\nprofiles:\n  fibre: { heartbeat: " + reg.profiles.fibre_heartbeat +
                       ", seal: " + reg.profiles.fibre_seal + " }\n  metered: { seal: " + reg.profiles.metered_seal +
                       " }\nprobes:\n";
    for (const auto& probe : probes) text += "  - " + probe + "\n";
    wire::Assignment out;
    out.version = crypto::to_hex(crypto::sha256(view_of(text))).substr(0, 16);
    out.yaml = "version: \"" + out.version + "\"\n" + text;
    return out;
}

}  // namespace vg::collector::registry
