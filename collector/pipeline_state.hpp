#pragma once
// Everything that the pipeline works on, and the steps of a turn. The steps stand in pipeline.cpp (the way of a turn),
// login.cpp (who comes and goes), intake.cpp (what they send), knowledge.cpp (facts, presence, derived facts),
// silence.cpp (what is not known while nobody is heard), devices.cpp (one row a device), device_sweep.cpp (devices
// against the register), late.cpp (the past again) and clock_step.cpp (the clock was put). Only these include this
// file.

#include "collector/clock_correction.hpp"
#include "collector/clock_step.hpp"
#include "collector/derive.hpp"
#include "collector/fact_ledger.hpp"
#include "collector/inventory/device_row.hpp"
#include "collector/inventory/inventory.hpp"
#include "collector/inventory/record_view.hpp"
#include "collector/late.hpp"
#include "collector/pipeline.hpp"
#include "collector/presence.hpp"
#include "collector/series_tables.hpp"
#include "collector/turn.hpp"
#include "rules/judge.hpp"
#include "rules/sigma.hpp"

#include <set>
#include <unordered_map>

namespace vg::collector {

// Devices are held against the register in rounds, a part of them at a time.
struct DeviceSweep {
    std::vector<std::string> records;  // still to be looked at
    struct Site {
        std::int64_t unknown = 0, missing = 0, moved = 0;
    };
    std::map<std::string, Site> sites;
    std::map<std::string, std::vector<std::string>> addresses, last_addresses;  // "SITE|IP": records seen with it
    bool is_running = false;
    std::int64_t posture_day = 0;  // on which all records were derived
};

struct Pipeline::Impl {
    Impl(Pipeline& owner, Parts parts, Counters& counters, Agents agents, rules::FactBase facts,
         inventory::Inventory inventory);

    Pipeline& owner;
    Parts parts;
    Counters& counters;
    Store& store;
    Clock& clock;
    Agents agents;
    rules::FactBase facts;
    inventory::Inventory inventory;
    std::optional<rules::Judge> judge;
    std::optional<rules::GapTracker> gaps;
    std::optional<rules::Correlator> correlator;
    ClockWatch clock_watch;
    Presence presence;
    FactLedger ledger;
    SeriesTables tables;
    HopMeans hop;
    LateSubjects late;
    std::map<ConnectionId, Connection> connections;
    std::unordered_map<std::string, ConnectionId> connection_of;  // agent
    std::map<std::pair<std::string, std::uint64_t>, Store::ChainHead>
        chains;                                                            // of events, ahead of the store in a turn
    struct Dark {                                                          // a site where nobody is heard
        std::map<std::string, std::pair<std::string, std::int64_t>> runs;  // by agent, where known: boot, begin
        struct Veiled {
            rules::SubjectId subject;
            std::string name;
            Time at{};  // when it was last told
        };
        std::vector<Veiled> veiled;
    };
    std::map<std::string, Dark> dark;
    std::map<std::string, std::vector<std::string>> watchers;  // by site: agents that ask and listen for all of it
    std::vector<std::string> newcomers;                        // enrolled since the last tick
    std::vector<GapChange> unwritten;                          // gap changes that the store did not take yet
    WaitingFacts unwritten_facts;                              // the collector's own, from a commit that failed
    std::vector<Document> unwritten_documents;
    std::set<std::string> posture_due;  // records that changed since posture was asked about them
    registry::Date register_day{};      // for which the register was put into the fact base
    DeviceSweep sweep;
    inventory::DeviceRows rows;
    std::function<void(Pipeline&, const Changes&)> listener;
    std::function<void(std::vector<Post>)> sender;
    Time next_slow{}, next_sweep{}, next_tidy{}, next_evidence{};
    bool store_failing = false;
    std::uint64_t batches_at_tidy = 0;

    // pipeline.cpp
    Result<void> begin();
    void begin_facts(const std::vector<StoredFact>& latest, Time now);
    Result<void> commit(Turn& turn);
    void acknowledge(Turn& turn);
    void refuse(Turn& turn, const Error& error);
    void update_facts(Turn& turn);
    void judge_rules(Turn& turn);
    void refresh_evidence(Turn& turn);  // of gaps that stay open while their facts change
    void detect(Turn& turn);
    void track(Turn& turn, std::vector<rules::Transition> transitions);
    void publish(Turn& turn);
    Result<void> settle(Turn& turn);
    void begin_day(Turn& turn);  // pipeline_life.cpp
    void tidy(Time now);         // pipeline_life.cpp
    [[nodiscard]] std::vector<Post> posts(Turn& turn);

