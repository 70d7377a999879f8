#pragma once
// Which facts are worth a message now. A state that changed (yes/no, text, known or not) goes at once; numbers and
// repetitions wait for the next sealing, the latest value only, and a repetition goes only when the fact would run out
// at the collector before the sealing after that. Entries of lists do not come here: the spool knows what was told of
// them. Remembers about a hundred bytes a fact, for a LAN may have thousands. Pure; owned by the agent.

#include "base/clock.hpp"
#include "wire/body.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vg::agent {

class FactGate {
public:
    // Of more subjects than that (invented devices on a LAN) a quarter is forgotten: what comes of them is news again.
    explicit FactGate(std::size_t most_subjects = 6000) : most_subjects_(most_subjects) {}
    // Gives what must be sealed at once.
    [[nodiscard]] std::vector<wire::TimedFact> pass(const wire::Observation& observation);
    // What waits and is due when samples are sealed at `now` and the next sealing comes `seal` later.
    [[nodiscard]] std::vector<wire::TimedFact> take_waiting(Mono now, Millis seal);
    void forget() { known_.clear(); }  // what was told may be lost: everything is news again

private:
    struct Known {
        std::string_view name;  // of the table of facts, or of names_
        wire::FactValue sent;
        std::unique_ptr<wire::FactValue> latest;  // a number that differs from what was sent
        Mono sent_at{};
        Mono latest_at{};
        std::uint32_t fresh_s = 0;  // how long the collector believes it; 0: for ever
        bool waits = false;
    };
    Known& known(const wire::Fact& fact, bool& is_new);
    void forget_longest_untold();

    std::size_t most_subjects_;
    std::map<wire::Subject, std::vector<Known>> known_;
    std::set<std::string, std::less<>> names_;  // that no table has
};

}  // namespace vg::agent
