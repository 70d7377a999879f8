#include "probes/lan/roster.hpp"

namespace vg::probes::lan {
namespace {

// Takes over what is told; an address of the other family does not replace one that is known.
bool update(std::string& known, const std::string& told) {
    if (told.empty() || told == known) return false;
    known = told;
    return true;
}

bool is_v6(const std::string& address) { return address.find(':') != std::string::npos; }

}  // namespace

std::pair<const Host*, News> Roster::see(const Sighting& sighting, Mono now) {
    auto found = by_mac_.find(sighting.mac);
    const bool is_new = found == by_mac_.end();
    if (is_new) {
        if (hosts_.size() >= most_) {
            by_mac_.erase(hosts_.back().mac);
            hosts_.pop_back();
        }
        hosts_.push_front({sighting.mac, {}, {}, {}, sighting.vlan, now, now, now});
        found = by_mac_.emplace(sighting.mac, hosts_.begin()).first;
    } else {
        hosts_.splice(hosts_.begin(), hosts_, found->second);
    }
    auto& host = *found->second;
    host.seen = now;
    bool changed = false;
    if (!is_v6(sighting.ip) || host.ip.empty()) changed |= update(host.ip, sighting.ip);
    changed |= update(host.host_name, sighting.host_name);
    changed |= update(host.vendor_class, sighting.vendor_class);
    if (is_new) return {&host, News::is_new};
    // A host with several addresses (or a proxy) would tell a change a second: at most one a minute.
    const bool may_tell = now - host.told >= std::chrono::minutes(1);
    if ((changed && (may_tell || host.told == host.first)) || now - host.told >= again_after_) {
        const auto news = changed ? News::changed : News::again;
        host.told = now;
        return {&host, news};
    }
    return {&host, News::none};
}

}  // namespace vg::probes::lan
