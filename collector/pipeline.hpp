#pragma once
// The pipeline: everything that one turn does with what the agents sent, and everything that it works on. Owned by the
// core; every member is used from the pipeline thread only. pipeline.cpp is the page to read first.

#include "base/clock.hpp"
#include "collector/agents.hpp"
#include "collector/authority.hpp"
#include "collector/counters.hpp"
#include "collector/delivery.hpp"
#include "collector/register/model.hpp"
#include "collector/store.hpp"
#include "rules/facts.hpp"
#include "rules/gaps.hpp"
#include "rules/rule.hpp"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vg::rules {
class Judge;
}  // namespace vg::rules
namespace vg::collector::inventory {
class Inventory;
class Posture;
class RecordView;
struct Record;
struct DeviceRow;
enum class Verdict : std::uint8_t;
}  // namespace vg::collector::inventory

namespace vg::collector {

// What one turn changed, for everybody who looks (server-sent events, notifications).
struct Changes {
    std::vector<rules::Transition> gaps;
    std::set<std::string> sites;   // ids: a fact or gap of the site or its agents changed
    std::set<std::string> agents;  // ids: heard, silent, enrolled, revoked
    std::vector<StoredEvent> events;
};

struct RecordFact {  // one fact of a record, from the witness that is believed
    std::string_view name;
    wire::FactValue value;
    Time at{};            // last told
    std::string witness;  // "SITE/KEY"; of what the collector derived: the record
};

class Pipeline {
public:
    struct Parts {
        std::unique_ptr<Store> store;
        std::shared_ptr<Authority> authority;  // signs enrolments and renewals; thread-safe
        Clock* clock = nullptr;
        std::shared_ptr<const registry::Register> reg;  // may be empty, never null
        std::shared_ptr<const rules::RuleSet> rules;    // may be empty, never null
        std::shared_ptr<inventory::Posture> posture;    // null: the collector's own (inventory/posture.hpp)
        std::string address;                            // of the collector as agents see it, "collector.example.vn:443"
        std::size_t max_group_batches = 4096;
        std::size_t max_group_bytes = 16 * 1024 * 1024;
    };
    [[nodiscard]] static Result<std::unique_ptr<Pipeline>> make(Parts parts, Counters& counters);
    ~Pipeline();

    // One turn over what was waiting: commit → update facts → judge rules → track gaps → publish.
    [[nodiscard]] std::vector<Post> turn(std::vector<Delivery> group);
    // Time has passed: silence, facts that ran out, holds that ended, housekeeping. Called a few times a second. What
    // agents said after `heard_until` still waits to be read: nobody is silent for that.
    void tick(Time heard_until = Time::max());

    [[nodiscard]] Store& store();
    [[nodiscard]] rules::FactBase& facts();
    [[nodiscard]] rules::Judge& judge();
    [[nodiscard]] rules::GapTracker& gaps();
    [[nodiscard]] Agents& agents();
    [[nodiscard]] const inventory::Inventory& inventory() const;
    [[nodiscard]] const registry::Register& reg() const;
    [[nodiscard]] const rules::RuleSet& rules() const;
    [[nodiscard]] Clock& clock();
    // When a fact was last told, also when it has run out since; nothing: never.
    [[nodiscard]] std::optional<Time> last_told(const rules::SubjectId& subject, const std::string& fact) const;

    // Puts another register (rules) in force; assignments go out to connected agents whose own has changed. An Error
    // leaves the old one in force.
    [[nodiscard]] Result<void> put_register(std::shared_ptr<const registry::Register> reg);
    [[nodiscard]] Result<void> put_rules(std::shared_ptr<const rules::RuleSet> rules);
    // An agent that was enrolled outside of a session (enrolment connection) comes into being.
    [[nodiscard]] Result<void> enrolled(const Enrolment& enrolment);
    [[nodiscard]] Result<void> revoke(const std::string& agent);  // ends its connection, too
    [[nodiscard]] Result<rules::Gap> acknowledge(std::int64_t gap, const std::string& who, const std::string& note);

    // What is known of a device, and its merged facts in order of the view. Good until the next turn.
    [[nodiscard]] std::unique_ptr<inventory::RecordView> view_of(const inventory::Record& record);
    [[nodiscard]] const inventory::DeviceRow& row_of(const inventory::Record& record);
    [[nodiscard]] std::vector<RecordFact> facts_of(const inventory::Record& record);
    // What people decide about devices; who is who is settled before these return.
    [[nodiscard]] Result<void> triage(const std::string& record, inventory::Verdict verdict, const std::string& who,
                                      const std::string& note);
    [[nodiscard]] Result<void> merge_records(const std::vector<std::string>& records, const std::string& who,
                                             const std::string& note);
    [[nodiscard]] Result<void> split_record(const std::string& record, const std::vector<std::string>& witnesses,
                                            const std::string& who, const std::string& note);

    // A stocktake of a site was made; `text` (JSON) is kept in the collection "stocktakes".
    [[nodiscard]] Result<void> stocktake_made(const std::string& site, const std::string& text);

    // Called at the end of every turn that changed something, on the pipeline thread.
    void on_change(std::function<void(Pipeline&, const Changes&)> listener);
    // Replies that no turn produced (assignments, revocations); the core sets it.
    void on_post(std::function<void(std::vector<Post>)> sender);

private:
    struct Impl;
    explicit Pipeline(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace vg::collector
