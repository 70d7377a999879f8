#include "agent/spool.hpp"

#include "agent/spool_database.hpp"
#include "agent/spool_records.hpp"
#include "base/sqlite.hpp"
#include "wire/limits.hpp"

#include <algorithm>
#include <map>

namespace vg::agent {
namespace {

constexpr std::size_t max_resting = 20'000;       // samples kept in memory while the disk takes none
constexpr std::size_t max_lost_by_lookup = 1024;  // ranges read for one question

// What a transaction may change; assigned only after its commit.
struct State {
    std::uint64_t epoch = 0;
    std::uint64_t next_seq = 1;
    std::uint64_t event_index = 0;  // of the last event
    crypto::Digest head{};
    UseByClass use;
};

wire::BatchClass class_of(std::int64_t number) {
    return number == 1 ? wire::BatchClass::events : number == 2 ? wire::BatchClass::facts : wire::BatchClass::samples;
}

std::string_view name_of(wire::BatchClass batch_class) {
    switch (batch_class) {
        case wire::BatchClass::events: return "events";
        case wire::BatchClass::facts: return "facts";
        case wire::BatchClass::samples: return "samples";
    }
    return "samples";
}

}  // namespace

struct Spool::Impl {
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
    std::size_t flushed = 0;
    std::uint64_t unspooled = 0;
    std::vector<std::uint64_t> acknowledged;  // still on disk
    std::vector<std::pair<std::string, std::string>> notes;
    sqlite::Statement insert_batch, insert_record, delete_batch, save_state, save_boot;

