#include "agent/spool_impl.hpp"

#include <algorithm>

namespace vg::agent {
namespace {

constexpr std::size_t max_lost_by_lookup = 1024;  // ranges told in one batch of events

std::string_view name_of(wire::BatchClass batch_class) {
    switch (batch_class) {
        case wire::BatchClass::events: return "events";
        case wire::BatchClass::facts: return "facts";
        case wire::BatchClass::samples: return "samples";
    }
    return "samples";
}

}  // namespace

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
    if (batch_class == wire::BatchClass::events && !gone.empty())
        if (auto done = untell(gone.back()); done.has_error()) return done.error();
    if (batch_class == wire::BatchClass::facts && !gone.empty())
        if (auto done = lose_facts(); done.has_error()) return done.error();
    for (const auto& range : ranges)
        if (auto done = write_lost(range); done.has_error()) return done.error();
    auto& use = next.use.of(batch_class);
    use.batches -= gone.size();
    use.bytes -= std::min(use.bytes, freed);
    return freed;
}

// What the collector does not have must not count as told.
Result<void> Spool::Impl::lose_facts() {
    facts_lost = true;
    whole_lists.clear();
    return database.run("DELETE FROM told");
}

// The events that told of these losses are lost themselves: another one has to.
Result<void> Spool::Impl::untell(std::uint64_t up_to_seq) {
    auto update = database.prepare("UPDATE lost SET reported = NULL WHERE reported <= ?");
    if (update.has_error()) return update.error();
    return update->bind(1, static_cast<std::int64_t>(up_to_seq)).run();
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

Result<void> Spool::give_up(std::uint64_t seq, std::string_view reason) {
    auto& own = *impl_;
    auto select = own.database.prepare("SELECT class, items, length(body) FROM batches WHERE seq = ?");
    if (select.has_error()) return select.error();
    auto row = select->bind(1, static_cast<std::int64_t>(seq)).step();
    if (row.has_error()) return row.error();
    if (!*row) return {};
    const auto batch_class = batch_class_of(select->integer(0));
    const wire::LostRange range{
        {seq, seq}, batch_class, static_cast<std::uint64_t>(select->integer(1)), std::string(reason)};
    const auto bytes = static_cast<std::uint64_t>(select->integer(2)) + row_cost;
    select->reset();
    return own.transact([&](SpoolState& next) -> Result<void> {
        auto& use = next.use.of(batch_class);
        --use.batches;
        use.bytes -= std::min(use.bytes, bytes);
        if (auto done = own.delete_batch.bind(1, static_cast<std::int64_t>(seq)).run(); done.has_error())
            return done.error();
        if (batch_class == wire::BatchClass::facts)
            if (auto done = own.lose_facts(); done.has_error()) return done.error();
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
        auto read = rows->each([&] {
            held.push_back(
                {static_cast<std::uint64_t>(rows->integer(0)), static_cast<std::uint64_t>(rows->integer(1))});
        });
        if (read.has_error()) return read;  // what is held must not be called lost
        const auto some = subtract(std::span(&range, 1), held);
        gone.insert(gone.end(), some.begin(), some.end());
    }
    if (gone.empty()) return {};
    return own.transact([&](SpoolState&) -> Result<void> {
        for (const auto& range : gone) {
            const wire::LostRange lost{range, wire::BatchClass::samples, 0, "deleted_after_ack"};
            if (auto done = own.write_lost(lost); done.has_error()) return done.error();
        }
        return own.lose_facts();  // of which class these were, nobody knows any more
    });
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
                          batch_class_of(rows->integer(2)),
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
    std::int64_t last_first = 0;
    auto read = rows->each([&] {
        last_first = rows->integer(0);
        wire::Event event{"spool.lost", wire::Severity::medium, {}, {}, own.clock.mono()};
        event.fields = {{"epoch", std::to_string(own.state.epoch)},
                        {"first", rows->text(0)},
                        {"last", rows->text(1)},
                        {"class", std::string(name_of(batch_class_of(rows->integer(2))))},
                        {"items", rows->text(3)},
                        {"reason", rows->text(4)}};
        events.push_back(std::move(event));
    });
    if (read.has_error()) return read;
    if (events.empty()) return {};
    return own.transact([&](SpoolState& next) -> Result<void> {
        auto mark = own.database.prepare("UPDATE lost SET reported = ? WHERE reported IS NULL AND first <= ?");
        if (mark.has_error()) return mark.error();
        mark->bind(1, static_cast<std::int64_t>(next.next_seq)).bind(2, last_first);
        if (auto done = mark->run(); done.has_error()) return done.error();
        return own.put_events(next, events);
    });
}

}  // namespace vg::agent
