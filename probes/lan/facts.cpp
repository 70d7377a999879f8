#include "probes/lan/facts.hpp"

#include "probes/lan/dissect/dhcp4.hpp"
#include "probes/lan/dissect/text.hpp"
#include "probes/lan/mac_vendor.hpp"

#include <algorithm>
#include <map>

namespace vg::probes::lan {
namespace {

constexpr std::size_t most_entry = 200;  // bytes of an entry's name in a list

// In which protocol it was heard first counts most for who reads the event.
const char* source_of(const Device& device) {
    const auto in = [&device](unsigned bit) { return (device.protocols & bit) != 0; };
    if (in(heard_in::dhcp)) return "dhcp";
    if (in(heard_in::arp)) return "arp";
    if (in(heard_in::ndp)) return "ndp";
    if (in(heard_in::dhcpv6)) return "dhcpv6";
    if (in(heard_in::lldp)) return "lldp";
    if (in(heard_in::cdp)) return "cdp";
    if (in(heard_in::stp)) return "stp";
    if (in(heard_in::mdns)) return "mdns";
    return in(heard_in::nbns) ? "nbns" : in(heard_in::llmnr) ? "llmnr" : "ssdp";
}

std::string entry_name(const std::string& list, const std::string& entry) {
    auto out = dissect::clean_text(entry, most_entry);
    return list + (out.empty() ? "?" : out);
}

class Gathered {
public:
    explicit Gathered(const Device& device) : subject_(subject_of(device)) {}
    void text(const char* name, std::string value) {
        if (!value.empty()) add(name, std::move(value));
    }
    void add(std::string name, wire::FactValue value) {
        facts_.push_back({subject_, std::move(name), std::move(value)});
    }
    [[nodiscard]] std::vector<wire::Fact> take() { return std::move(facts_); }

private:
    wire::Subject subject_;
    std::vector<wire::Fact> facts_;
};

// One entry a kind: the first instance in order, so that its value does not swing between two.
void add_services(const Device& device, Gathered& out) {
    std::map<std::string, std::string> kinds;
    for (const auto& service : device.services) {
        auto& text = kinds[service.kind];
        if (text.empty() || service.text < text) text = service.text;
    }
    for (const auto& [kind, text] : kinds) out.add(entry_name("announces/", kind), text.empty() ? kind : text);
}

}  // namespace

wire::Subject subject_of(const Device& device) { return {wire::SubjectKind::device, "mac:" + to_text(device.mac)}; }

std::vector<wire::Fact> facts_of(const Device& device) {
    Gathered out(device);
    out.add("seen", true);
    out.add("mac", to_text(device.mac));
    out.text("mac_vendor", vendor_of(device.mac));
    out.add("mac_local", device.mac.is_local());
    out.text("ip", to_text(main_ip_of(device)));
    out.text("host_name", host_name_of(device));
    out.text("announced_name", announced_name_of(device));
    out.text("platform", platform_of(device));
    if (device.vlan != 0) out.add("vlan", std::int64_t{device.vlan});
    if (device.dhcp) {
        out.text("client_id", dissect::hex_text(view_of(device.dhcp->client_id)));
        out.text("dhcp_fingerprint", dissect::fingerprint_text(view_of(device.dhcp->parameters)));
        out.text("dhcp_class", device.dhcp->vendor_class);
    }
    add_services(device, out);
    return out.take();
}

wire::Event new_host(const Device& device, Mono at) {
    wire::Event e;
    e.kind = "lan.new_host";
    e.subject = subject_of(device);
    e.fields = {{"mac", to_text(device.mac)}, {"source", source_of(device)}};
    const auto add = [&e](const char* name, std::string value) {
        if (!value.empty()) e.fields.emplace_back(name, std::move(value));
    };
    add("ip", to_text(main_ip_of(device)));
    add("host_name", host_name_of(device));
    add("announced_name", announced_name_of(device));
    add("vendor", vendor_of(device.mac));
    if (device.dhcp) add("vendor_class", device.dhcp->vendor_class);
    if (device.vlan != 0) add("vlan", std::to_string(device.vlan));
    e.at = at;
    return e;
}

std::string heard_entry(const Neighbour& neighbour) {
    return entry_name("heard/",
                      std::string(to_string(neighbour.protocol)) + "/" + neighbour.chassis + "+" + neighbour.port);
}

}  // namespace vg::probes::lan
