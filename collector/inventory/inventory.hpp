#pragma once
// The devices of the province: who is who (identity.hpp), what people decided about it, and the log of both. Kept in
// the store as documents: "inventory_log", "inventory_pins", "inventory_triage", "inventory_held", "inventory_places".
// Owned by the pipeline; used from its thread only.

#include "collector/agents.hpp"
#include "collector/fact_ledger.hpp"
#include "collector/inventory/identity.hpp"
#include "collector/register/model.hpp"
#include "collector/store.hpp"

#include <deque>
#include <map>
#include <unordered_map>

namespace vg::collector::inventory {

struct LogEntry {
    std::string id;
    Time at{};
    std::string what;  // merge, split, moved, cloned, adopt, ignore, flag, clear
    std::string who;   // "" the system
    std::string note;
    std::vector<std::string> records;    // the first is the one that it is about
    std::vector<std::string> witnesses;  // that changed their record
    std::vector<Reason> reasons;
    double score = 0;
};

enum class Verdict : std::uint8_t { none, adopted, ignored, flagged };
[[nodiscard]] const char* to_string(Verdict verdict) noexcept;  // "", "adopted" ...

struct Triage {  // what a person decided about a device
    Verdict verdict{};
    std::string who, note;
    Time at{};
};

struct Place {  // where a record is, when that is not where its first witness was
    std::string site, from;
    Time since{};
};

class Inventory {
public:
    // What was decided and seen before; witnesses come after, by learn() and the rest, then begin().
    [[nodiscard]] static Result<Inventory> load(Store& store);
    // Settles for the first time, without a word in the log: nothing of it is new.
    void begin(Time now);

    // A device's key as an agent may tell it: "mac:aa:..", "snmp:ADDRESS" (lower case).
    [[nodiscard]] static bool is_key(std::string_view key);

    void add(const std::string& witness, Time first, Time last);
    void learn(const FactNews& news);  // about a device, by an agent
    void enrolled(const Enrolment& enrolment);
    void agent_alive(const Enrolment& enrolment, bool is_alive, Time at);
    void put_register(const registry::Register& reg, Time now);
    // A card that others heard of, long ago, and of which nobody decided anything: visitors' phones change theirs every
    // day, and would fill the inventory in a year.
    [[nodiscard]] bool has_lapsed(const std::string& witness, Time last, Time now) const;
    // Forgets those that stand alone; settle afterwards. Gives what they were called.
    [[nodiscard]] std::vector<std::string> forget_lapsed(Time now);

    [[nodiscard]] bool has_work(Time now) const { return identity_.has_work(now); }
    // What the changes are; their log waits in take_documents().
    [[nodiscard]] Identity::Settled settle(Time now);
    [[nodiscard]] std::vector<Document> take_documents();  // to be written with the next commit

    // People: Error(not_found), Error(invalid_input). Settle afterwards.
    [[nodiscard]] Result<void> triage(const std::string& record, Verdict verdict, const std::string& who,
                                      const std::string& note, Time now);
    [[nodiscard]] Result<void> merge(const std::vector<std::string>& records, const std::string& who,
                                     const std::string& note, Time now);
    [[nodiscard]] Result<void> split(const std::string& record, const std::vector<std::string>& witnesses,
                                     const std::string& who, const std::string& note, Time now);

    [[nodiscard]] const Identity& identity() const { return identity_; }
    // The record of this id, of this witness, or of a record id of earlier; null: there is none.
    [[nodiscard]] const Record* find(std::string_view id) const;
    [[nodiscard]] const registry::Device* registered(const Record& record) const;         // null: not in the register
    [[nodiscard]] std::vector<const registry::Device*> rows(const Record& record) const;  // of the register
    [[nodiscard]] std::string site_of(const Record& record) const;
    [[nodiscard]] const Triage* triage_of(const Record& record) const;
    [[nodiscard]] const Place* place_of(const Record& record) const;
    [[nodiscard]] Result<void> stocktake_made(Store& store, const std::string& site, const std::string& text, Time now);
    // By site: when the last stocktake was made, and when somebody last looked at its unknown devices.
    [[nodiscard]] const std::map<std::string, Time>& stocktakes() const { return stocktakes_; }
    [[nodiscard]] const std::map<std::string, Time>& reviews() const { return reviews_; }
    void move(const Record& record, const std::string& site, Time now);             // it was seen there
    [[nodiscard]] std::vector<const LogEntry*> log_of(const Record& record) const;  // newest first
    [[nodiscard]] const std::deque<LogEntry>& log() const { return log_; }          // oldest first

private:
    void write(LogEntry entry);
    void reviewed(const std::string& site, Time at);
    void keep_pins(const std::string& who, const std::string& note, Time now);
    void note_held(const Identity::Settled& settled);

    Identity identity_;
    const registry::Register* reg_ = nullptr;
    std::unordered_map<std::string, std::size_t> rows_;  // register witness: index into reg_->devices
    std::vector<Pin> pins_;
    std::map<std::string, Triage, std::less<>> triage_;  // by the witness that it was decided about
    std::map<std::string, Place, std::less<>> places_;   // by witness
    std::map<std::string, std::string, std::less<>> held_;
    std::map<std::string, Time> stocktakes_, reviews_;
    std::deque<LogEntry> log_;
    std::uint64_t next_log_ = 0;
    std::vector<Document> documents_;
};

}  // namespace vg::collector::inventory
