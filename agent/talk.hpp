#pragma once
// When to speak although there is nothing to say, and when silence of the other side means that the connection is
// dead. One instance is one session. Pure: time comes as an argument.

#include "agent/assignment.hpp"
#include "agent/profile.hpp"

#include <optional>

namespace vg::agent {

class Talk {
public:
    Talk(LineClass line, const Profile& profile, Mono now);

    void set_profile(LineClass line, const Profile& profile, Mono now);  // a heartbeat tells it at once
    // The line under the connection changed: speak at once, and expect an answer soon.
    void suspect(Mono now);

    void note_sent(Mono now, bool wants_answer);
    void note_heartbeat(Mono now);
    void note_heard();
    void note_pulse(Mono echo);  // the answer to a heartbeat of that moment

    [[nodiscard]] bool heartbeat_due(Mono now) const { return now >= heartbeat_at_; }
    [[nodiscard]] bool is_dead(Mono now) const { return answer_by_ && now >= *answer_by_; }
    [[nodiscard]] Mono next() const;  // when to look again
    // For the heartbeat: within this time at the latest something more will be said.
    [[nodiscard]] Millis promise() const;

private:
    [[nodiscard]] Millis patience() const;
    LineClass line_;
    Profile profile_;
    Mono heartbeat_at_;
    std::optional<Mono> answer_by_;  // nothing: no answer is awaited
    std::optional<Mono> suspected_;  // since when; only the answer to a later heartbeat clears it
};

}  // namespace vg::agent