    // login.cpp
    void take(Turn& turn, Delivery& delivery, Opened& opened);
    void take(Turn& turn, Delivery& delivery, RenewIn& in);
    void take(Turn& turn, Delivery& delivery, Closed& closed);
    void take(Turn& turn, Delivery& delivery, HeartbeatIn& in);
    [[nodiscard]] std::optional<wire::Refuse> check_agent(Turn& turn, const Opened& opened, ConnectionId id);
    [[nodiscard]] Result<wire::Welcome> welcome(const Opened& opened, const Agent& agent);
    Result<void> keep_losses(const wire::Hello& hello, Agent& agent);
    void send_assignment(Turn& turn, ConnectionId id, const std::string& has);
    void hand_over_watch(Turn& turn);
    void disconnect(Turn& turn, ConnectionId id, std::optional<wire::Refuse> why);
    void is_heard(Turn& turn, const Connection& connection, Millis next_in = Millis{0});
    void is_silent(Turn& turn, const std::string& agent);
    void flag_key_in_use(Turn& turn, const Connection& older, const Opened& newer);

    // intake.cpp
    void take(Turn& turn, Delivery& delivery, NamesIn& in);
    void take(Turn& turn, Delivery& delivery, BatchIn& in);
    [[nodiscard]] std::optional<wire::Refuse> read_batch(Turn& turn, Connection& from, wire::Batch& batch,
                                                         Time received, const Offset& offset, StoredBatch& out);
    [[nodiscard]] std::optional<wire::Refuse> read_samples(Connection& from, const wire::Batch& batch,
                                                           const Offset& offset, StoredBatch& out);
    [[nodiscard]] std::optional<wire::Refuse> read_facts(Turn& turn, Connection& from, const wire::Batch& batch,
                                                         Time received, const Offset& offset, StoredBatch& out);
    [[nodiscard]] std::optional<wire::Refuse> read_events(Turn& turn, Connection& from, const wire::Batch& batch,
                                                          Time received, const Offset& offset, StoredBatch& out);
    void take_loss(Turn& turn, const Connection& from, const wire::Event& event);
    void add_event(Turn& turn, StoredEvent event);
    void answer(Turn& turn, ConnectionId id, const std::weak_ptr<Mailbox>& mailbox, Reply reply);

    // knowledge.cpp
    [[nodiscard]] std::string site_of(const rules::SubjectId& subject) const;
    [[nodiscard]] std::vector<rules::SubjectId> above(const rules::SubjectId& subject) const;
    [[nodiscard]] std::optional<rules::SubjectId> resolve(const Connection& from, const wire::Subject& subject);
    bool tell(Turn& turn, FactNews news, Time received);
    void tell_own(Turn& turn, wire::SubjectKind kind, const std::string& id, const char* name, wire::FactValue value);
    // As of a time that may lie back, yet never before the value that it replaces.
    void tell_own_at(Turn& turn, Time at, const rules::SubjectId& subject, const char* name, wire::FactValue value);
    void count_site(Turn& turn, const std::string& site);
    void count_presence(Turn& turn);
    void count_units(Turn& turn, const std::set<std::string>& units);
    void derive_hop(Turn& turn);
    void derive_slowly(Turn& turn);
    void derive_units(Turn& turn);
    void derive_hours(Turn& turn);

    void follow_clock();  // clock_step.cpp: before anything of a turn

    // silence.cpp
    void fall_dark(Turn& turn, const std::string& site);
    void come_back(Turn& turn, const std::string& site);
    [[nodiscard]] std::vector<rules::SubjectId> seen_from(const std::string& site) const;

    // devices.cpp
    Result<void> begin_lives(std::vector<StoredFact>& latest);  // takes out what is not looked at any more
    Result<void> begin_devices(const std::vector<StoredFact>& latest);
    void learn(Turn& turn);  // who is who, by the news of this turn
    void put_records(const inventory::Identity::Settled& settled);
    void put_record(const inventory::Record& record);
    bool note_changed(const rules::SubjectId& subject, const Result<bool>& changed);
    bool set_fact(const rules::SubjectId& subject, const FactNews& news);  // true: something changed
    void put_register_devices(Turn& turn);
    [[nodiscard]] std::optional<RecordFact> merged(const inventory::Record& record, const wire::FactRow& row) const;
    [[nodiscard]] rules::SubjectId subject_of(const rules::SubjectId& witness) const;
    [[nodiscard]] std::shared_ptr<inventory::Posture> make_posture();
    void derive_posture(Turn& turn);
    void derive_all_posture();
    void tell_derived(Turn& turn, const rules::SubjectId& subject, std::vector<inventory::Derived> derived);

    // device_sweep.cpp
    void sweep_devices(Turn& turn);
    void look_at(Turn& turn, const inventory::Record& record);
    void follow(Turn& turn, const inventory::Record& record);
    void tell_standing(Turn& turn, inventory::DeviceRow& row, const inventory::Standing& now, bool cloned);
    void end_sweep(Turn& turn);

    // late.cpp
    [[nodiscard]] static rules::SeenEvent seen(const StoredEvent& event);
    [[nodiscard]] Result<std::vector<rules::Detected>> replay_events(rules::Correlator& into, Time now);
    Result<void> detect_again(Turn& turn, const std::vector<rules::Detected>& found);
    Result<void> note_late_again(const std::vector<StoredFact>& latest, Time now);
    void judge_late(Turn& turn);
    void rejudge(Turn& turn, const rules::SubjectId& witness, Time from);
    [[nodiscard]] std::vector<rules::SubjectId> tellers(const rules::SubjectId& subject) const;
};

}  // namespace vg::collector
