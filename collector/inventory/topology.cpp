#include "collector/inventory/topology.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

namespace vg::collector::inventory {
namespace {

using Place = std::size_t;  // in the list of devices

std::optional<std::uint32_t> ipv4(std::string_view text) {
    std::uint32_t out = 0, part = 0;
    int dots = 0, digits = 0;
    for (const char c : text) {
        if (c == '.') {
            if (digits == 0 || ++dots > 3) return std::nullopt;
            out = out << 8 | part;
            part = 0;
            digits = 0;
        } else if (c >= '0' && c <= '9' && ++digits <= 3) {
            part = part * 10 + static_cast<std::uint32_t>(c - '0');
            if (part > 255) return std::nullopt;
        } else
            return std::nullopt;
    }
    if (dots != 3 || digits == 0) return std::nullopt;
    return out << 8 | part;
}

bool is_within(std::string_view address, std::string_view subnet, int prefix) {
    const auto one = ipv4(address), net = ipv4(subnet);
    if (!one || !net || prefix < 8 || prefix > 30) return false;
    return (*one ^ *net) >> (32 - prefix) == 0;
}

bool is_network(const TopologyDevice& device) {
    static constexpr std::array kinds{"router", "switch", "ap"};
    return std::find(kinds.begin(), kinds.end(), device.kind) != kinds.end() || !device.forwarding.empty();
}

class Builder {
public:
    explicit Builder(const std::vector<TopologyDevice>& devices) : devices_(devices) {
        for (Place i = 0; i < devices.size(); ++i) {
            by_id_[devices[i].id] = i;
            for (const auto& mac : devices[i].macs) by_mac_.emplace(mac, i);
        }
    }

    Topology build() {
        say_neighbours();
        read_forwarding();
        link_switches();
        hang_cards();
        hang_by_arp();
        hang_by_subnet();
        Topology out;
        for (auto& [key, link] : links_) out.links.push_back(finish(link));
        add_nodes(out);
        return out;
    }

private:
    struct Ends {
        Place a, b;  // a's id < b's
    };
    using Key = std::tuple<Place, Place, std::string>;

    static std::string port_key(const std::string& a, const std::string& b) { return a + "\n" + b; }

    // A port by its name or number, as the device itself names it.
    const TopologyPort* port_of(Place device, const std::string& port) const {
        for (const auto& one : devices_[device].ports)
            if (!port.empty() && (one.name == port || one.index == port)) return &one;
        return nullptr;
    }
    std::string port_name(Place device, const std::string& port) const {
        const auto* found = port_of(device, port);
        return found != nullptr && !found->name.empty() ? found->name : port;
    }

    // Both ends may tell of one link, in their own words; a second link between two needs ports of its own.
    void add(Place from, Place to, const std::string& from_port, const std::string& to_port, const std::string& by) {
        if (from == to) return;
        const bool swapped = devices_[to].id < devices_[from].id;
        const Place a = swapped ? to : from, b = swapped ? from : to;
        auto a_port = port_name(a, swapped ? to_port : from_port), b_port = port_name(b, swapped ? from_port : to_port);
        for (auto at = links_.lower_bound({a, b, ""}); at != links_.end(); ++at) {
            if (std::get<0>(at->first) != a || std::get<1>(at->first) != b) break;
            auto& link = at->second;
            const auto clash = [&](Place end, const std::string& x, const std::string& y) {
                return !x.empty() && !y.empty() && x != y && port_of(end, x) != nullptr && port_of(end, y) != nullptr;
            };
            if (clash(a, link.a_port, a_port) || clash(b, link.b_port, b_port)) continue;
            better(a, link.a_port, a_port);
            better(b, link.b_port, b_port);
            if (std::find(link.by.begin(), link.by.end(), by) == link.by.end()) link.by.push_back(by);
            return;
        }
        TopologyLink link{devices_[a].id, devices_[b].id, a_port, b_port, {by}, Condition::not_known, 0};
        links_.emplace(Key{a, b, port_key(a_port, b_port)}, std::move(link));
        near_[a].insert(b);
        near_[b].insert(a);
    }
    void better(Place end, std::string& port, const std::string& other) const {
        if (port.empty() || (port_of(end, port) == nullptr && port_of(end, other) != nullptr)) port = other;
    }

