#pragma once
// Who has been seen on the LAN, so that a host is told once when it is new, again when something about it changed, and
// otherwise once an hour. Bounded: a flood of invented addresses pushes out the longest unseen. Pure; one thread.

#include "base/clock.hpp"
#include "probes/lan/frames.hpp"

#include <list>
#include <unordered_map>

namespace vg::probes::lan {

struct Host {
    std::string mac, ip, host_name, vendor_class;
    std::uint16_t vlan = 0;
    Mono first{}, seen{}, told{};
};

enum class News { is_new, changed, again, none };

class Roster {
public:
    explicit Roster(std::size_t most = 4096, Millis again_after = std::chrono::minutes(55))
        : most_(most), again_after_(again_after) {}
    // The host as it is known now, valid until the next call.
    [[nodiscard]] std::pair<const Host*, News> see(const Sighting& sighting, Mono now);
    [[nodiscard]] std::size_t size() const { return hosts_.size(); }

private:
    std::size_t most_;
    Millis again_after_;
    std::list<Host> hosts_;  // latest seen first
    std::unordered_map<std::string, std::list<Host>::iterator> by_mac_;
};

}  // namespace vg::probes::lan
