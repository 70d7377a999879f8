// Housekeeping: finished days of bodies become chunks and roll-ups; retention.cpp drops what is too old.

#include "collector/store/chunk.hpp"
#include "collector/store/sqlite_store.hpp"

#include <algorithm>
#include <map>

namespace vg::collector {
namespace {

constexpr Millis grace = std::chrono::minutes(10);  // batches of the day's end are still on their way
// A machine that slept in the middle of a batch; what lasts longer counts to its last day.
constexpr std::int64_t longest_batch_ms = 31 * day_ms;
constexpr Millis look_every = std::chrono::minutes(1);

void put_in_order(RawDay& day) {
    if (std::is_sorted(day.at_ms.begin(), day.at_ms.end())) return;
    std::vector<std::pair<std::int64_t, double>> both;
    for (std::size_t i = 0; i < day.at_ms.size(); ++i) both.emplace_back(day.at_ms[i], day.values[i]);
    std::stable_sort(both.begin(), both.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < both.size(); ++i) std::tie(day.at_ms[i], day.values[i]) = both[i];
}

}  // namespace

Result<bool> SqliteStore::tidy(Time now) {
    if (work_.empty() && !retention_.is_running) {
        const bool was_put_back = next_look_ > now + look_every;  // the clock
        if (now < next_look_ && !was_put_back) return false;
        if (auto found = find_work(now); !found) return found.error();
        next_look_ = now + look_every;
        if (auto sealed = seal_days(now); !sealed) return sealed.error();
        if (auto dropped = begin_retention(now); !dropped) return dropped.error();
        if (work_.empty() && !retention_.is_running) return false;
    }
    if (work_.empty()) {
        if (auto dropped = drop_next(); !dropped) return dropped.error();
        return true;
    }
    const auto [stream, day] = work_.front();
    if (auto packed = pack(stream, day); !packed) return packed.error();
    work_.pop_front();
    return true;
}

Result<void> SqliteStore::find_work(Time now) {
    const auto today = (now - grace).time_since_epoch().count() / day_ms * day_ms;
    std::vector<std::int64_t> streams;
    {
        Query query(statements_,
                    "SELECT id FROM streams WHERE (SELECT min(last) FROM batches WHERE stream = streams.id) < ?");
        query.with(today);
        while (query.next()) streams.push_back(query.integer(0));
        if (auto end = query.end(); !end) return end;
    }
    std::map<std::int64_t, std::vector<std::int64_t>> by_day;  // days in order: each is appended behind the one before
    for (const auto stream : streams) {
        Query query(
            statements_,
            "SELECT DISTINCT max(first, packed) / 86400000 FROM batches WHERE stream = ? AND max(first, packed) < ? "
            "UNION SELECT DISTINCT last / 86400000 FROM batches WHERE stream = ? AND last < ?");
        query.with(stream, today, stream, today);
        while (query.next()) by_day[query.integer(0)].push_back(stream);
        if (auto end = query.end(); !end) return end;
    }
    for (const auto& [day, ids] : by_day)
        for (const auto stream : ids) work_.emplace_back(stream, day);
    return {};
}

Result<void> SqliteStore::pack(std::int64_t stream, std::int64_t day) {
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction) return transaction.error();
    std::map<wire::SeriesId, RawDay> days;
    if (auto read = read_day(stream, day, days); !read) return read;
    std::map<Bytes, std::int64_t> times;
    for (auto& [id, raw] : days)
        if (auto written = write_day(stream, id, day, raw, times); !written) return written;
    const auto end = (day + 1) * day_ms;
    if (auto gone = Query(statements_, "DELETE FROM batches WHERE stream = ? AND last < ?").with(stream, end).run();
        !gone)
        return gone;
    if (auto marked =
            Query(statements_,
                  "UPDATE batches SET packed = ?2 WHERE stream = ?1 AND last >= ?2 AND last < ?3 AND first < ?2")
                .with(stream, end, end + longest_batch_ms)
                .run();
        !marked)
        return marked;
    return transaction->commit();
}

