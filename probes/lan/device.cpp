#include "probes/lan/device.hpp"

#include <algorithm>
#include <array>

namespace vg::probes::lan {
namespace {

const Name* latest(const Device& device, NameSource source) {
    const auto found = std::find_if(device.names.rbegin(), device.names.rend(),
                                    [source](const Name& n) { return n.source == source; });
    return found == device.names.rend() ? nullptr : &*found;
}

}  // namespace

const char* to_string(NameSource source) {
    switch (source) {
        case NameSource::dhcp: return "dhcp";
        case NameSource::dhcpv6: return "dhcpv6";
        case NameSource::mdns: return "mdns";
        case NameSource::llmnr: return "llmnr";
        case NameSource::nbns: return "nbns";
        case NameSource::lldp: return "lldp";
        case NameSource::cdp: return "cdp";
    }
    return "";
}

const char* to_string(NeighbourProtocol protocol) {
    switch (protocol) {
        case NeighbourProtocol::lldp: return "lldp";
        case NeighbourProtocol::cdp: return "cdp";
        case NeighbourProtocol::stp: return "stp";
    }
    return "";
}

std::string host_name_of(const Device& device) {
    for (const auto source : {NameSource::dhcp, NameSource::dhcpv6})
        if (const auto* name = latest(device, source)) return name->text;
    return {};
}

std::string announced_name_of(const Device& device) {
    constexpr std::array order{NameSource::mdns, NameSource::llmnr, NameSource::nbns, NameSource::lldp,
                               NameSource::cdp};
    for (const auto source : order)
        if (const auto* name = latest(device, source)) return name->text;
    return {};
}

std::string platform_of(const Device& device) {
    for (const auto protocol : {NeighbourProtocol::cdp, NeighbourProtocol::lldp})
        for (const auto& n : device.neighbours) {
            if (n.protocol != protocol) continue;
            if (!n.platform.empty()) return n.platform;
            if (!n.description.empty()) return n.description;
        }
    return device.server_text;
}

Ip main_ip_of(const Device& device) {
    const auto v4 = std::find_if(device.ips.rbegin(), device.ips.rend(), [](const Ip& ip) { return ip.is_v4(); });
    if (v4 != device.ips.rend()) return *v4;
    return device.ips.empty() ? Ip{} : device.ips.back();
}

}  // namespace vg::probes::lan
