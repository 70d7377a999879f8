// Reading a series back: packed days and the batches since, as one.

#include "collector/store/chunk.hpp"
#include "collector/store/sqlite_store.hpp"

#include <algorithm>

namespace vg::collector {
namespace {

std::int64_t day_of(Time time) {
    const auto ms = time.time_since_epoch().count();
    return ms < 0 ? 0 : std::min<std::int64_t>(ms / day_ms, (1 << 20) - 1);
}

Step step_for(std::int64_t step_ms) {
    if (step_ms <= 0) return Step::raw;
    if (step_ms % milliseconds_of(Step::hour) == 0) return Step::hour;
    return step_ms % milliseconds_of(Step::five_minutes) == 0 ? Step::five_minutes : Step::raw;
}

}  // namespace

Result<std::vector<Point>> SqliteStore::read(SeriesKey series, Time from, Time to, std::int64_t step_ms) {
    std::vector<Point> points;
    if (auto read = read_chunks(series, from, to, step_ms, points); !read) return read.error();
    const auto packed = points.size();
    if (auto read = read_tail(series, from, to, points); !read) return read.error();
    const auto earlier = [](const Point& a, const Point& b) { return a.at_ms < b.at_ms; };
    // Late data may lie between packed days; else all is in order already.
    if (!std::is_sorted(points.begin() + static_cast<std::ptrdiff_t>(packed ? packed - 1 : 0), points.end(), earlier))
        std::stable_sort(points.begin(), points.end(), earlier);
    if (step_ms <= 0) return points;
    std::vector<Point> buckets;
    for (const auto& point : points) fold(buckets, point, step_ms);
    return buckets;
}

Result<void> SqliteStore::read_chunks(SeriesKey series, Time from, Time to, std::int64_t step_ms,
                                      std::vector<Point>& out) {
    const auto step = step_for(step_ms);
    const auto low = from.time_since_epoch().count(), high = to.time_since_epoch().count();
    Query range(statements_, "SELECT coalesce(first, 0), coalesce(last, -1) FROM series WHERE key = ?");
    range.with(series);
    if (!range.next()) return range.end();
    const auto first = std::max(day_of(from), day_of(range.time(0)));
    const auto last = range.integer(1) < 0 ? first - 1 : std::min(day_of(to), day_of(range.time(1)));
    std::int64_t times_id = 0;
    std::vector<std::int64_t> times;
    for (auto day = first; day <= last; ++day) {
        Query chunk(statements_, "SELECT times, data FROM chunks WHERE id = ?");
        chunk.with(chunk_id(step, day, series));
        if (!chunk.next()) {
            if (auto end = chunk.end(); !end) return end;
            continue;
        }
        if (step != Step::raw) {
            auto points = decode_roll_up(chunk.blob(1));
            if (!points) return points.error();
            const auto width = milliseconds_of(step);
            for (const auto& p : *points)
                if (p.at_ms + width > low && p.at_ms < high) out.push_back(p);
            continue;
        }
        auto values = decode_day_values(chunk.blob(1));
        if (!values) return values.error();
        if (times_id != chunk.integer(0)) {
            Query query(statements_, "SELECT data FROM chunk_times WHERE id = ?");
            query.with(chunk.integer(0));
            auto decoded =
                query.next() ? decode_day_times(query.blob(0))
                             : Result<std::vector<std::int64_t>>(fail(
                                   Errc::corrupt, say({"thiếu các mốc thời gian đã nén", "packed times are missing"})));
            if (!decoded) return decoded.error();
            times = std::move(*decoded);
            times_id = chunk.integer(0);
        }
        if (times.size() != values->size())
            return fail(Errc::corrupt, say({"một ngày đã nén có nhiều mốc thời gian hơn số đo",
                                            "a packed day has more times than values"}));
        if (out.empty()) out.reserve(static_cast<std::size_t>(last - first + 1) * times.size());
        for (std::size_t i = 0; i < times.size(); ++i)
            if (times[i] >= low && times[i] < high)
                out.push_back({times[i], (*values)[i], (*values)[i], (*values)[i], 1});
    }
    return {};
}

Result<std::vector<SqliteStore::Tail>> SqliteStore::tails_of(SeriesKey series) {
    std::vector<Tail> out;
    Query query(statements_,
                "SELECT n.stream, n.id FROM series s JOIN streams t ON t.agent = s.agent "
                "JOIN series_names n ON n.stream = t.id AND n.key = s.key WHERE s.key = ?");
    query.with(series);
    while (query.next()) out.push_back({query.integer(0), static_cast<wire::SeriesId>(query.integer(1))});
    if (auto end = query.end(); !end) return end.error();
    return out;
}

Result<void> SqliteStore::read_tail(SeriesKey series, Time from, Time to, std::vector<Point>& out) {
    const auto tails = tails_of(series);
    if (!tails) return tails.error();
    const auto low = from.time_since_epoch().count(), high = to.time_since_epoch().count();
    for (const auto& tail : *tails) {
        Query query(
            statements_,
            "SELECT offset, packed, body FROM batches WHERE stream = ? AND last >= ? AND first < ? ORDER BY last");
        query.with(tail.stream, from, to);
        while (query.next()) {
            const auto offset = query.integer(0);
            const auto begin = std::max(low, query.integer(1));
            const auto scan = wire::scan_samples(query.blob(2), [&](wire::SeriesId id, std::span<const std::int64_t> at,
                                                                    std::span<const double> values) {
                if (id != tail.id) return;
                for (std::size_t i = 0; i < at.size(); ++i)
                    if (const auto t = at[i] + offset; t >= begin && t < high)
                        out.push_back({t, values[i], values[i], values[i], 1});
            });
            if (!scan)
                return fail(Errc::corrupt,
                            say({"một gói đã lưu bị hỏng: {}", "a stored batch is damaged: {}"}, scan.error()));
        }
        if (auto end = query.end(); !end) return end;
    }
    return {};
}

}  // namespace vg::collector
