#pragma once
// What was heard of one device on the LAN: the model that capture, facts and `watch` share. Plain values with bounds
// kept by DeviceTable. What compares against frames is kept as it came (fingerprint, client id); text where people read
// it.

#include "base/clock.hpp"
#include "probes/lan/dissect/address.hpp"
#include "probes/lan/dissect/announcement.hpp"

#include <memory>
#include <string>
#include <vector>

namespace vg::probes::lan {

using dissect::Ip;
using dissect::Mac;

enum class NameSource : std::uint8_t { dhcp, dhcpv6, mdns, llmnr, nbns, lldp, cdp };

struct Name {
    NameSource source{};
    std::uint8_t suffix = 0;  // NetBIOS: what the name stands for
    std::string text;
};

struct Lease {
    Ip ip, server;
    std::uint32_t seconds = 0;  // 0: not told (BOOTP, or an answer to INFORM)
};

struct DhcpClient {
    std::string parameters, client_id;  // options 55 and 61 as they came
    std::string host_name, vendor_class;
    Ip requested;
    std::vector<Lease> leases;  // the latest last
};

struct Dhcp6Client {
    std::string duid, options;  // options 1 and 6 as they came
    std::string full_name, vendor_class;
    std::uint32_t enterprise = 0;  // of the vendor class
    std::vector<Ip> addresses;     // that a server gave it
};

enum class NeighbourProtocol : std::uint8_t { lldp, cdp, stp };

struct Neighbour {
    NeighbourProtocol protocol{};
    std::string chassis, port, port_description, name, description, platform, serial;
    std::uint16_t vlan = 0;
    std::uint16_t seconds_to_live = 0;
    std::vector<Ip> addresses;
    bool is_fresh = false;  // heard since Teller looked
};

// What a device offers: "_ipp._tcp" by mDNS with the instance's name, or a UPnP type with where it is described.
struct Service {
    std::string kind, text;
};

namespace role {
constexpr std::uint8_t dhcp_server = 1, router = 2, bridge = 4, dhcp6_server = 8;
}

namespace heard_in {
constexpr std::uint16_t arp = 1, ndp = 2, dhcp = 4, dhcpv6 = 8, mdns = 16, llmnr = 32, nbns = 64, ssdp = 128,
                        lldp = 256, cdp = 512, stp = 1024;
}

// First what every frame touches.
struct Device {
    Mac mac;                      // none: known by its address only, or by nothing but what it announces
    std::uint64_t frames = 0;     // that it sent
    Time first{}, last{};         // heard
    std::uint16_t protocols = 0;  // in which it was heard, bits of `heard_in`; 0: only its frames went by
    std::uint16_t vlan = 0;
    std::uint8_t roles = 0;
    bool is_touched = false;  // heard since the table was asked last
    std::vector<Ip> ips;      // the latest last
    std::vector<Name> names;
    std::vector<Service> services;
    std::unique_ptr<DhcpClient> dhcp;
    std::unique_ptr<Dhcp6Client> dhcp6;
    std::vector<Neighbour> neighbours;   // what it says of itself by LLDP, CDP and as a bridge
    std::string workgroup, server_text;  // NetBIOS group; SSDP SERVER
    Ip key;                              // of a device without a MAC
    // Teller's: when it was told, how often (up to two), and a digest of what was told.
    Mono told{};
    std::uint8_t times_told = 0;
    std::uint64_t told_digest = 0;
};

[[nodiscard]] const char* to_string(NameSource source);
[[nodiscard]] const char* to_string(NeighbourProtocol protocol);

// What other rooms take for the one name or make of a device; "" when nothing was told.
[[nodiscard]] std::string host_name_of(const Device& device);       // DHCP
[[nodiscard]] std::string announced_name_of(const Device& device);  // mDNS, LLMNR, NBNS, LLDP, CDP
[[nodiscard]] std::string platform_of(const Device& device);        // CDP, LLDP, SSDP
[[nodiscard]] Ip main_ip_of(const Device& device);                  // IPv4 before IPv6, the latest

}  // namespace vg::probes::lan
