#pragma once
// Which facts are worth a message now. A state that changed (yes/no, text, known or not) goes at once; numbers and
// repetitions wait for the next sealing, the latest value only, and a repetition goes only when the fact would run out
// at the collector before the sealing after that. Entries of lists do not come here: the spool knows what was told of
// them. Pure; owned by the agent.

#include "base/clock.hpp"
#include "wire/body.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace vg::agent {

class FactGate {
public:
    // Gives what must be sealed at once.
    [[nodiscard]] std::vector<wire::TimedFact> pass(const wire::Observation& observation);
    // What waits and is due when samples are sealed at `now` and the next sealing comes `seal` later.
    [[nodiscard]] std::vector<wire::TimedFact> take_waiting(Mono now, Millis seal);
    void forget() { known_.clear(); }  // what was told may be lost: everything is news again

private:
    using Key = std::pair<wire::Subject, std::string>;
    struct Known {
        wire::FactValue sent;
        Mono sent_at{};
        bool was_sent = false;
        wire::FactValue latest;
        Mono latest_at{};
        bool waits = false;
    };
    std::map<Key, Known> known_;
};

}  // namespace vg::agent
