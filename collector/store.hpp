#pragma once
// What the collector keeps, behind one small interface with one contract test (tests/contract). commit() is the only
// way in: one durable transaction for everything that a group of batches changed. Owned by the core; used from the
// pipeline thread only. Corrected times everywhere unless the name says otherwise.

#include "base/clock.hpp"
#include "base/result.hpp"
#include "rules/gaps.hpp"
#include "wire/messages.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vg::collector {

using SeriesKey = std::int64_t;  // of a series in the store, for ever

struct StoredBatch {
    std::string agent;
    std::uint64_t epoch = 0, seq = 0;
    wire::BatchClass batch_class{};
    std::string boot_id;
    std::int64_t offset_ms = 0;  // corrected wall time at mono 0 of that boot
    std::int64_t error_ms = 0;
    Time received{}, first{}, last{};
    std::uint64_t samples = 0;
    Bytes body;                // as it came over the wire
    std::uint64_t digest = 0;  // of class and body: whether a number comes again with other bytes
};

struct StoredEvent {
    std::int64_t id = 0;
    std::string agent, site;
    std::uint64_t epoch = 0, index = 0;  // in the agent's chain
    wire::Event event;                   // event.at: monotonic of its boot
    std::string subject_id;              // global id
    Time at{}, device_time{}, received{};
    std::int64_t error_ms = 0;
    crypto::Digest head{};  // of the chain after it
};

struct StoredFact {  // one value in a fact's history
    rules::SubjectId subject;
    std::string name;
    wire::FactValue value;
    Time at{}, received{};
    std::int64_t error_ms = 0;
    std::string agent;  // witness; "" the collector or the register
    Time confirmed{};   // last told again, unchanged; never before `at`. Its freshness counts from here
};

struct SeriesInfo {
    SeriesKey key = 0;
    std::string agent, site;
    std::uint64_t epoch = 0;
    wire::SeriesId id = 0;  // within (agent, epoch)
    wire::SeriesName name;
    Time first{}, last{};
};

struct ListEntry {        // one entry of a list that stands now
    std::string subject;  // of the device that told it
    std::string name;     // without the list
    std::string value;
    Time at{};  // since when
};

struct FactChange {  // one step of a fact's or an entry's history
    std::string subject, name;
    wire::FactValue from, to;  // monostate: not known; of an entry: not there
    Time at{};
    std::string agent;
};

struct Life {  // of a device, as far as witnesses told of it
    std::string subject;
    Time first{}, last{};
};

// Small things kept whole under a name: agents, users, tokens, sessions' secrets, register versions (JSON or YAML
// text).
struct Document {
    std::string collection, id, text;
    Time at{};
};

struct GapChange {
    rules::Transition transition;
    std::string site;  // of the subject; empty for a unit
    std::string note;  // of a person who acknowledged
};

struct ChainBreak {  // the agent's events do not continue its chain here: some were lost before they came
    std::string agent;
    std::uint64_t epoch = 0, index = 0;
    crypto::Digest before{};  // what the agent says the chain's head was
};

struct Commit {
    std::vector<SeriesInfo> series;    // new names; key 0
    std::vector<StoredBatch> batches;  // duplicates are skipped by seq
    std::vector<StoredEvent> events;
    std::vector<ChainBreak> breaks;
    std::vector<StoredFact> facts;  // entries of lists as they were told; of all others: changes, first sightings, and
                                    // the same value confirmed later
    std::vector<GapChange> gaps;
    std::vector<Document> documents;  // put
};

struct Point {
    std::int64_t at_ms;
    double min, avg, max;
    std::uint32_t n;
};

class Store {
public:
    virtual ~Store() = default;

    // Durable when it returns. Error(no_space) or Error(corrupt) changes nothing; the caller keeps its acks back.
    [[nodiscard]] virtual Result<void> commit(Commit& commit) = 0;  // fills ids of events and keys of series
    [[nodiscard]] virtual Result<std::vector<wire::SeqRange>> received(const std::string& agent,
                                                                       std::uint64_t epoch) = 0;
    [[nodiscard]] virtual Result<bool> has(const std::string& agent, std::uint64_t epoch, std::uint64_t seq) = 0;
    // The digest of a batch that is here, while it is remembered: of the newest thousand numbers or so.
    [[nodiscard]] virtual Result<std::optional<std::uint64_t>> digest(const std::string& agent, std::uint64_t epoch,
                                                                      std::uint64_t seq) = 0;
    // What never came of [1, below), the oldest ranges first, at most a thousand.
    [[nodiscard]] virtual Result<std::vector<wire::SeqRange>> missing(const std::string& agent, std::uint64_t epoch,
                                                                      std::uint64_t below) = 0;