    void say_neighbours() {
        for (Place i = 0; i < devices_.size(); ++i)
            for (const auto& one : devices_[i].neighbours) {
                const auto to = by_id_.find(one.to);
                if (to == by_id_.end()) continue;
                add(i, to->second, one.local, one.port, one.protocol);
                if (!one.local.empty()) trunks_.insert({i, port_name(i, one.local)});
            }
    }

    void read_forwarding() {
        for (Place i = 0; i < devices_.size(); ++i)
            for (const auto& [mac, index] : devices_[i].forwarding) {
                const auto owner = by_mac_.find(mac);
                const auto port = port_name(i, index);
                behind_[{i, port}].insert(mac);
                if (owner != by_mac_.end() && owner->second != i) sees_[i].emplace(owner->second, port);
            }
    }
    const std::string* port_towards(Place from, Place to) const {
        const auto all = sees_.find(from);
        if (all == sees_.end()) return nullptr;
        const auto port = all->second.find(to);
        return port == all->second.end() ? nullptr : &port->second;
    }

    // Two switches that see each other with no third one between them.
    void link_switches() {
        std::vector<Place> switches;
        for (const auto& [place, seen] : sees_) switches.push_back(place);
        for (const auto one : switches)
            for (const auto other : switches) {
                const auto *there = port_towards(one, other), *back = port_towards(other, one);
                if (one >= other || there == nullptr || back == nullptr) continue;
                trunks_.insert({one, *there});
                trunks_.insert({other, *back});
                const bool is_direct = std::none_of(switches.begin(), switches.end(), [&](Place third) {
                    const auto *from_one = port_towards(one, third), *from_other = port_towards(other, third);
                    return third != one && third != other && from_one != nullptr && from_other != nullptr &&
                           *from_one == *there && *from_other == *back;
                });
                if (is_direct) add(one, other, *there, *back, "fdb");
            }
    }

    // A card hangs behind the port that shows the fewest others.
    void hang_cards() {
        struct Choice {
            Place at;
            std::string port;
            std::size_t crowd;
        };
        std::map<Place, Choice> best;
        for (const auto& [at, seen] : sees_)
            for (const auto& [device, port] : seen) {
                if (sees_.contains(device) || trunks_.contains({at, port})) continue;
                const auto crowd = behind_.at({at, port}).size();
                const auto [found, is_new] = best.try_emplace(device, Choice{at, port, crowd});
                if (!is_new && crowd < found->second.crowd) found->second = {at, port, crowd};
            }
        for (const auto& [device, choice] : best)
            if (!has_link_but_to(device, choice.at)) add(choice.at, device, choice.port, "", "fdb");
    }
    // A device that LLDP placed already hangs there; a router may have many links.
    bool has_link_but_to(Place device, Place at) const {
        if (is_network(devices_[device])) return false;
        const auto near = near_.find(device);
        return near != near_.end() && (near->second.size() > 1 || !near->second.contains(at));
    }

    void hang_by_arp() {
        const auto linked = near_;
        for (Place i = 0; i < devices_.size(); ++i)
            for (const auto& [mac, index] : devices_[i].arp) {
                const auto owner = by_mac_.find(mac);
                if (owner == by_mac_.end() || owner->second == i || linked.contains(owner->second)) continue;
                if (devices_[owner->second].site == devices_[i].site) add(i, owner->second, index, "", "arp");
            }
    }

    void hang_by_subnet() {
        const auto linked = near_;
        for (Place i = 0; i < devices_.size(); ++i) {
            if (linked.contains(i) || devices_[i].kind == "router") continue;
            for (Place router = 0; router < devices_.size(); ++router) {
                if (devices_[router].kind != "router" || devices_[router].site != devices_[i].site) continue;
                if (!is_gateway_of(devices_[router], devices_[i])) continue;
                add(router, i, "", "", "gateway");
                break;
            }
        }
    }
    static bool is_gateway_of(const TopologyDevice& router, const TopologyDevice& device) {
        for (const auto& address : device.addresses) {
            for (const auto& [own, prefix] : router.subnets)
                if (is_within(address, own, prefix)) return true;
            if (!router.subnets.empty()) continue;
            for (const auto& own : router.addresses)
                if (is_within(address, own, 24)) return true;
        }
        return false;
    }

