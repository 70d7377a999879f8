#pragma once
// Decides which of the told facts have to be written down: changes and first sightings, and from time to time that a
// value still holds; most news only repeat. Remembers what is in the store, and takes it back when a commit failed.
// Pure; used from the pipeline thread.

#include "collector/store.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace vg::collector {

struct FactNews {
    rules::SubjectId subject;
    std::string name;
    wire::FactValue value;
    Time at{};  // corrected
    std::int64_t error_ms = 0;
    std::string agent;  // witness; "" the collector itself
};

class FactLedger {
public:
    void load(const std::vector<StoredFact>& latest);

    // What has to be written for this news, if anything; two rows where it lies in the middle of what held before and
    // after it. In force until rollback().
    [[nodiscard]] std::vector<StoredFact> weigh(const FactNews& news, Time received);
    void keep() { undo_.clear(); }
    void rollback();

    void redate(const std::function<Time(Time)>& redated);  // the clock was put; nothing is to be rolled back

    void forget(const rules::SubjectId& subject);

    struct Held {
        wire::FactValue value;
        Time at{};         // since when
        Time confirmed{};  // last told
        Time written{};    // the confirmation that the store knows
    };
    [[nodiscard]] const Held* find(const rules::SubjectId& subject, const std::string& name) const;

private:
    struct Key {
        rules::SubjectId subject;
        std::string name;
        bool operator==(const Key&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const;
    };
    std::vector<StoredFact> weigh_late(const Key& key, Held& held, const FactNews& news, Time received);

    std::unordered_map<Key, Held, Hash> held_;
    std::vector<std::pair<Key, std::optional<Held>>> undo_;
};

// The collector's own facts that the store could not take yet. Of what is only measured the newest alone: a weekend
// without room on the disk takes no more memory than a minute.
class WaitingFacts {
public:
    void add(StoredFact fact);
    void append_to(std::vector<StoredFact>& out) const;
    void clear() { all_.clear(); }
    [[nodiscard]] std::size_t size() const { return all_.size(); }

private:
    std::map<std::tuple<rules::SubjectId, std::string, Time>, StoredFact> all_;  // by time where there is a history
};

}  // namespace vg::collector
