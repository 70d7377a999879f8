#pragma once
// The SQLite store's one class; its parts stand in the files beside this one, and only these include it.

#include "collector/store.hpp"
#include "collector/store/chunk.hpp"
#include "collector/store/query.hpp"
#include "collector/store/seq_set.hpp"

#include <deque>
#include <unordered_map>

namespace vg::collector {

class SqliteStore final : public Store {
public:
    SqliteStore(sqlite::Database database, StoreOptions options)
        : database_(std::move(database)), statements_(database_), options_(std::move(options)) {}
    [[nodiscard]] Result<void> prepare();

    Result<void> commit(Commit& commit) override;
    Result<std::vector<wire::SeqRange>> received(const std::string& agent, std::uint64_t epoch) override;
    Result<bool> has(const std::string& agent, std::uint64_t epoch, std::uint64_t seq) override;
    Result<std::optional<std::uint64_t>> digest(const std::string& agent, std::uint64_t epoch,
                                                std::uint64_t seq) override;
    Result<std::vector<wire::SeqRange>> missing(const std::string& agent, std::uint64_t epoch,
                                                std::uint64_t below) override;
    Result<std::vector<SeriesInfo>> series(const SeriesQuery& wanted) override;
    Result<std::vector<SeriesInfo>> series_of(const std::string& agent, std::uint64_t epoch) override;
    Result<std::vector<Point>> read(SeriesKey series, Time from, Time to, std::int64_t step_ms) override;
    Result<std::vector<StoredEvent>> events(const EventQuery& query) override;
    Result<std::vector<StoredFact>> fact_history(const rules::SubjectId& subject, const std::string& name, Time from,
                                                 Time to) override;
    Result<std::vector<StoredFact>> latest_facts() override;
    Result<std::vector<std::pair<rules::SubjectId, Time>>> told_late(Time received_from, Millis late) override;
    Result<std::vector<ListEntry>> entries(const std::string& subject, const std::string& list) override;
    Result<std::vector<std::pair<std::string, std::int64_t>>> count_entries(const std::string& subject) override;
    Result<std::vector<FactChange>> changes(const std::string& subject, const std::string& name,
                                            std::size_t limit) override;
    Result<std::vector<Life>> lives() override;
    Result<std::vector<rules::Gap>> gaps(const GapQuery& query) override;
    Result<std::vector<std::pair<Time, rules::Transition>>> gap_history(std::int64_t id) override;
    Result<std::int64_t> next_gap_id() override;
    Result<ChainHead> chain_head(const std::string& agent, std::uint64_t epoch) override;
    Result<void> put(const Document& document) override;
    Result<void> erase(const std::string& collection, const std::string& id) override;
    Result<std::vector<Document>> documents(const std::string& collection) override;
    Result<std::optional<Document>> document(const std::string& collection, const std::string& id) override;
    Result<bool> tidy(Time now) override;
    Result<void> backup_to(const std::string& path) override { return database_.backup_to(path); }

private:
    struct Stream {  // a row of `streams`; loaded when first needed
        std::int64_t id = 0;
        SeqSet received;
        std::uint64_t chain_index = 0;
        crypto::Digest chain_head{};
        bool touched = false;  // by the commit under way
    };
    using StreamKey = std::pair<std::string, std::uint64_t>;
    struct Tail {  // of one series in batches not packed
        std::int64_t stream = 0;
        wire::SeriesId id = 0;
    };

    Result<Stream*> stream(const std::string& agent, std::uint64_t epoch);
    Result<Stream*> own(const std::string& agent, std::uint64_t epoch);  // makes its row, marks it touched
    Result<void> write(Commit& commit);
    Result<void> write_series(std::vector<SeriesInfo>& series);
    Result<void> write_batch(const StoredBatch& batch);
    Result<void> write_digest(const Stream& owner, const StoredBatch& batch);
    Result<void> write_event(StoredEvent& event);
    Result<void> write_fact(const StoredFact& fact);
    Result<void> write_entry(const StoredFact& fact);
    Result<std::int64_t> text_id(std::string_view text, bool make);  // 0: there is none
    Result<void> write_gap(const GapChange& change);
    Result<void> write_streams();

    Result<void> read_chunks(SeriesKey series, Time from, Time to, std::int64_t step_ms, std::vector<Point>& out);
    Result<void> read_tail(SeriesKey series, Time from, Time to, std::vector<Point>& out);
    Result<std::vector<Tail>> tails_of(SeriesKey series);

    Result<void> find_work(Time now);
    Result<void> pack(std::int64_t stream, std::int64_t day);
    Result<void> read_day(std::int64_t stream, std::int64_t day, std::map<wire::SeriesId, RawDay>& out);
    Result<void> write_day(std::int64_t stream, wire::SeriesId id, std::int64_t day, RawDay& raw,
                           std::map<Bytes, std::int64_t>& times);
    Result<void> merge_packed(SeriesKey key, std::int64_t day, RawDay& raw);
    Result<void> begin_retention(Time now);
    Result<void> drop_samples(std::int64_t day);
    Result<void> drop_events(Time end);
    Result<void> drop_next();
    Result<bool> drop_next_facts();    // of the next subject; false: there is none
    Result<bool> drop_next_entries();  // of the next device's lists
    Result<void> seal_days(Time now);
    Result<void> seal_day(std::int64_t day);

    sqlite::Database database_;
    Statements statements_;
    StoreOptions options_;
    std::map<StreamKey, Stream> streams_;
    std::vector<Stream*> touched_;
    std::unordered_map<std::string, std::int64_t> text_ids_;  // of texts used lately
    std::deque<std::pair<std::int64_t, std::int64_t>> work_;  // stream, day to pack
    Time next_look_{};                                        // for work
    struct Retention {                                        // of a day, under way or done
        std::int64_t day = -1;
        bool is_running = false;
        Time end{};  // what is older goes
        bool are_facts_done = false;
        std::int64_t kind = -1;  // of the fact that was looked at last
        std::string id{};
        std::int64_t subject = 0;  // of the entry that was looked at last
    };
    Retention retention_;
};

}  // namespace vg::collector
