#include "collector/store/sqlite_store.hpp"
#include "wire/fact_table.hpp"

namespace vg::collector {
namespace {

wire::FactValue value_of(const Query& query, int column, wire::SubjectKind kind, const std::string& name) {
    if (query.is_null(column)) return std::monostate{};
    const auto* row = wire::find_fact(kind, name);
    switch (row != nullptr ? row->type : wire::FactType::text) {
        case wire::FactType::boolean: return query.integer(column) != 0;
        case wire::FactType::integer: return query.integer(column);
        case wire::FactType::real: return query.statement().real(column);
        case wire::FactType::text: return query.text(column);
    }
    return std::monostate{};
}

// Columns: kind, id, name, at, confirmed, value, received, error, agent.
StoredFact fact_of(const Query& query) {
    StoredFact fact;
    fact.subject = {static_cast<wire::SubjectKind>(query.integer(0)), query.text(1)};
    fact.name = query.text(2);
    fact.at = query.time(3);
    fact.confirmed = query.time(4);
    fact.value = value_of(query, 5, fact.subject.kind, fact.name);
    fact.received = query.time(6);
    fact.error_ms = query.integer(7);
    fact.agent = query.text(8);
    return fact;
}

}  // namespace

Result<void> SqliteStore::write_fact(const StoredFact& fact) {
    const auto* row = wire::find_fact(fact.subject.kind, fact.name);
    if (row != nullptr && wire::is_list(*row)) return write_entry(fact);
    const int kind = static_cast<int>(fact.subject.kind);
    if (row != nullptr && wire::is_measured(*row)) {  // a row for each would cost more than the samples
        if (auto gone = Query(statements_, "DELETE FROM facts WHERE kind = ? AND id = ? AND name = ? AND at < ?")
                            .with(kind, fact.subject.id, fact.name, fact.at)
                            .run();
            !gone)
            return gone;
    }
    return Query(statements_,
                 "INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                 "confirmed = max(confirmed, excluded.confirmed), value = excluded.value, agent = excluded.agent")
        .with(kind, fact.subject.id, fact.name, fact.at, std::max(fact.at, fact.confirmed), fact.value, fact.received,
              fact.error_ms, fact.agent)
        .run();
}

Result<std::vector<StoredFact>> SqliteStore::fact_history(const rules::SubjectId& subject, const std::string& name,
                                                          Time from, Time to) {
    // The value in force at `from` belongs to the answer.
    Query query(statements_,
                "SELECT kind, id, name, at, confirmed, value, received, error, agent FROM facts "
                "WHERE kind = ?1 AND id = ?2 AND name = ?3 AND at < ?5 AND at >= coalesce((SELECT max(at) FROM facts "
                "WHERE kind = ?1 AND id = ?2 AND name = ?3 AND at <= ?4), ?4) ORDER BY at");
    query.with(static_cast<int>(subject.kind), subject.id, name, from, to);
    std::vector<StoredFact> out;
    while (query.next()) out.push_back(fact_of(query));
    if (auto end = query.end(); !end) return end.error();
    return out;
}

Result<std::vector<StoredFact>> SqliteStore::latest_facts() {
    Query query(statements_,
                "SELECT kind, id, name, max(at), confirmed, value, received, error, agent FROM facts "
                "GROUP BY kind, id, name");
    std::vector<StoredFact> out;
    while (query.next()) out.push_back(fact_of(query));
    if (auto end = query.end(); !end) return end.error();
    return out;
}

Result<std::vector<std::pair<rules::SubjectId, Time>>> SqliteStore::told_late(Time received_from, Millis late) {
    Query query(statements_,
                "SELECT kind, id, min(at) FROM facts WHERE received >= ?1 AND at + ?2 < received GROUP BY kind, id");
    query.with(received_from, std::int64_t{late.count()});
    std::vector<std::pair<rules::SubjectId, Time>> out;
    while (query.next())
        out.push_back({{static_cast<wire::SubjectKind>(query.integer(0)), query.text(1)}, query.time(2)});
    if (auto end = query.end(); !end) return end.error();
    return out;
}

}  // namespace vg::collector