// Days are packed in order, so what is older than this day and not packed belongs to a day before the epoch's.
Result<void> SqliteStore::read_day(std::int64_t stream, std::int64_t day, std::map<wire::SeriesId, RawDay>& out) {
    const auto end = (day + 1) * day_ms;
    Query query(statements_,
                "SELECT offset, packed, body FROM batches WHERE stream = ? AND last < ? AND first < ? ORDER BY last");
    query.with(stream, end + longest_batch_ms, end);
    while (query.next()) {
        const auto offset = query.integer(0);
        const auto begin = query.integer(1) == 0 ? INT64_MIN : query.integer(1);
        const auto scan = wire::scan_samples(
            query.blob(2), [&](wire::SeriesId id, std::span<const std::int64_t> at, std::span<const double> values) {
                auto& raw = out[id];
                for (std::size_t i = 0; i < at.size(); ++i) {
                    const auto t = at[i] + offset;
                    if (t < begin || t >= end) continue;
                    raw.at_ms.push_back(t);
                    raw.values.push_back(values[i]);
                }
            });
        if (!scan)
            return fail(Errc::corrupt,
                        say({"một gói đã lưu bị hỏng: {}", "a stored batch is damaged: {}"}, scan.error()));
    }
    return query.end();
}

Result<void> SqliteStore::write_day(std::int64_t stream, wire::SeriesId id, std::int64_t day, RawDay& raw,
                                    std::map<Bytes, std::int64_t>& times) {
    if (raw.at_ms.empty()) return {};
    Query name(statements_, "SELECT key FROM series_names WHERE stream = ? AND id = ?");
    name.with(stream, std::int64_t{id});
    if (!name.next()) return name.end();
    const SeriesKey key = name.integer(0);
    if (auto merged = merge_packed(key, day, raw); !merged) return merged;
    put_in_order(raw);
    auto encoded = encode_day_times(raw.at_ms);
    auto shared = times.find(encoded);
    if (shared == times.end()) {
        Query next(
            statements_,
            "SELECT coalesce(max(id) + 1, ?1 << 40) FROM chunk_times WHERE id < (?1 + 1) << 40 AND id >= ?1 << 40");
        next.with(day);
        if (!next.next()) return next.end();
        const auto times_id = next.integer(0);
        if (auto put = Query(statements_, "INSERT INTO chunk_times VALUES (?, ?, ?)")
                           .with(times_id, static_cast<std::int64_t>(raw.at_ms.size()), ByteView(encoded))
                           .run();
            !put)
            return put;
        shared = times.emplace(std::move(encoded), times_id).first;
    }
    const auto put_chunk = [&](Step step, std::int64_t times_id, const Bytes& data) {
        return Query(statements_, "INSERT OR REPLACE INTO chunks VALUES (?, ?, ?)")
            .with(chunk_id(step, day, key), times_id, ByteView(data))
            .run();
    };
    if (auto put = put_chunk(Step::raw, shared->second, encode_day_values(raw.values)); !put) return put;
    for (const auto step : {Step::five_minutes, Step::hour})
        if (auto put = put_chunk(step, 0, encode_roll_up(roll_up(raw, milliseconds_of(step)))); !put) return put;
    return Query(statements_,
                 "UPDATE series SET first = min(coalesce(first, ?2), ?2), last = max(coalesce(last, ?3), ?3) WHERE key "
                 "= ?1")
        .with(key, raw.at_ms.front(), raw.at_ms.back())
        .run();
}

// Late data for a day that is packed: both become one chunk again.
Result<void> SqliteStore::merge_packed(SeriesKey key, std::int64_t day, RawDay& raw) {
    Query chunk(statements_, "SELECT t.data, c.data FROM chunks c JOIN chunk_times t ON t.id = c.times WHERE c.id = ?");
    chunk.with(chunk_id(Step::raw, day, key));
    if (!chunk.next()) return chunk.end();
    auto at = decode_day_times(chunk.blob(0));
    if (!at) return at.error();
    auto values = decode_day_values(chunk.blob(1));
    if (!values) return values.error();
    raw.at_ms.insert(raw.at_ms.begin(), at->begin(), at->end());
    raw.values.insert(raw.values.begin(), values->begin(), values->end());
    return {};
}

}  // namespace vg::collector