    struct SeriesQuery {  // what is empty or 0 is not asked for; a province has half a million series
        SeriesKey key = 0;
        std::string agent{}, site{};
    };
    [[nodiscard]] virtual Result<std::vector<SeriesInfo>> series(const SeriesQuery& query) = 0;
    // Raw points of [from, to); step_ms 0: every sample (min = avg = max), else aligned buckets (300'000 and 3'600'000
    // from roll-ups).
    [[nodiscard]] virtual Result<std::vector<Point>> read(SeriesKey series, Time from, Time to,
                                                          std::int64_t step_ms) = 0;

    struct EventQuery {
        std::string agent, site, kind;
        Time from{}, to = Time::max();
        std::size_t limit = 100;
        std::int64_t before_id = INT64_MAX;
    };
    [[nodiscard]] virtual Result<std::vector<StoredEvent>> events(const EventQuery& query) = 0;  // newest first
    [[nodiscard]] virtual Result<std::vector<StoredFact>> fact_history(const rules::SubjectId& subject,
                                                                       const std::string& name, Time from, Time to) = 0;
    // For filling the fact base at start; the entries of lists are not among them.
    [[nodiscard]] virtual Result<std::vector<StoredFact>> latest_facts() = 0;

    // Subjects of which something came since `received_from` that was older than `late` then, with the earliest of it.
    [[nodiscard]] virtual Result<std::vector<std::pair<rules::SubjectId, Time>>> told_late(Time received_from,
                                                                                           Millis late) = 0;

    // What a list of a device ("software/") holds now, in order of name; subject "": of every device.
    [[nodiscard]] virtual Result<std::vector<ListEntry>> entries(const std::string& subject,
                                                                 const std::string& list) = 0;
    [[nodiscard]] virtual Result<std::vector<std::pair<std::string, std::int64_t>>> count_entries(
        const std::string& subject) = 0;  // by list
    // Changes of a device's facts and entries, newest first; name "": all, "software/": of a list. What a list held
    // when it was told for the first time is no change.
    [[nodiscard]] virtual Result<std::vector<FactChange>> changes(const std::string& subject, const std::string& name,
                                                                  std::size_t limit) = 0;
    [[nodiscard]] virtual Result<std::vector<Life>> lives() = 0;  // of every device

    struct GapQuery {
        bool open = true, closed = false;
        std::string rule, site;
        Time from{}, to = Time::max();
        std::size_t limit = 1000;
        std::optional<rules::SubjectId> subject{};
    };
    [[nodiscard]] virtual Result<std::vector<rules::Gap>> gaps(const GapQuery& query) = 0;
    [[nodiscard]] virtual Result<std::vector<std::pair<Time, rules::Transition>>> gap_history(std::int64_t id) = 0;
    [[nodiscard]] virtual Result<std::int64_t> next_gap_id() = 0;

    struct ChainHead {
        std::uint64_t index = 0;  // of the last event kept; 0: none yet
        crypto::Digest head{};
    };
    [[nodiscard]] virtual Result<ChainHead> chain_head(const std::string& agent, std::uint64_t epoch) = 0;
    // Series 1..n of (agent, epoch) have names.
    [[nodiscard]] virtual Result<std::vector<SeriesInfo>> series_of(const std::string& agent, std::uint64_t epoch) = 0;

    [[nodiscard]] virtual Result<void> put(const Document& document) = 0;
    [[nodiscard]] virtual Result<void> erase(const std::string& collection, const std::string& id) = 0;
    [[nodiscard]] virtual Result<std::vector<Document>> documents(const std::string& collection) = 0;
    [[nodiscard]] virtual Result<std::optional<Document>> document(const std::string& collection,
                                                                   const std::string& id) = 0;

    // Bounded housekeeping: packs finished days of bodies into per-series chunks and roll-ups, drops what retention
    // ended. True when there is more to do.
    [[nodiscard]] virtual Result<bool> tidy(Time now) = 0;
    [[nodiscard]] virtual Result<void> backup_to(const std::string& path) = 0;
};

struct StoreOptions {
    std::chrono::days keep_samples{400};  // raw; roll-ups of an hour stay three times as long
    std::chrono::days keep_events{400};
    // Signs the heads of a finished day's event chains; empty: no seals are made.
    std::function<Result<Bytes>(ByteView)> seal;
};

// SQLite in WAL mode, one file. Creates or upgrades the schema; a damaged file is Error(corrupt) with what to do.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path, StoreOptions options = {});

}  // namespace vg::collector
