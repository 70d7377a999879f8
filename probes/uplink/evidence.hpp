#pragma once
// What is known about the lines of a site before anything is concluded: the register's lines, this machine's interfaces
// and default routes. Plain values.

#include <cstdint>
#include <string>
#include <vector>

namespace vg::probes::uplink {

// One line of the site as the register names it.
struct Line {
    std::string name;       // "fibre-vnpt"
    std::string kind;       // fibre, xdsl, 2g, 3g, 4g, 5g, satellite, unknown
    std::string interface;  // of the machine that has the line; empty: not known
    std::string next_hop;   // the provider's first address; empty: not known
    bool primary = false;
};

struct Link {
    std::uint32_t index = 0;
    std::string name;
    bool up = false;       // administratively (IFF_UP)
    bool carrier = false;  // the cable or the radio says so (IFF_LOWER_UP)
    bool mobile = false;   // a modem: ppp, wwan
    bool operator==(const Link&) const = default;
};

struct DefaultRoute {
    bool v6 = false;
    std::uint32_t link = 0;    // index of the interface
    std::string gateway;       // empty on point-to-point links
    std::uint32_t metric = 0;  // the lowest wins
    bool operator==(const DefaultRoute&) const = default;
};

struct Network {
    std::vector<Link> links;
    std::vector<DefaultRoute> routes;
    bool operator==(const Network&) const = default;

    [[nodiscard]] const Link* link(std::uint32_t index) const {
        for (const auto& l : links)
            if (l.index == index) return &l;
        return nullptr;
    }
    [[nodiscard]] const Link* link(const std::string& name) const {
        for (const auto& l : links)
            if (l.name == name) return &l;
        return nullptr;
    }
};

// 2g to 5g and satellite: every byte counts.
[[nodiscard]] bool is_metered(const std::string& kind);

}  // namespace vg::probes::uplink
