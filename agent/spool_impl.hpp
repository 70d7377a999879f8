#pragma once
// The spool's inside, shared by its own source files only: spool_open.cpp, spool.cpp, spool_write.cpp,
// spool_losses.cpp, spool_lists.cpp.

#include "agent/spool.hpp"
#include "agent/spool_database.hpp"
#include "agent/spool_records.hpp"
#include "base/sqlite.hpp"

#include <map>
#include <unordered_map>

namespace vg::agent {

// What a transaction may change; assigned only after its commit.
struct SpoolState {
    std::uint64_t epoch = 0;
    std::uint64_t next_seq = 1;
    std::uint64_t event_index = 0;  // of the last event
    crypto::Digest head{};
    UseByClass use;
};

[[nodiscard]] inline wire::BatchClass batch_class_of(std::int64_t number) {
    return number == 1 ? wire::BatchClass::events : number == 2 ? wire::BatchClass::facts : wire::BatchClass::samples;
}

struct Spool::Impl {
    using State = SpoolState;

    Impl(sqlite::Database database_, SpoolOptions options_, Clock& clock_)
        : database(std::move(database_)), options(std::move(options_)), clock(clock_) {}

    sqlite::Database database;
    SpoolOptions options;
    Clock& clock;
    std::optional<SpoolDamage> damage;
    State state;
    wire::BootInfo boot;
    std::int64_t boot_row = 0;
    std::map<wire::SeriesName, wire::SeriesId> series;
    std::vector<wire::SeriesName> new_series;  // named, not yet on disk
    std::vector<Record> records;               // of this boot, unsealed; the first `flushed` are on disk
    std::vector<wire::Event> resting_events;   // that the disk did not take
    std::size_t flushed = 0;
    std::uint64_t unspooled = 0;
    std::vector<std::uint64_t> acknowledged;  // still on disk
    std::unordered_map<std::string, std::uint64_t>
        whole_lists;               // digest of each list that stands on disk as it was seen
    bool lists_forgotten = false;  // not yet on disk
    bool facts_lost = false;
    std::vector<std::pair<std::string, std::string>> notes;
    sqlite::Statement insert_batch, insert_record, delete_batch, save_state, save_boot;

    Result<void> prepare();
    Result<void> load_state();
    Result<void> load_names();
    Result<void> load_boot();
    Result<void> bound_lists();
    Result<void> seal_older_boots();
    Result<void> write_common(const State& next);
    Result<void> write_batch(State& next, wire::BatchClass batch_class, std::int64_t boot_id, std::uint64_t items,
                             ByteView body);
    Result<void> put_events(State& next, std::span<const wire::Event> events);
    Result<void> make_room(State& next, std::uint64_t incoming);
    Result<std::uint64_t> drop_oldest(State& next, wire::BatchClass batch_class, std::uint64_t wanted);
    Result<void> lose_facts();
    Result<void> untell(std::uint64_t up_to_seq);
    Result<void> write_lost(const wire::LostRange& range);
    wire::SeriesId id_of(const wire::SeriesName& name);
    template <class Write>
    Result<void> transact(Write&& write);
};

// Runs `write(next)` and everything that waits for a transaction; the state changes only when all of it is durable.
template <class Write>
Result<void> Spool::Impl::transact(Write&& write) {
    auto transaction = sqlite::Transaction::begin(database);
    if (transaction.has_error()) return transaction.error();
    State next = state;
    if (Result<void> done = write(next); done.has_error()) return done.error();
    if (auto done = write_common(next); done.has_error()) return done.error();
    if (auto done = transaction->commit(); done.has_error()) return done.error();
    state = next;
    new_series.clear();
    acknowledged.clear();
    notes.clear();
    lists_forgotten = false;
    return {};
}

}  // namespace vg::agent
