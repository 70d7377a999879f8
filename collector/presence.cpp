#include "collector/presence.hpp"

#include <algorithm>

namespace vg::collector {

Millis Presence::window(Profile profile, Millis next_in) const {
    switch (profile) {
        case Profile::fibre: {
            const auto heartbeat = next_in > Millis{0} ? std::min(next_in, rule_.longest_heartbeat) : rule_.heartbeat;
            return heartbeat * rule_.heartbeats_missed + Millis{1'000};
        }
        case Profile::metered:
            if (next_in <= Millis{0}) return rule_.metered_default;
            return std::min(next_in, rule_.longest_promise) + rule_.metered_slack;
    }
    return rule_.metered_default;
}

bool Presence::set_deadline(const std::string& agent, Time deadline) {
    const auto [found, is_new] = deadlines_.try_emplace(agent, deadline);
    if (!is_new) {
        if (found->second == deadline) return false;
        order_.erase({found->second, agent});
        found->second = deadline;
    }
    order_.emplace(deadline, agent);
    return is_new;
}

bool Presence::heard(const std::string& agent, Time now, Profile profile, Millis next_in) {
    return set_deadline(agent, now + window(profile, next_in));
}

void Presence::expect(const std::string& agent, Time until) { (void)set_deadline(agent, until); }

bool Presence::gone(const std::string& agent) {
    const auto found = deadlines_.find(agent);
    if (found == deadlines_.end()) return false;
    order_.erase({found->second, agent});
    deadlines_.erase(found);
    return true;
}

void Presence::shift(Millis by) {
    order_.clear();
    for (auto& [agent, deadline] : deadlines_) order_.emplace(deadline += by, agent);
}

std::vector<std::string> Presence::silent(Time now) {
    std::vector<std::string> out;
    while (!order_.empty() && order_.begin()->first <= now) {
        out.push_back(order_.begin()->second);
        deadlines_.erase(out.back());
        order_.erase(order_.begin());
    }
    return out;
}

Time Presence::next_deadline() const { return order_.empty() ? Time::max() : order_.begin()->first; }

}  // namespace vg::collector
