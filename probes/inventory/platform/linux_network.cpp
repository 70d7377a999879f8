// Adapters with their addresses; who listens on which port.
#include "probes/inventory/platform/linux_parts.hpp"
#include "probes/inventory/words.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <bit>
#include <map>
#include <memory>

namespace vg::probes::inventory {
namespace {

int prefix_of(const std::uint8_t* mask, std::size_t bytes) {
    int bits = 0;
    for (std::size_t i = 0; i < bytes; ++i) bits += std::popcount(mask[i]);
    return bits;
}

std::string text_of(int family, const void* address, int prefix) {
    char text[INET6_ADDRSTRLEN] = {};
    if (::inet_ntop(family, address, text, sizeof text) == nullptr) return {};
    return std::string(text) + "/" + std::to_string(prefix);
}

struct Addresses {
    std::string v4, v6;
};

std::map<std::string, Addresses> addresses_by_adapter() {
    std::map<std::string, Addresses> out;
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0) return out;
    const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owned(first, ::freeifaddrs);
    for (const auto* at = first; at != nullptr; at = at->ifa_next) {
        if (at->ifa_addr == nullptr || at->ifa_netmask == nullptr) continue;
        auto& of = out[at->ifa_name];
        if (at->ifa_addr->sa_family == AF_INET && of.v4.empty()) {
            const auto* address = &reinterpret_cast<const sockaddr_in*>(at->ifa_addr)->sin_addr;
            const auto* mask = &reinterpret_cast<const sockaddr_in*>(at->ifa_netmask)->sin_addr;
            if ((ntohl(address->s_addr) >> 16) == 0xa9fe) continue;  // 169.254: link-local
            of.v4 = text_of(AF_INET, address, prefix_of(reinterpret_cast<const std::uint8_t*>(mask), 4));
        }
        if (at->ifa_addr->sa_family == AF_INET6 && of.v6.empty()) {
            const auto* address = &reinterpret_cast<const sockaddr_in6*>(at->ifa_addr)->sin6_addr;
            if (IN6_IS_ADDR_LINKLOCAL(address)) continue;
            const auto* mask = &reinterpret_cast<const sockaddr_in6*>(at->ifa_netmask)->sin6_addr;
            of.v6 = text_of(AF_INET6, address, prefix_of(mask->s6_addr, 16));
        }
    }
    return out;
}

// Bridges of containers and virtual machines have the same addresses on every machine: they are nobody's adapters.
bool is_inner(const std::string& name) {
    for (const auto* start :
         {"docker", "veth", "virbr", "vnet", "br-", "cni", "flannel", "lxc", "lxd", "podman", "ifb"})
        if (name.starts_with(start)) return true;
    return name == "lo";
}

}  // namespace

std::vector<Adapter> look_at_adapters(const Tree& tree) {
    std::vector<Adapter> out;
    auto addresses = tree.is_running_system() ? addresses_by_adapter() : std::map<std::string, Addresses>();
    for (const auto& name : tree.names("/sys/class/net")) {
        const auto folder = "/sys/class/net/" + name;
        Adapter adapter;
        adapter.name = clean(name);
        adapter.mac = tree.word(folder + "/address");
        if (adapter.mac.size() != 17 || adapter.mac == "00:00:00:00:00:00") adapter.mac.clear();
        if (const auto found = addresses.find(name); found != addresses.end()) {
            adapter.ipv4 = found->second.v4;
            adapter.ipv6 = found->second.v6;
        }
        const bool has_hardware = tree.exists(folder + "/device");
        const bool has_address = !adapter.ipv4.empty() || !adapter.ipv6.empty();
        if (is_inner(name) || (!has_hardware && !has_address)) continue;
        const auto state = tree.word(folder + "/operstate");
        if (state == "up" || state == "down" || state == "lowerlayerdown" || state == "dormant")
            adapter.up = state == "up";
        else if (const auto carrier = tree.number(folder + "/carrier"))
            adapter.up = *carrier == 1;
        if (const auto speed = tree.number(folder + "/speed"); speed && *speed > 0 && *speed < 10'000'000)
            adapter.speed_mbps = *speed;
        adapter.wireless = tree.exists(folder + "/wireless") || tree.exists(folder + "/phy80211");
        out.push_back(std::move(adapter));
    }
    return out;
}

std::vector<Socket> listening_sockets(const Tree& tree) {
    // Listening sockets stand first in /proc/net/tcp, so that its beginning is enough.
    constexpr std::size_t most = 64 * 1024;
    auto range = tree.word("/proc/sys/net/ipv4/ip_local_port_range");
    std::string_view rest = range;
    const auto first_ephemeral = to_number<std::uint16_t>(next_word(rest)).value_or(32768);
    std::vector<Socket> out;
    for (const auto* file : {"tcp", "tcp6", "udp", "udp6"})
        if (const auto text = tree.read(std::string("/proc/net/") + file, most))
            read_listeners(*text, std::string_view(file).substr(0, 3), first_ephemeral, out);
    std::ranges::sort(out);
    // Several workers may share one port: the first of them speaks for all.
    const auto same = [](const Socket& a, const Socket& b) { return a.where == b.where; };
    out.erase(std::unique(out.begin(), out.end(), same), out.end());
    return out;
}

std::vector<Listener> look_at_ports(const Tree& tree, const std::vector<Socket>& sockets, SocketOwners& known) {
    SocketOwners owners;
    std::size_t missing = 0;
    for (const auto& socket : sockets) {
        const auto found = known.find(socket.inode);
        if (found == known.end()) ++missing;
        owners[socket.inode] = found == known.end() ? std::string() : found->second;
    }
    auto pids = tree.names("/proc");
    std::erase_if(pids, [](const auto& name) { return name.find_first_not_of("0123456789") != std::string::npos; });
    // What began to listen lately mostly belongs to what began to run lately.
    std::ranges::sort(pids,
                      [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() > b.size() : a > b; });
    for (const auto& pid : pids) {
        if (missing == 0) break;
        for (const auto& file : tree.names("/proc/" + pid + "/fd")) {
            const auto target = tree.link("/proc/" + pid + "/fd/" + file);
            if (!target.starts_with("socket:[") || !target.ends_with(']')) continue;
            const auto inode = to_number<std::uint64_t>(std::string_view(target).substr(8, target.size() - 9));
            const auto owner = inode ? owners.find(*inode) : owners.end();
            if (owner == owners.end() || !owner->second.empty() || known.contains(*inode)) continue;
            owner->second = tree.word("/proc/" + pid + "/comm");
            if (!owner->second.empty()) --missing;
        }
    }
    std::vector<Listener> out;
    out.reserve(sockets.size());
    for (const auto& socket : sockets) out.push_back({socket.where, owners[socket.inode]});
    known = std::move(owners);
    return out;
}

}  // namespace vg::probes::inventory
