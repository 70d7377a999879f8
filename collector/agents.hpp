#pragma once
// The agents that the collector has enrolled and what it knows of each now. The enrolment part is kept in the store
// (collection "agents"), the rest is of this run. Owned by the pipeline; used from its thread only.

#include "collector/losses.hpp"
#include "collector/store.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vg::collector {

enum class Profile : std::uint8_t { fibre, metered };
[[nodiscard]] const char* to_string(Profile profile) noexcept;

struct Enrolment {   // kept
    std::string id;  // certificate CN, 16 hex
    std::string site, host, machine_id;
    std::string key_sha256_hex;       // of the key that was signed last
    std::string previous_key_sha256;  // valid until the new one is used
    std::string serial_hex;
    Time enrolled{}, expires{};
    std::optional<Time> revoked;
    std::optional<Time> last_heard;  // as last written down
};

struct AgentNow {  // of this run
    bool connected = false;
    std::string version;  // "vonggac-agent 0.1.0"
    std::string address;  // of the peer
    std::string boot_id;
    std::int64_t began_ms = 0;  // monotonic of that boot: this run of the agent
    Profile profile = Profile::fibre;
    std::uint64_t epoch = 0;
    std::optional<Time> last_heard;
    std::uint64_t spool_batches = 0, spool_bytes = 0, bytes_today = 0;
    std::int64_t clock_offset_ms = 0;  // device wall clock minus corrected time
    std::int64_t clock_error_ms = 0;   // how well that is known
    std::string bye;                   // why it said goodbye; empty: it did not
};

enum class AgentState : std::uint8_t { heard, silent, never, revoked };
[[nodiscard]] const char* to_string(AgentState state) noexcept;

struct Agent {
    Enrolment enrolment;
    AgentNow now;
    Losses lost;         // kept
    bool heard = false;  // by presence
    [[nodiscard]] AgentState state() const;
    [[nodiscard]] bool has_stopped() const { return !heard && !now.bye.empty(); }  // and said so
};

class Agents {
public:
    [[nodiscard]] static Result<Agents> load(Store& store);

    [[nodiscard]] Agent* find(const std::string& id);
    [[nodiscard]] const Agent* find(const std::string& id) const;
    [[nodiscard]] const std::map<std::string, Agent, std::less<>>& all() const { return all_; }
    [[nodiscard]] const std::vector<const Agent*>& of_site(const std::string& site) const;  // in order of enrolment
    // Its place among those of its site that can watch for it: not those that were revoked or not heard for an hour.
    [[nodiscard]] std::size_t rank(const Agent& agent, Time now) const;
    [[nodiscard]] std::vector<std::string> first_of(const std::string& site, std::size_t most, Time now) const;

    // Keeps the enrolment, new or changed, in the store and here.
    [[nodiscard]] Result<void> keep(Store& store, const Enrolment& enrolment);
    // The record as the store keeps it, for a commit that writes it along.
    [[nodiscard]] static Document document(const Enrolment& enrolment);
    [[nodiscard]] static Document losses(const Agent& agent, Time now);
    // Reads again what the store has of the losses of an agent.
    void reload_losses(Store& store, const std::string& id);

private:
    std::map<std::string, Agent, std::less<>> all_;
    void place(const Agent& agent);
    std::map<std::string, std::vector<const Agent*>> by_site_;
};

}  // namespace vg::collector
