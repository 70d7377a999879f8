#pragma once
// How the devices of a site hang together, from what switches and routers tell: LLDP and CDP name a neighbour,
// forwarding tables say behind which port a card is, ARP tables and subnets say whose gateway a router is. What is
// better known stands over what is guessed. Pure; any thread.

#include "collector/inventory/inventory.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vg::collector::inventory {

enum class Condition : std::uint8_t { up, down, not_known };
[[nodiscard]] const char* to_string(Condition condition) noexcept;

struct TopologyPort {
    std::string index;  // ifIndex
    std::string name;
    Condition condition = Condition::not_known;
    std::int64_t speed_bps = 0;  // 0: not known
};

struct TopologyNeighbour {  // as the device tells it
    std::string protocol;   // lldp, cdp, stp
    std::string local;      // its own port; "" not known
    std::string port;       // the neighbour's
    std::string to;         // id of the neighbour; "" nobody that is known
};

struct TopologyDevice {
    std::string id, name, kind, site;
    Condition condition = Condition::not_known;
    std::vector<std::string> macs;
    std::vector<std::string> addresses;                // IPv4
    std::vector<std::pair<std::string, int>> subnets;  // of its interfaces: address and prefix length
    std::vector<TopologyPort> ports;
    std::vector<TopologyNeighbour> neighbours;
    std::vector<std::pair<std::string, std::string>> forwarding;  // MAC, ifIndex
    std::vector<std::pair<std::string, std::string>> arp;         // MAC, ifIndex
};

struct TopologyNode {
    std::string id, name, kind, site;
    Condition condition{};
    int depth = 0;  // steps from the way out
};

struct TopologyLink {
    std::string a, b, a_port, b_port;  // a < b
    std::vector<std::string> by;       // lldp, cdp, stp, fdb, arp, gateway
    Condition condition{};
    std::int64_t speed_bps = 0;
};

struct Topology {
    std::vector<TopologyNode> nodes;  // in order of id
    std::vector<TopologyLink> links;
};

[[nodiscard]] Topology make_topology(const std::vector<TopologyDevice>& devices);

// The device that a neighbour's chassis (MAC, address or name) or name means, at this site first; null: nobody known.
[[nodiscard]] const Record* find_neighbour(const Inventory& inventory, const std::string& site,
                                           const std::string& chassis, const std::string& name);

}  // namespace vg::collector::inventory