    TopologyLink finish(TopologyLink link) const {
        const auto a = by_id_.at(link.a), b = by_id_.at(link.b);
        const auto *one = port_of(a, link.a_port), *other = port_of(b, link.b_port);
        const auto is_down = [](const TopologyPort* port) {
            return port != nullptr && port->condition == Condition::down;
        };
        const auto ends = std::pair{devices_[a].condition, devices_[b].condition};
        if (is_down(one) || is_down(other) || ends.first == Condition::down || ends.second == Condition::down)
            link.condition = Condition::down;
        else if ((ends.first == Condition::up && ends.second == Condition::up) ||
                 (one != nullptr && one->condition == Condition::up) ||
                 (other != nullptr && other->condition == Condition::up))
            link.condition = Condition::up;
        for (const auto* port : {one, other})
            if (port != nullptr && port->speed_bps > 0)
                link.speed_bps = link.speed_bps == 0 ? port->speed_bps : std::min(link.speed_bps, port->speed_bps);
        return link;
    }

    // Steps from the routers of the site, or from its busiest switch.
    void add_nodes(Topology& out) const {
        std::map<std::string, std::vector<std::string>> near;
        for (const auto& link : out.links) {
            near[link.a].push_back(link.b);
            near[link.b].push_back(link.a);
        }
        std::map<std::string, std::string> root_of_site;
        std::vector<std::string> reached;
        std::map<std::string, int> depth;
        for (const auto& device : devices_) {
            if (device.kind == "router") {
                depth[device.id] = 0;
                reached.push_back(device.id);
                root_of_site[device.site] = "";
            } else if (device.kind == "switch") {
                const auto root = root_of_site.try_emplace(device.site, device.id).first;
                if (!root->second.empty() && near[device.id].size() > near[root->second].size())
                    root->second = device.id;
            }
        }
        for (const auto& [site, root] : root_of_site)
            if (!root.empty() && depth.emplace(root, 0).second) reached.push_back(root);
        for (std::size_t i = 0; i < reached.size(); ++i)
            for (const auto& next : near[reached[i]])
                if (depth.emplace(next, depth[reached[i]] + 1).second) reached.push_back(next);
        int deepest = 0;
        for (const auto& [id, steps] : depth) deepest = std::max(deepest, steps);
        for (const auto& device : devices_) {
            const auto found = depth.find(device.id);
            out.nodes.push_back({device.id, device.name, device.kind, device.site, device.condition,
                                 found != depth.end() ? found->second : deepest + 1});
        }
        std::sort(out.nodes.begin(), out.nodes.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    }

    const std::vector<TopologyDevice>& devices_;
    std::map<std::string, Place> by_id_;
    std::map<std::string, Place> by_mac_;
    std::map<Key, TopologyLink> links_;
    std::map<Place, std::set<Place>> near_;           // that have a link
    std::set<std::pair<Place, std::string>> trunks_;  // ports behind which another switch is
    std::map<std::pair<Place, std::string>, std::set<std::string>> behind_;
    std::map<Place, std::map<Place, std::string>> sees_;  // by forwarding: device, port
};

}  // namespace

const char* to_string(Condition condition) noexcept {
    switch (condition) {
        case Condition::up: return "up";
        case Condition::down: return "down";
        case Condition::not_known: return "not_known";
    }
    return "not_known";
}

Topology make_topology(const std::vector<TopologyDevice>& devices) { return Builder(devices).build(); }

const Record* find_neighbour(const Inventory& inventory, const std::string& site, const std::string& chassis,
                             const std::string& name) {
    const auto& identity = inventory.identity();
    const auto at_site = [&](const std::vector<const Witness*>& found) -> const Record* {
        const Record* any = nullptr;
        for (const auto* witness : found) {
            const auto* record = identity.record_of(witness->id);
            if (witness->site == site) return record;
            if (any == nullptr) any = record;
        }
        return any;
    };
    const auto by = [&](SignalKind kind, const std::string& value) { return at_site(identity.having({kind, value})); };
    const auto text = lower(chassis);
    if (const auto* record = by(SignalKind::mac, text)) return record;
    for (auto host : {lower(name), text}) {
        if (const auto* record = by(SignalKind::address, site + "|" + host)) return record;
        host.resize(std::min(host.find('.'), host.size()));
        if (host.empty()) continue;
        if (const auto* record = by(SignalKind::host_name, site + "|" + host)) return record;
    }
    return nullptr;
}

}  // namespace vg::collector::inventory
