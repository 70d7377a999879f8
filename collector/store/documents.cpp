#include "collector/store/event_fields.hpp"
#include "collector/store/sqlite_store.hpp"

namespace vg::collector {

Result<void> SqliteStore::put(const Document& document) {
    return Query(statements_, "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)")
        .with(document.collection, document.id, document.text, document.at)
        .run();
}

Result<void> SqliteStore::erase(const std::string& collection, const std::string& id) {
    return Query(statements_, "DELETE FROM documents WHERE collection = ? AND id = ?").with(collection, id).run();
}

Result<std::vector<Document>> SqliteStore::documents(const std::string& collection) {
    Query query(statements_, "SELECT id, text, at FROM documents WHERE collection = ? ORDER BY id");
    query.with(collection);
    std::vector<Document> out;
    while (query.next()) out.push_back({collection, query.text(0), query.text(1), query.time(2)});
    if (auto end = query.end(); !end) return end.error();
    return out;
}

Result<std::optional<Document>> SqliteStore::document(const std::string& collection, const std::string& id) {
    Query query(statements_, "SELECT text, at FROM documents WHERE collection = ? AND id = ?");
    query.with(collection, id);
    std::optional<Document> out;
    if (query.next()) out = Document{collection, id, query.text(0), query.time(1)};
    if (auto end = query.end(); !end) return end.error();
    return out;
}

Result<std::vector<StoredEvent>> SqliteStore::events(const EventQuery& wanted) {
    Query query(statements_,
                "SELECT e.id, e.agent, e.site, s.epoch, e.idx, e.kind, e.severity, e.subject_kind, e.subject_key, "
                "e.subject_id, e.fields, e.mono, e.at, e.device_time, e.received, e.error, e.head "
                "FROM events e JOIN streams s ON s.id = e.stream "
                "WHERE e.id < ?1 AND (?2 = '' OR e.agent = ?2) AND (?3 = '' OR e.site = ?3) "
                "AND (?4 = '' OR e.kind = ?4) AND e.at >= ?5 AND e.at < ?6 ORDER BY e.id DESC LIMIT ?7");
    query.with(wanted.before_id, wanted.agent, wanted.site, wanted.kind, wanted.from, wanted.to,
               static_cast<std::int64_t>(wanted.limit));
    std::vector<StoredEvent> out;
    while (query.next()) {
        StoredEvent e;
        e.id = query.integer(0);
        e.agent = query.text(1);
        e.site = query.text(2);
        e.epoch = query.bits(3);
        e.index = query.bits(4);
        e.event.kind = query.text(5);
        e.event.severity = static_cast<wire::Severity>(query.integer(6));
        e.event.subject = {static_cast<wire::SubjectKind>(query.integer(7)), query.text(8)};
        e.subject_id = query.text(9);
        e.event.fields = decode_fields(query.blob(10));
        e.event.at = Mono{Millis{query.integer(11)}};
        e.at = query.time(12);
        e.device_time = query.time(13);
        e.received = query.time(14);
        e.error_ms = query.integer(15);
        const auto head = query.blob(16);
        if (head.size() == e.head.size()) std::copy(head.begin(), head.end(), e.head.begin());
        out.push_back(std::move(e));
    }
    if (auto end = query.end(); !end) return end.error();
    return out;
}

namespace {

// Columns: key, agent, site, epoch, id, metric, target, unit, first, last.
SeriesInfo series_row(const Query& query) {
    SeriesInfo info;
    info.key = query.integer(0);
    info.agent = query.text(1);
    info.site = query.text(2);
    info.epoch = query.bits(3);
    info.id = static_cast<wire::SeriesId>(query.integer(4));
    info.name = {query.text(5), query.text(6), query.text(7)};
    info.first = query.time(8);
    info.last = query.time(9);
    return info;
}

// The newest spool's number stands for the series; times cover packed days and the agent's batches since.
std::string select_series(const std::string& condition) {
    return "SELECT s.key, s.agent, s.site, t.epoch, n.id, s.metric, s.target, s.unit, "
           "coalesce(s.first, (SELECT min(first) FROM batches b WHERE b.stream = t.id), 0), "
           "coalesce((SELECT max(last) FROM batches b WHERE b.stream = t.id), s.last, 0), max(t.id) "
           "FROM series s JOIN series_names n ON n.key = s.key JOIN streams t ON t.id = n.stream "
           "AND t.agent = s.agent WHERE " +
           condition + " GROUP BY s.key ORDER BY s.key";
}

}  // namespace

Result<std::vector<SeriesInfo>> SqliteStore::series(const SeriesQuery& wanted) {
    // A text for each way of asking: with "or it was not asked for" in one, SQLite would read the whole province.
    static const std::string by_key = select_series("s.key = ?"), by_agent = select_series("s.agent = ?"),
                             by_site = select_series("s.site = ?"), all = select_series("true");
    const auto& text = wanted.key != 0         ? by_key
                       : !wanted.agent.empty() ? by_agent
                       : !wanted.site.empty()  ? by_site
                                               : all;
    Query query(statements_, text.c_str());
    if (wanted.key != 0)
        query.with(wanted.key);
    else if (&text != &all)
        query.with(wanted.agent.empty() ? wanted.site : wanted.agent);
    std::vector<SeriesInfo> out;
    while (query.next()) {
        auto info = series_row(query);
        const bool is_wanted =
            (wanted.agent.empty() || info.agent == wanted.agent) && (wanted.site.empty() || info.site == wanted.site);
        if (is_wanted) out.push_back(std::move(info));
    }
    if (auto end = query.end(); !end) return end.error();
    return out;
}

Result<std::vector<SeriesInfo>> SqliteStore::series_of(const std::string& agent, std::uint64_t epoch) {
    Query query(statements_,
                "SELECT s.key, s.agent, s.site, t.epoch, n.id, s.metric, s.target, s.unit, coalesce(s.first, 0), "
                "coalesce(s.last, 0) FROM streams t JOIN series_names n ON n.stream = t.id "
                "JOIN series s ON s.key = n.key WHERE t.agent = ? AND t.epoch = ? ORDER BY n.id");
    query.with(agent, epoch);
    std::vector<SeriesInfo> out;
    while (query.next()) out.push_back(series_row(query));
    if (auto end = query.end(); !end) return end.error();
    return out;
}

}  // namespace vg::collector
