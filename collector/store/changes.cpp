#include "collector/store/sqlite_store.hpp"
#include "wire/fact_table.hpp"

#include <algorithm>

namespace vg::collector {
namespace {

constexpr std::int64_t first_telling_ms = 120'000;  // how long a list may take to be told for the first time

wire::FactValue value_at(const Query& query, int column, wire::FactType type) {
    if (query.is_null(column)) return std::monostate{};
    switch (type) {
        case wire::FactType::boolean: return query.integer(column) != 0;
        case wire::FactType::integer: return query.integer(column);
        case wire::FactType::real: return query.statement().real(column);
        case wire::FactType::text: return query.text(column);
    }
    return std::monostate{};
}

wire::FactType type_of(const std::string& name) {
    const auto* row = wire::find_fact(wire::SubjectKind::device, name);
    return row != nullptr ? row->type : wire::FactType::text;
}

}  // namespace

Result<std::vector<FactChange>> SqliteStore::changes(const std::string& subject, const std::string& name,
                                                     std::size_t limit) {
    std::vector<FactChange> out;
    const auto most = static_cast<std::int64_t>(limit);
    const bool is_entry = name.find('/') != std::string::npos;
    if (!is_entry) {
        Query query(statements_,
                    "SELECT name, was, value, at, agent FROM (SELECT name, value, at, agent, lag(value) OVER w AS was, "
                    "row_number() OVER w AS n FROM facts WHERE kind = ?1 AND id = ?2 AND (?3 = '' OR name = ?3) "
                    "WINDOW w AS (PARTITION BY name ORDER BY at)) WHERE n > 1 AND value IS NOT was "
                    "ORDER BY at DESC, name LIMIT ?4");
        query.with(static_cast<int>(wire::SubjectKind::device), subject, name, most);
        while (query.next()) {
            const auto fact = query.text(0);
            const auto type = type_of(fact);
            out.push_back(
                {subject, fact, value_at(query, 1, type), value_at(query, 2, type), query.time(3), query.text(4)});
        }
        if (auto end = query.end(); !end) return end.error();
    }
    if (!is_entry && !name.empty()) return out;
    const auto id = text_id(subject, false);
    if (!id) return id.error();
    const auto slash = name.find('/');
    const auto list = slash == std::string::npos ? "" : name.substr(0, slash + 1);
    Query query(
        statements_,
        "SELECT l.text || t.text, b.text, v.text, e.at, g.text FROM (SELECT list, name, value, at, agent, lag(value) "
        "OVER w AS was, min(at) OVER (PARTITION BY list) AS begun FROM entries WHERE subject = ?1 "
        "WINDOW w AS (PARTITION BY list, name ORDER BY at)) e JOIN texts l ON l.id = e.list JOIN texts t ON "
        "t.id = e.name LEFT JOIN texts b ON b.id = e.was LEFT JOIN texts v ON v.id = e.value LEFT JOIN texts g ON "
        "g.id = e.agent WHERE (e.was IS NOT NULL OR e.at > e.begun + ?2) AND (?3 = '' OR l.text = ?3) AND "
        "(?4 = '' OR t.text = ?4) ORDER BY e.at DESC, 1 LIMIT ?5");
    query.with(*id, first_telling_ms, list, slash == std::string::npos ? "" : name.substr(slash + 1), most);
    while (query.next())
        out.push_back({subject, query.text(0), value_at(query, 1, wire::FactType::text),
                       value_at(query, 2, wire::FactType::text), query.time(3), query.text(4)});
    if (auto end = query.end(); !end) return end.error();
    std::stable_sort(out.begin(), out.end(), [](const FactChange& a, const FactChange& b) { return a.at > b.at; });
    if (out.size() > limit) out.resize(limit);
    return out;
}

Result<std::vector<Life>> SqliteStore::lives() {
    Query query(statements_,
                "SELECT id, min(at), max(confirmed) FROM facts WHERE kind = ? AND agent != '' GROUP BY id");
    query.with(static_cast<int>(wire::SubjectKind::device));
    std::vector<Life> out;
    while (query.next()) out.push_back({query.text(0), query.time(1), query.time(2)});
    if (auto end = query.end(); !end) return end.error();
    // Those of whom lists alone were told. From subject to subject: there may be millions of entries.
    Query others(
        statements_,
        "WITH RECURSIVE s(id) AS (SELECT min(subject) FROM entries UNION ALL SELECT (SELECT min(subject) FROM "
        "entries WHERE subject > s.id) FROM s WHERE s.id IS NOT NULL) "
        "SELECT t.text, (SELECT min(at) FROM entries WHERE subject = t.id), (SELECT max(at) FROM entries WHERE "
        "subject = t.id) FROM s JOIN texts t ON t.id = s.id WHERE NOT EXISTS (SELECT 1 FROM facts WHERE "
        "kind = ? AND id = t.text AND agent != '')");
    others.with(static_cast<int>(wire::SubjectKind::device));
    while (others.next()) out.push_back({others.text(0), others.time(1), others.time(2)});
    if (auto end = others.end(); !end) return end.error();
    return out;
}

}  // namespace vg::collector
