#include "agent/spool_impl.hpp"

#include "wire/limits.hpp"

#include <algorithm>

namespace vg::agent {
namespace {

// Kept in memory while the disk takes nothing.
constexpr std::size_t max_resting = 20'000;        // samples
constexpr std::size_t max_resting_events = 2'000;  // fewer than a batch may hold

}  // namespace

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

bool Spool::has_unflushed() const { return impl_->records.size() > impl_->flushed || !impl_->resting_events.empty(); }

std::uint64_t Spool::unsealed() const { return impl_->records.size(); }

Result<void> Spool::flush() {
    auto& own = *impl_;
    if (!has_unflushed()) return {};
    const auto body = encode_records(std::span(own.records).subspan(own.flushed));
    auto done = own.transact([&](SpoolState& next) -> Result<void> {
        if (!own.resting_events.empty())
            if (auto put = own.put_events(next, own.resting_events); put.has_error()) return put.error();
        if (body.empty()) return {};
        return own.insert_record.bind(1, own.boot_row).bind(2, ByteView(body)).run();
    });
    if (done.has_error()) return done;
    own.flushed = own.records.size();
    own.resting_events.clear();
    return {};
}

Result<std::optional<std::uint64_t>> Spool::seal_samples() {
    auto& own = *impl_;
    if (own.records.empty()) return std::optional<std::uint64_t>{};
    const auto seq = own.state.next_seq;
    const auto body = wire::encode(to_body(own.records));
    auto done = own.transact([&](SpoolState& next) -> Result<void> {
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
    auto& resting = own.resting_events;
    resting.insert(resting.end(), events.begin(), events.end());
    const auto seq = own.state.next_seq;
    auto done = own.transact([&](SpoolState& next) { return own.put_events(next, resting); });
    if (done.has_value()) {
        resting.clear();
        return seq;
    }
    if (resting.size() > max_resting_events) {
        const auto excess = resting.size() - max_resting_events;
        resting.erase(resting.begin(), resting.begin() + static_cast<std::ptrdiff_t>(excess));
        own.unspooled += excess;
    }
    return done.error();
}

Result<std::uint64_t> Spool::append_facts(std::span<const wire::TimedFact> facts) {
    auto& own = *impl_;
    const auto seq = own.state.next_seq;
    const auto body = wire::encode(wire::FactBody{{facts.begin(), facts.end()}});
    auto done = own.transact([&](SpoolState& next) {
        return own.write_batch(next, wire::BatchClass::facts, own.boot_row, facts.size(), body);
    });
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
            auto& use = own.state.use.of(batch_class_of(select->integer(0)));
            --use.batches;
            use.bytes -= std::min(use.bytes, static_cast<std::uint64_t>(select->integer(1)) + row_cost);
            own.acknowledged.push_back(seq);
            if (batch_class_of(select->integer(0)) == wire::BatchClass::events)
                (void)forget->bind(1, static_cast<std::int64_t>(seq)).run();
        }
        select->reset();
    }
    // Not needed for safety (a resent batch is dropped as a duplicate), only to keep the list short.
    if (own.acknowledged.size() > 128) (void)settle();
}

Result<void> Spool::settle() {
    return impl_->transact([](SpoolState&) -> Result<void> { return {}; });
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
