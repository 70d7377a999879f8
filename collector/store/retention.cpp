// What retention ended, once a day: samples, events and the story of the devices at once by their times, histories of
// facts and lists a few subjects at a time, for they are many and no index leads to the old ones.

#include "collector/inventory/inventory_text.hpp"
#include "collector/store/chunk.hpp"
#include "collector/store/sqlite_store.hpp"

#include <algorithm>

namespace vg::collector {
namespace {

constexpr int subjects_at_once = 10;

}  // namespace

Result<void> SqliteStore::begin_retention(Time now) {
    const auto day = now.time_since_epoch().count() / day_ms;
    if (retention_.day == day) return {};
    if (auto gone = drop_samples(day); !gone) return gone;
    const Time events_end = now - options_.keep_events;
    if (auto gone = drop_events(events_end); !gone) return gone;
    if (auto gone = Query(statements_, "DELETE FROM documents WHERE collection = ? AND at < ?")
                        .with(std::string_view(inventory::text::log), events_end)
                        .run();
        !gone)
        return gone;
    retention_ = {.day = day, .is_running = true, .end = events_end};
    return {};
}

Result<void> SqliteStore::drop_samples(std::int64_t day) {
    const auto raw_end = std::max<std::int64_t>(0, day - options_.keep_samples.count());
    const auto hour_end = std::max<std::int64_t>(0, day - 3 * options_.keep_samples.count());
    for (const auto& [step, end] :
         {std::pair{Step::raw, raw_end}, {Step::five_minutes, raw_end}, {Step::hour, hour_end}})
        if (auto gone = Query(statements_, "DELETE FROM chunks WHERE id >= ? AND id < ?")
                            .with(chunk_id(step, 0, 0), chunk_id(step, end, 0))
                            .run();
            !gone)
            return gone;
    return Query(statements_, "DELETE FROM chunk_times WHERE id < ? << 40").with(raw_end).run();
}

// A chain goes up to the last of its events that is too old; where it begins now is written down with that.
Result<void> SqliteStore::drop_events(Time end) {
    std::vector<std::pair<std::int64_t, std::uint64_t>> floors;  // stream, index
    {
        Query query(statements_,
                    "SELECT stream, max(idx) FROM events INDEXED BY events_by_time WHERE at < ? GROUP BY stream");
        query.with(end);
        while (query.next()) floors.emplace_back(query.integer(0), query.bits(1));
        if (auto read = query.end(); !read) return read;
    }
    if (floors.empty()) return {};
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction) return transaction.error();
    for (const auto& [stream, index] : floors) {
        if (auto moved = Query(statements_,
                               "UPDATE streams SET (floor_index, floor_head) = (SELECT idx, head FROM events WHERE "
                               "stream = ?1 AND idx = ?2) WHERE id = ?1")
                             .with(stream, index)
                             .run();
            !moved)
            return moved;
        if (auto gone =
                Query(statements_, "DELETE FROM events WHERE stream = ? AND idx <= ?").with(stream, index).run();
            !gone)
            return gone;
    }
    return transaction->commit();
}

Result<void> SqliteStore::drop_next() {
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction) return transaction.error();
    for (int i = 0; i < subjects_at_once && retention_.is_running; ++i) {
        const auto more = retention_.are_facts_done ? drop_next_entries() : drop_next_facts();
        if (!more) return more.error();
        if (*more) continue;
        retention_.is_running = !retention_.are_facts_done;
        retention_.are_facts_done = true;
    }
    return transaction->commit();
}

// The value in force when retention ends stays, but of a device of which nothing was told since.
Result<bool> SqliteStore::drop_next_facts() {
    {
        Query next(statements_, "SELECT kind, id FROM facts WHERE (kind, id) > (?, ?) ORDER BY kind, id LIMIT 1");
        next.with(retention_.kind, retention_.id);
        if (!next.next()) {
            if (auto end = next.end(); !end) return end.error();
            return false;
        }
        retention_.kind = next.integer(0);
        retention_.id = next.text(1);
    }
    if (auto gone = Query(statements_,
                          "DELETE FROM facts WHERE kind = ?1 AND id = ?2 AND confirmed < ?3 AND EXISTS (SELECT 1 FROM "
                          "facts n WHERE n.kind = ?1 AND n.id = ?2 AND n.name = facts.name AND n.at > facts.at AND "
                          "n.at < ?3)")
                        .with(retention_.kind, retention_.id, retention_.end)
                        .run();
        !gone)
        return gone.error();
    if (retention_.kind != static_cast<int>(wire::SubjectKind::device)) return true;
    if (auto gone = Query(statements_,
                          "DELETE FROM facts WHERE kind = ?1 AND id = ?2 AND NOT EXISTS (SELECT 1 FROM facts n WHERE "
                          "n.kind = ?1 AND n.id = ?2 AND n.confirmed >= ?3)")
                        .with(retention_.kind, retention_.id, retention_.end)
                        .run();
        !gone)
        return gone.error();
    return true;
}

Result<bool> SqliteStore::drop_next_entries() {
    {
        Query next(statements_, "SELECT subject FROM entries WHERE subject > ? ORDER BY subject LIMIT 1");
        next.with(retention_.subject);
        if (!next.next()) {
            if (auto end = next.end(); !end) return end.error();
            return false;
        }
        retention_.subject = next.integer(0);
    }
    if (auto gone = Query(statements_,
                          "DELETE FROM entries WHERE subject = ?1 AND at < ?2 AND (value = 0 OR EXISTS (SELECT 1 FROM "
                          "entries n WHERE n.subject = ?1 AND n.list = entries.list AND n.name = entries.name AND "
                          "n.at > entries.at AND n.at < ?2))")
                        .with(retention_.subject, retention_.end)
                        .run();
        !gone)
        return gone.error();
    return true;
}

}  // namespace vg::collector
