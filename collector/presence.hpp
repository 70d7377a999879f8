#pragma once
// Who is being heard (domain: silence is a state of its own). Each agent has a deadline by its profile; whoever passes
// it is silent, a goodbye makes silent at once. Pure: time is an argument. Used from the pipeline thread.

#include "base/clock.hpp"
#include "collector/agents.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace vg::collector {

struct PresenceRule {
    Millis heartbeat{3'000};  // of the fibre profile, until the agent has announced its own
    Millis longest_heartbeat{60'000};
    Millis longest_promise = std::chrono::hours(24);
    int heartbeats_missed = 3;        // then one second more
    Millis metered_slack{30'000};     // beyond what the agent announced
    Millis metered_default{330'000};  // when it announced nothing: a seal of 5 minutes, and slack
};

class Presence {
public:
    explicit Presence(PresenceRule rule = {}) : rule_(rule) {}

    // Something came. True when the agent was not heard before.
    bool heard(const std::string& agent, Time now, Profile profile, Millis next_in = Millis{0});
    // It was heard before this program began, and has until then to come back.
    void expect(const std::string& agent, Time until);
    // It said goodbye, or was revoked. True when it was heard before.
    bool gone(const std::string& agent);
    void shift(Millis by);  // the clock was put: all deadlines move along
    // Those whose deadline has passed, once each.
    [[nodiscard]] std::vector<std::string> silent(Time now);
    [[nodiscard]] bool is_heard(const std::string& agent) const { return deadlines_.contains(agent); }
    [[nodiscard]] Time next_deadline() const;  // Time::max(): nobody is heard
    [[nodiscard]] Millis window(Profile profile, Millis next_in) const;

private:
    bool set_deadline(const std::string& agent, Time deadline);  // true: it had none

    PresenceRule rule_;
    std::map<std::string, Time> deadlines_;
    std::set<std::pair<Time, std::string>> order_;
};

}  // namespace vg::collector