    Result<void> prepare();
    Result<void> load();
    Result<void> seal_older_boots();
    Result<void> write_common(const State& next);
    Result<void> write_batch(State& next, wire::BatchClass batch_class, std::int64_t boot_id, std::uint64_t items,
                             ByteView body);
    Result<void> make_room(State& next, std::uint64_t incoming);
    Result<std::uint64_t> drop_oldest(State& next, wire::BatchClass batch_class, std::uint64_t wanted);
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
    return {};
}

Result<void> Spool::Impl::prepare() {
    const std::pair<sqlite::Statement*, std::string_view> wanted[] = {
        {&insert_batch, "INSERT INTO batches VALUES (?, ?, ?, ?, ?)"},
        {&insert_record, "INSERT INTO records (boot, body) VALUES (?, ?)"},
        {&delete_batch, "DELETE FROM batches WHERE seq = ?"},
        {&save_state, "UPDATE state SET next_seq = ?, event_index = ?, chain_head = ?"},
        {&save_boot, "UPDATE boots SET wall_at_zero = ?, last_mono = ?, corrected = ?, error = ? WHERE id = ?"},
    };
    for (const auto& [into, sql] : wanted) {
        auto statement = database.prepare(sql);
        if (statement.has_error()) return statement.error();
        *into = std::move(*statement);
    }
    return {};
}

Result<void> Spool::Impl::load() {
    auto row = database.prepare("SELECT epoch, next_seq, event_index, chain_head FROM state");
    if (row.has_error()) return row.error();
    if (auto got = row->step(); got.has_error() || !*got) return fail(Errc::corrupt, "the spool has no state");
    state.epoch = static_cast<std::uint64_t>(row->integer(0));
    state.next_seq = static_cast<std::uint64_t>(row->integer(1));
    state.event_index = static_cast<std::uint64_t>(row->integer(2));
    const auto head = row->blob(3);
    if (head.size() != state.head.size()) return fail(Errc::corrupt, "the spool's chain head has a wrong length");
    std::ranges::copy(head, state.head.begin());

    auto names = database.prepare("SELECT id, metric, target, unit FROM series");
    if (names.has_error()) return names.error();
    for (auto got = names->step(); got.has_value() && *got; got = names->step())
        series.emplace(wire::SeriesName{names->text(1), names->text(2), names->text(3)},
                       static_cast<wire::SeriesId>(names->integer(0)));

    auto use = database.prepare("SELECT class, count(*), total(length(body)) FROM batches GROUP BY class");
    if (use.has_error()) return use.error();
    for (auto got = use->step(); got.has_value() && *got; got = use->step()) {
        auto& of = state.use.of(class_of(use->integer(0)));
        of.batches = static_cast<std::uint64_t>(use->integer(1));
        of.bytes = static_cast<std::uint64_t>(use->real(2)) + of.batches * row_cost;
    }
    // Clocks of boots that nothing speaks of any more.
    if (auto done = database.run("DELETE FROM boots WHERE id NOT IN (SELECT boot FROM batches UNION SELECT boot FROM "
                                 "records)");
        done.has_error())
        return done.error();
    boot.boot_id = clock.boot_id();
    auto insert =
        database.prepare("INSERT OR IGNORE INTO boots (boot_id, wall_at_zero, last_mono, error) VALUES (?,0,0,0)");
    if (insert.has_error()) return insert.error();
    if (auto done = insert->bind(1, std::string_view(boot.boot_id)).run(); done.has_error()) return done.error();
    auto mine = database.prepare("SELECT id, corrected, error FROM boots WHERE boot_id = ?");
    if (mine.has_error()) return mine.error();
    if (auto got = mine->bind(1, std::string_view(boot.boot_id)).step(); got.has_error()) return got.error();
    boot_row = mine->integer(0);
    if (!mine->is_null(1)) boot.corrected_at_zero_ms = mine->integer(1);
    boot.error_ms = mine->integer(2);
    return {};
}

// Records found at opening belong to a process that was killed; those of this boot go on as they were.
Result<void> Spool::Impl::seal_older_boots() {
    std::map<std::int64_t, std::vector<Record>> by_boot;
    auto rows = database.prepare("SELECT boot, body FROM records ORDER BY id");
    if (rows.has_error()) return rows.error();
    for (auto got = rows->step(); got.has_value() && *got; got = rows->step()) {
        auto some = decode_records(rows->blob(1));
        if (some.has_error()) return some.error();
        auto& of_boot = by_boot[rows->integer(0)];
        of_boot.insert(of_boot.end(), some->begin(), some->end());
    }
    rows->reset();
    for (auto& [row, found] : by_boot) {
        if (row == boot_row) {
            records = std::move(found);
            flushed = records.size();
            continue;
        }
        const auto items = found.size();
        const auto body = wire::encode(to_body(std::move(found)));
        auto done = transact([&](State& next) -> Result<void> {
            auto remove = database.prepare("DELETE FROM records WHERE boot = ?");
            if (remove.has_error()) return remove.error();
            if (auto removed = remove->bind(1, row).run(); removed.has_error()) return removed.error();
            return write_batch(next, wire::BatchClass::samples, row, items, body);
        });
        if (done.has_error()) return done.error();
    }
    return {};
}

// What every transaction carries along: state, clock, names, deletions, notes.
Result<void> Spool::Impl::write_common(const State& next) {
    boot.last_mono_ms = clock.mono().time_since_epoch().count();
    boot.device_wall_at_zero_ms = clock.wall().time_since_epoch().count() - boot.last_mono_ms;
    save_boot.bind(1, boot.device_wall_at_zero_ms).bind(2, boot.last_mono_ms).bind(4, boot.error_ms).bind(5, boot_row);
    if (boot.corrected_at_zero_ms)
        save_boot.bind(3, *boot.corrected_at_zero_ms);
    else
        save_boot.bind_null(3);
    if (auto done = save_boot.run(); done.has_error()) return done.error();

    save_state.bind(1, static_cast<std::int64_t>(next.next_seq)).bind(2, static_cast<std::int64_t>(next.event_index));
    save_state.bind(3, ByteView(next.head));
    if (auto done = save_state.run(); done.has_error()) return done.error();

    if (!new_series.empty()) {
        auto insert = database.prepare("INSERT INTO series VALUES (?, ?, ?, ?)");
        if (insert.has_error()) return insert.error();
        for (const auto& name : new_series) {
            insert->bind(1, std::int64_t{series.at(name)}).bind(2, std::string_view(name.metric));
            insert->bind(3, std::string_view(name.target)).bind(4, std::string_view(name.unit));
            if (auto done = insert->run(); done.has_error()) return done.error();
        }
    }
    for (const auto seq : acknowledged)
        if (auto done = delete_batch.bind(1, static_cast<std::int64_t>(seq)).run(); done.has_error())
            return done.error();
    if (!notes.empty()) {
        auto put = database.prepare("INSERT OR REPLACE INTO notes VALUES (?, ?)");
        if (put.has_error()) return put.error();
        for (const auto& [key, value] : notes)
            if (auto done = put->bind(1, std::string_view(key)).bind(2, std::string_view(value)).run();
                done.has_error())
                return done.error();
    }
    return {};
}

Result<void> Spool::Impl::write_batch(State& next, wire::BatchClass batch_class, std::int64_t boot_id,
                                      std::uint64_t items, ByteView body) {
    if (auto done = make_room(next, body.size() + row_cost); done.has_error()) return done.error();
    insert_batch.bind(1, static_cast<std::int64_t>(next.next_seq)).bind(2, static_cast<std::int64_t>(batch_class));
    insert_batch.bind(3, boot_id).bind(4, static_cast<std::int64_t>(items)).bind(5, body);
    if (auto done = insert_batch.run(); done.has_error()) return done.error();
    ++next.next_seq;
    auto& use = next.use.of(batch_class);
    ++use.batches;
    use.bytes += body.size() + row_cost;
    return {};
}

Result<void> Spool::Impl::make_room(State& next, std::uint64_t incoming) {
    auto wanted = bytes_to_free(next.use.total().bytes, incoming, options.max_bytes);
    for (const auto batch_class : drop_order) {
        if (wanted == 0) break;
        auto freed = drop_oldest(next, batch_class, wanted);
        if (freed.has_error()) return freed.error();
        wanted -= std::min(wanted, *freed);
    }
    return {};
}

Result<std::uint64_t> Spool::Impl::drop_oldest(State& next, wire::BatchClass batch_class, std::uint64_t wanted) {
    auto oldest = database.prepare("SELECT seq, items, length(body) FROM batches WHERE class = ? ORDER BY seq");
    if (oldest.has_error()) return oldest.error();
    oldest->bind(1, static_cast<std::int64_t>(batch_class));
    std::vector<wire::LostRange> ranges;
    std::vector<std::uint64_t> gone;
    std::uint64_t freed = 0;
    while (freed < wanted) {
        auto got = oldest->step();
        if (got.has_error()) return got.error();
        if (!*got) break;
        const auto seq = static_cast<std::uint64_t>(oldest->integer(0));
        if (std::ranges::find(acknowledged, seq) != acknowledged.end()) continue;
        add_lost(ranges, seq, batch_class, static_cast<std::uint64_t>(oldest->integer(1)), "spool_full");
        freed += static_cast<std::uint64_t>(oldest->integer(2)) + row_cost;
        gone.push_back(seq);
    }
    oldest->reset();
    for (const auto seq : gone)
        if (auto done = delete_batch.bind(1, static_cast<std::int64_t>(seq)).run(); done.has_error())
            return done.error();
    for (const auto& range : ranges)
        if (auto done = write_lost(range); done.has_error()) return done.error();
    auto& use = next.use.of(batch_class);
    use.batches -= gone.size();
    use.bytes -= std::min(use.bytes, freed);
    return freed;
}

// Joins a range that ends just before and that no event has told of yet.
Result<void> Spool::Impl::write_lost(const wire::LostRange& range) {
    auto extend = database.prepare(
        "UPDATE lost SET last = ?, items = items + ? WHERE last = ? AND class = ? AND reason = ? AND reported IS NULL");
    if (extend.has_error()) return extend.error();
    extend->bind(1, static_cast<std::int64_t>(range.seqs.last)).bind(2, static_cast<std::int64_t>(range.items));
    extend->bind(3, static_cast<std::int64_t>(range.seqs.first) - 1);
    extend->bind(4, static_cast<std::int64_t>(range.batch_class)).bind(5, std::string_view(range.reason));
    if (auto done = extend->run(); done.has_error()) return done.error();
    if (database.changes() > 0) return {};
    auto insert = database.prepare("INSERT OR IGNORE INTO lost VALUES (?, ?, ?, ?, ?, NULL)");
    if (insert.has_error()) return insert.error();
    insert->bind(1, static_cast<std::int64_t>(range.seqs.first)).bind(2, static_cast<std::int64_t>(range.seqs.last));
    insert->bind(3, static_cast<std::int64_t>(range.batch_class)).bind(4, static_cast<std::int64_t>(range.items));
    return insert->bind(5, std::string_view(range.reason)).run();
}

wire::SeriesId Spool::Impl::id_of(const wire::SeriesName& name) {
    const auto [at, is_new] = series.try_emplace(name, static_cast<wire::SeriesId>(series.size() + 1));
    if (is_new) new_series.push_back(name);
    return at->second;
}

Spool::Spool(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Spool::Spool(Spool&&) noexcept = default;
Spool& Spool::operator=(Spool&&) noexcept = default;
Spool::~Spool() = default;

Result<Spool> Spool::open(const SpoolOptions& options, Clock& clock) {
    auto opened = open_spool_database(options.path);
    if (opened.has_error()) return opened.error();
    auto impl = std::make_unique<Impl>(std::move(opened->database), options, clock);
    impl->damage = std::move(opened->damage);
    if (auto done = impl->prepare(); done.has_error()) return done.error();
    if (auto done = impl->load(); done.has_error()) return done.error();
    if (auto done = impl->seal_older_boots(); done.has_error()) return done.error();
    Spool spool(std::move(impl));
    if (auto done = spool.settle(); done.has_error()) return done.error();
    return spool;
}

const std::optional<SpoolDamage>& Spool::damage() const { return impl_->damage; }

void Spool::add_samples(Mono at, std::span<const wire::Sample> samples) {
    auto& own = *impl_;
    for (const auto& sample : samples) {
        const bool known = own.series.contains(sample.series);
        if (!known && own.series.size() >= wire::limits::max_series_per_agent) {
            ++own.unspooled;
            continue;
        }
        own.records.push_back({own.id_of(sample.series), at.time_since_epoch().count(), sample.value});
    }
    if (own.records.size() - own.flushed > max_resting) {
        const auto excess = own.records.size() - own.flushed - max_resting;
        const auto from = own.records.begin() + static_cast<std::ptrdiff_t>(own.flushed);
        own.records.erase(from, from + static_cast<std::ptrdiff_t>(excess));
        own.unspooled += excess;
    }
}

bool Spool::has_unflushed() const { return impl_->records.size() > impl_->flushed; }
std::uint64_t Spool::unsealed() const { return impl_->records.size(); }

Result<void> Spool::flush() {
    auto& own = *impl_;
    if (!has_unflushed()) return {};
    const auto body = encode_records(std::span(own.records).subspan(own.flushed));
    auto done = own.transact(
        [&](State&) -> Result<void> { return own.insert_record.bind(1, own.boot_row).bind(2, ByteView(body)).run(); });
    if (done.has_value()) own.flushed = own.records.size();
    return done;
}

Result<std::optional<std::uint64_t>> Spool::seal_samples() {
    auto& own = *impl_;
    if (own.records.empty()) return std::optional<std::uint64_t>{};
    const auto seq = own.state.next_seq;
    const auto body = wire::encode(to_body(own.records));
    auto done = own.transact([&](State& next) -> Result<void> {
        if (own.flushed > 0)
            if (auto gone = own.database.run("DELETE FROM records"); gone.has_error()) return gone.error();
        return own.write_batch(next, wire::BatchClass::samples, own.boot_row, own.records.size(), body);
    });
    if (done.has_error()) return done.error();
    own.records.clear();
    own.flushed = 0;
    return std::optional(seq);
}

Result<std::uint64_t> Spool::append_events(std::span<const wire::Event> events) {
    auto& own = *impl_;
    const auto seq = own.state.next_seq;
    auto done = own.transact([&](State& next) -> Result<void> {
        wire::EventBody body;
        body.first_index = next.event_index + 1;
        body.before = next.head;
        body.events.assign(events.begin(), events.end());
        for (const auto& event : events) next.head = wire::chain(next.head, event);
        next.event_index += events.size();
        return own.write_batch(next, wire::BatchClass::events, own.boot_row, events.size(), wire::encode(body));
    });
    if (done.has_error()) return done.error();
    return seq;
}

Result<std::uint64_t> Spool::append_facts(std::span<const wire::TimedFact> facts) {
    auto& own = *impl_;
    const auto seq = own.state.next_seq;
    const auto body = wire::encode(wire::FactBody{{facts.begin(), facts.end()}});
    auto done = own.transact(
        [&](State& next) { return own.write_batch(next, wire::BatchClass::facts, own.boot_row, facts.size(), body); });
    if (done.has_error()) return done.error();
    return seq;
}

std::uint64_t Spool::take_unspooled() { return std::exchange(impl_->unspooled, 0); }

Result<std::vector<StoredBatch>> Spool::read(wire::BatchClass batch_class, std::uint64_t first, std::uint64_t before,
                                             std::size_t most) {
    auto rows = impl_->database.prepare(
        "SELECT b.seq, b.items, b.body, o.id, o.boot_id, o.wall_at_zero, o.last_mono, o.corrected, o.error "
        "FROM batches b JOIN boots o ON o.id = b.boot WHERE b.class = ? AND b.seq >= ? AND b.seq < ? "
        "ORDER BY b.seq LIMIT ?");
    if (rows.has_error()) return rows.error();
    rows->bind(1, static_cast<std::int64_t>(batch_class)).bind(2, static_cast<std::int64_t>(first));
    rows->bind(3, static_cast<std::int64_t>(std::min<std::uint64_t>(before, INT64_MAX)));
    rows->bind(4, static_cast<std::int64_t>(most));
    std::vector<StoredBatch> found;
    for (;;) {
        auto got = rows->step();
        if (got.has_error()) return got.error();
        if (!*got) return found;
        StoredBatch batch{static_cast<std::uint64_t>(rows->integer(0)), batch_class, {}, 0, {}};
        batch.items = static_cast<std::uint64_t>(rows->integer(1));
        const auto body = rows->blob(2);
        batch.body.assign(body.begin(), body.end());
        batch.boot.boot_id = rows->text(4);
        if (rows->integer(3) != impl_->boot_row) {
            batch.boot.device_wall_at_zero_ms = rows->integer(5);
            batch.boot.last_mono_ms = rows->integer(6);
            if (!rows->is_null(7)) batch.boot.corrected_at_zero_ms = rows->integer(7);
            batch.boot.error_ms = rows->integer(8);
        }
        found.push_back(std::move(batch));
    }
}

void Spool::acknowledge(std::span<const std::uint64_t> seqs) {
    auto& own = *impl_;
    auto select = own.database.prepare("SELECT class, length(body) FROM batches WHERE seq = ?");
    auto forget = own.database.prepare("DELETE FROM lost WHERE reported = ?");
    if (select.has_error() || forget.has_error()) return;
    for (const auto seq : seqs) {
        if (std::ranges::find(own.acknowledged, seq) != own.acknowledged.end()) continue;
        auto row = select->bind(1, static_cast<std::int64_t>(seq)).step();
        if (row.has_value() && *row) {
            auto& use = own.state.use.of(class_of(select->integer(0)));
            --use.batches;
            use.bytes -= std::min(use.bytes, static_cast<std::uint64_t>(select->integer(1)) + row_cost);
            own.acknowledged.push_back(seq);
            if (class_of(select->integer(0)) == wire::BatchClass::events)
                (void)forget->bind(1, static_cast<std::int64_t>(seq)).run();
        }
        select->reset();
    }
    // Not needed for safety (a resent batch is dropped as a duplicate), only to keep the list short.
    if (own.acknowledged.size() > 128) (void)settle();
}

Result<void> Spool::give_up(std::uint64_t seq, std::string_view reason) {
    auto& own = *impl_;
    auto select = own.database.prepare("SELECT class, items, length(body) FROM batches WHERE seq = ?");
    if (select.has_error()) return select.error();
    auto row = select->bind(1, static_cast<std::int64_t>(seq)).step();
    if (row.has_error()) return row.error();
    if (!*row) return {};
    const auto batch_class = class_of(select->integer(0));
    const wire::LostRange range{
        {seq, seq}, batch_class, static_cast<std::uint64_t>(select->integer(1)), std::string(reason)};
    const auto bytes = static_cast<std::uint64_t>(select->integer(2)) + row_cost;
    select->reset();
    return own.transact([&](State& next) -> Result<void> {
        auto& use = next.use.of(batch_class);
        --use.batches;
        use.bytes -= std::min(use.bytes, bytes);
        if (auto done = own.delete_batch.bind(1, static_cast<std::int64_t>(seq)).run(); done.has_error())
            return done.error();
        return own.write_lost(range);
    });
}

Result<void> Spool::note_unknown(std::span<const wire::SeqRange> missing) {
    auto& own = *impl_;
    std::vector<wire::SeqRange> held;
    auto rows = own.database.prepare(
        "SELECT seq, seq FROM batches WHERE seq BETWEEN ?1 AND ?2 UNION SELECT first, last FROM lost WHERE last >= ?1 "
        "AND "
        "first <= ?2 ORDER BY 1");
    if (rows.has_error()) return rows.error();
    std::vector<wire::SeqRange> gone;
    for (const auto& range : missing) {
        held.clear();
        rows->bind(1, static_cast<std::int64_t>(range.first)).bind(2, static_cast<std::int64_t>(range.last));
        for (auto got = rows->step(); got.has_value() && *got; got = rows->step())
            held.push_back(
                {static_cast<std::uint64_t>(rows->integer(0)), static_cast<std::uint64_t>(rows->integer(1))});
        rows->reset();
        const auto some = subtract(std::span(&range, 1), held);
        gone.insert(gone.end(), some.begin(), some.end());
    }
    if (gone.empty()) return {};
    return own.transact([&](State&) -> Result<void> {
        for (const auto& range : gone) {
            const wire::LostRange lost{range, wire::BatchClass::samples, 0, "deleted_after_ack"};
            if (auto done = own.write_lost(lost); done.has_error()) return done.error();
        }
        return {};
    });
}

Result<void> Spool::settle() {
    return impl_->transact([](State&) -> Result<void> { return {}; });
}

std::uint64_t Spool::epoch() const { return impl_->state.epoch; }
std::uint64_t Spool::next_seq() const { return impl_->state.next_seq; }
const UseByClass& Spool::use() const { return impl_->state.use; }

wire::SeriesId Spool::names_defined() const {
    return static_cast<wire::SeriesId>(impl_->series.size() - impl_->new_series.size());
}

Result<std::vector<wire::SeriesName>> Spool::names_from(wire::SeriesId first, std::size_t most) {
    auto rows = impl_->database.prepare("SELECT metric, target, unit FROM series WHERE id >= ? ORDER BY id LIMIT ?");
    if (rows.has_error()) return rows.error();
    rows->bind(1, std::int64_t{first}).bind(2, static_cast<std::int64_t>(most));
    std::vector<wire::SeriesName> names;
    for (;;) {
        auto got = rows->step();
        if (got.has_error()) return got.error();
        if (!*got) return names;
        names.push_back({rows->text(0), rows->text(1), rows->text(2)});
    }
}

Result<std::vector<wire::LostRange>> Spool::lost(std::size_t most) {
    auto rows = impl_->database.prepare("SELECT first, last, class, items, reason FROM lost ORDER BY first LIMIT ?");
    if (rows.has_error()) return rows.error();
    rows->bind(1, static_cast<std::int64_t>(most));
    std::vector<wire::LostRange> ranges;
    for (;;) {
        auto got = rows->step();
        if (got.has_error()) return got.error();
        if (!*got) return ranges;
        ranges.push_back({{static_cast<std::uint64_t>(rows->integer(0)), static_cast<std::uint64_t>(rows->integer(1))},
                          class_of(rows->integer(2)),
                          static_cast<std::uint64_t>(rows->integer(3)),
                          rows->text(4)});
    }
}

Result<void> Spool::report_lost() {
    auto& own = *impl_;
    auto rows = own.database.prepare(
        "SELECT first, last, class, items, reason FROM lost WHERE reported IS NULL ORDER BY first LIMIT ?");
    if (rows.has_error()) return rows.error();
    rows->bind(1, static_cast<std::int64_t>(max_lost_by_lookup));
    std::vector<wire::Event> events;
    for (auto got = rows->step(); got.has_value() && *got; got = rows->step()) {
        wire::Event event{"spool.lost", wire::Severity::medium, {}, {}, own.clock.mono()};
        event.fields = {{"epoch", std::to_string(own.state.epoch)},
                        {"first", rows->text(0)},
                        {"last", rows->text(1)},
                        {"class", std::string(name_of(class_of(rows->integer(2))))},
                        {"items", rows->text(3)},
                        {"reason", rows->text(4)}};
        events.push_back(std::move(event));
    }
    rows->reset();
    if (events.empty()) return {};
    auto seq = append_events(events);
    if (seq.has_error()) return seq.error();
    auto mark = own.database.prepare("UPDATE lost SET reported = ? WHERE reported IS NULL AND first <= ?");
    if (mark.has_error()) return mark.error();
    mark->bind(1, static_cast<std::int64_t>(*seq))
        .bind(2, static_cast<std::int64_t>(std::stoull(events.back().fields[1].second)));
    return mark->run();
}

const wire::BootInfo& Spool::boot() const {
    auto& own = *impl_;
    own.boot.last_mono_ms = own.clock.mono().time_since_epoch().count();
    own.boot.device_wall_at_zero_ms = own.clock.wall().time_since_epoch().count() - own.boot.last_mono_ms;
    return own.boot;
}

void Spool::set_corrected(std::int64_t corrected_at_zero_ms, std::int64_t error_ms) {
    impl_->boot.corrected_at_zero_ms = corrected_at_zero_ms;
    impl_->boot.error_ms = error_ms;
}

void Spool::set_note(std::string_view key, std::string_view value) {
    for (auto& [name, text] : impl_->notes)
        if (name == key) {
            text = value;
            return;
        }
    impl_->notes.emplace_back(key, value);
}

std::string Spool::note(std::string_view key) {
    for (const auto& [name, text] : impl_->notes)
        if (name == key) return text;
    auto select = impl_->database.prepare("SELECT value FROM notes WHERE key = ?");
    if (select.has_error()) return {};
    auto row = select->bind(1, key).step();
    return row.has_value() && *row ? select->text(0) : std::string{};
}

}  // namespace vg::agent
