#pragma once
// What one turn of the pipeline gathers on its way: what is to be committed, who is to be answered, what became known.
// Lives on the pipeline thread for one turn.

#include "collector/clock_correction.hpp"
#include "collector/delivery.hpp"
#include "collector/fact_ledger.hpp"
#include "collector/pipeline.hpp"

#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace vg::collector {

struct Connection {
    std::string agent, site;
    std::uint64_t epoch = 0;
    std::string boot_id;
    std::int64_t device_wall_at_zero_ms = 0;
    std::weak_ptr<Mailbox> mailbox;
    SessionClock clock;
    Time last_frame{};
    Millis next_in{0};               // as the last heartbeat announced; 0: nothing yet
    std::string assignment_version;  // that the agent has or was sent
    // The first batch that was refused for want of a disk. What was sent after it waits for it: a chain of events that
    // went on without it could not take it in later.
    std::optional<std::uint64_t> owed{};
};

struct Turn {
    explicit Turn(Time at) : now(at) {}

    Time now;
    Commit commit;
    std::vector<FactNews> news;  // in order of arrival
    Changes changes;
    std::set<std::string> presence;          // sites whose count of heard agents may have changed
    std::map<std::string, Time> last_words;  // of sites where somebody fell silent: when the last of them was heard
    std::set<std::string> losses;            // agents whose losses changed
    // Seen in this turn: agent, epoch, seq; and the digest.
    std::map<std::tuple<std::string, std::uint64_t, std::uint64_t>, std::uint64_t> batches;

    // Answers, by connection; acks wait for the commit and become refusals when it fails.
    struct Answer {
        std::weak_ptr<Mailbox> mailbox;
        std::vector<Reply> replies;
        std::vector<std::uint64_t> acks;
        Offset offset;
    };
    std::map<ConnectionId, Answer> answers;
};

}  // namespace vg::collector
