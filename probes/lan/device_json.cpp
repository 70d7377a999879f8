#include "probes/lan/device_json.hpp"

#include "probes/lan/dissect/dhcp4.hpp"
#include "probes/lan/dissect/dhcp6.hpp"
#include "probes/lan/dissect/text.hpp"
#include "probes/lan/mac_vendor.hpp"

#include <boost/json.hpp>

#include <utility>

namespace vg::probes::lan {
namespace {

namespace json = boost::json;

void put(json::object& out, const char* key, const std::string& text) {
    if (!text.empty()) out[key] = text;
}

json::array addresses(const std::vector<Ip>& ips) {
    json::array out;
    for (const auto& ip : ips) out.emplace_back(to_text(ip));
    return out;
}

json::array names(const Device& device) {
    json::array out;
    for (const auto& name : device.names) {
        json::object one{{"name", name.text}, {"source", to_string(name.source)}};
        if (name.source == NameSource::nbns) one["suffix"] = name.suffix;
        out.push_back(std::move(one));
    }
    return out;
}

json::object dhcp(const DhcpClient& client) {
    json::object out;
    put(out, "host_name", client.host_name);
    put(out, "fingerprint", dissect::fingerprint_text(view_of(client.parameters)));
    put(out, "vendor_class", client.vendor_class);
    put(out, "client_id", dissect::hex_text(view_of(client.client_id)));
    put(out, "requested", to_text(client.requested));
    json::array leases;
    for (const auto& lease : client.leases) {
        json::object one{{"ip", to_text(lease.ip)}};
        put(one, "server", to_text(lease.server));
        if (lease.seconds != 0) one["seconds"] = lease.seconds;
        leases.push_back(std::move(one));
    }
    if (!client.leases.empty()) {
        const auto& last = client.leases.back();
        out["leased"] = to_text(last.ip);
        put(out, "server", to_text(last.server));
        if (last.seconds != 0) out["lease_s"] = last.seconds;
        out["leases"] = std::move(leases);
    }
    return out;
}

json::object dhcp6(const Dhcp6Client& client) {
    json::object out;
    put(out, "duid", dissect::hex_text(view_of(client.duid), 130));
    put(out, "host_name", client.full_name);
    put(out, "fingerprint", dissect::fingerprint6_text(view_of(client.options)));
    put(out, "vendor_class", client.vendor_class);
    if (client.enterprise != 0) out["enterprise"] = client.enterprise;
    if (!client.addresses.empty()) out["addresses"] = addresses(client.addresses);
    return out;
}

json::object neighbour(const Neighbour& n) {
    json::object out{{"protocol", to_string(n.protocol)}, {"chassis", n.chassis}, {"port", n.port}};
    put(out, "port_description", n.port_description);
    put(out, n.protocol == NeighbourProtocol::stp ? "root" : "name", n.name);
    put(out, "platform", n.platform);
    put(out, "description", n.description);
    put(out, "serial", n.serial);
    if (n.vlan != 0) out["vlan"] = n.vlan;
    if (n.protocol != NeighbourProtocol::stp) out["ttl"] = n.seconds_to_live;
    if (!n.addresses.empty()) out["addresses"] = addresses(n.addresses);
    return out;
}

json::array named_bits(unsigned bits, std::initializer_list<std::pair<unsigned, const char*>> all) {
    json::array out;
    for (const auto& [bit, name] : all)
        if ((bits & bit) != 0) out.emplace_back(name);
    return out;
}

json::array roles(unsigned bits) {
    return named_bits(bits, {{role::dhcp_server, "dhcp_server"},
                             {role::dhcp6_server, "dhcpv6_server"},
                             {role::router, "router"},
                             {role::bridge, "bridge"}});
}

json::array protocols(unsigned bits) {
    return named_bits(bits, {{heard_in::arp, "arp"},
                             {heard_in::ndp, "ndp"},
                             {heard_in::dhcp, "dhcp"},
                             {heard_in::dhcpv6, "dhcpv6"},
                             {heard_in::mdns, "mdns"},
                             {heard_in::llmnr, "llmnr"},
                             {heard_in::nbns, "nbns"},
                             {heard_in::ssdp, "ssdp"},
                             {heard_in::lldp, "lldp"},
                             {heard_in::cdp, "cdp"},
                             {heard_in::stp, "stp"}});
}

void put_mac(json::object& out, const Device& device) {
    if (device.mac.value == 0) {
        out["mac"] = nullptr;
        return;
    }
    out["mac"] = to_text(device.mac);
    put(out, "vendor", vendor_of(device.mac));
    out["mac_local"] = device.mac.is_local();
}

json::object steady(const Device& device) {
    json::object out{{"type", "device"}};
    put_mac(out, device);
    out["ips"] = addresses(device.ips);
    out["names"] = names(device);
    put(out, "workgroup", device.workgroup);
    if (device.vlan != 0) out["vlan"] = device.vlan;
    put(out, "platform", platform_of(device));
    if (device.roles != 0) out["roles"] = roles(device.roles);
    out["protocols"] = protocols(device.protocols);
    if (device.dhcp)
        if (auto client = dhcp(*device.dhcp); !client.empty()) out["dhcp"] = std::move(client);
    if (device.dhcp6)
        if (auto client = dhcp6(*device.dhcp6); !client.empty()) out["dhcpv6"] = std::move(client);
    json::array neighbours, announces;
    for (const auto& n : device.neighbours) neighbours.push_back(neighbour(n));
    out["neighbours"] = std::move(neighbours);
    for (const auto& s : device.services) announces.push_back(json::object{{"kind", s.kind}, {"text", s.text}});
    if (!announces.empty()) out["announces"] = std::move(announces);
    return out;
}

json::object event(const char* kind, const Device& device, Time at) {
    json::object out{{"type", "event"}, {"event", kind}, {"at", to_iso(at)}};
    put_mac(out, device);
    return out;
}

}  // namespace

std::string device_line(const Device& device) {
    auto out = steady(device);
    out["frames"] = device.frames;
    out["first"] = to_iso(device.first);
    out["last"] = to_iso(device.last);
    return json::serialize(out);
}

std::string steady_line(const Device& device) { return json::serialize(steady(device)); }

std::string lease_line(const Device& device, const Lease& lease, Time at) {
    auto out = event("dhcp.lease", device, at);
    out["ip"] = to_text(lease.ip);
    put(out, "server", to_text(lease.server));
    if (lease.seconds != 0) out["seconds"] = lease.seconds;
    put(out, "host_name", device.dhcp ? device.dhcp->host_name : std::string());
    return json::serialize(out);
}

std::string new_host_line(const Device& device, Time at) {
    auto out = event("lan.new_host", device, at);
    put(out, "ip", to_text(main_ip_of(device)));
    put(out, "host_name", host_name_of(device));
    put(out, "announced_name", announced_name_of(device));
    return json::serialize(out);
}

std::string file_line(const std::string& path) {
    return json::serialize(json::object{{"type", "file"}, {"file", path}});
}

std::string neighbour_text(const Neighbour& neighbour) {
    json::object out{
        {"protocol", to_string(neighbour.protocol)}, {"chassis", neighbour.chassis}, {"port", neighbour.port}};
    put(out, "name", neighbour.name);
    put(out, "platform", neighbour.platform.empty() ? neighbour.description : neighbour.platform);
    if (neighbour.vlan != 0) out["vlan"] = neighbour.vlan;
    return json::serialize(out);
}

}  // namespace vg::probes::lan
