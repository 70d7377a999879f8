#include "collector/store/sqlite_store.hpp"

namespace vg::collector {
namespace {

constexpr const char* columns =
    "SELECT id, rule, subject_kind, subject_id, discriminator, state, severity, since, opened, closed, recorded, "
    "detected, met_since, uncertain, rewritten, cause, evidence, count, acknowledged_by, evidence_at FROM gaps ";

rules::Gap gap_of(const Query& query) {
    rules::Gap gap;
    gap.id = query.integer(0);
    gap.key = {query.text(1), {static_cast<wire::SubjectKind>(query.integer(2)), query.text(3)}, query.text(4)};
    gap.state = static_cast<rules::GapState>(query.integer(5));
    gap.severity = static_cast<wire::Severity>(query.integer(6));
    gap.since = query.time(7);
    gap.opened = query.maybe_time(8);
    gap.closed = query.maybe_time(9);
    gap.recorded = query.time(10);
    gap.detected = query.time(11);
    gap.met_since = query.maybe_time(12);
    gap.uncertain = query.integer(13) != 0;
    gap.rewritten = query.integer(14) != 0;
    gap.cause = query.integer(15);
    gap.evidence = query.text(16);
    gap.count = query.bits(17);
    gap.acknowledged_by = query.text(18);
    gap.evidence_at = query.time(19);
    return gap;
}

}  // namespace

Result<void> SqliteStore::write_gap(const GapChange& change) {
    const auto& t = change.transition;
    const auto& gap = t.gap;
    if (auto done =
            Query(statements_,
                  "INSERT OR REPLACE INTO gaps VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                  "?, ?)")
                .with(gap.id, gap.key.rule, static_cast<int>(gap.key.subject.kind), gap.key.subject.id,
                      gap.key.discriminator, change.site, static_cast<int>(gap.state), static_cast<int>(gap.severity),
                      gap.since, gap.opened, gap.closed, gap.recorded, gap.detected, gap.met_since, gap.uncertain,
                      gap.rewritten, gap.cause, gap.evidence, gap.count, gap.acknowledged_by, gap.evidence_at)
                .run();
        !done)
        return done;
    if (!t.in_history) return {};
    return Query(statements_,
                 "INSERT INTO gap_history SELECT ?1, coalesce(max(n), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 "
                 "FROM gap_history WHERE gap = ?1")
        .with(gap.id, t.at, static_cast<int>(t.from), static_cast<int>(gap.state), t.is_new, gap.uncertain, gap.cause,
              gap.count, gap.evidence, change.note)
        .run();
}

Result<std::vector<rules::Gap>> SqliteStore::gaps(const GapQuery& wanted) {
    static const std::string all =
        std::string(columns) +
        "WHERE ((?1 AND state < 3) OR (?2 AND state = 3)) AND (?3 = '' OR rule = ?3) AND (?4 = '' OR site = ?4) "
        "AND since < ?6 AND coalesce(closed, ?6) >= ?5 ";
    static const std::string newest = "ORDER BY id DESC LIMIT ?7";
    static const std::string sql = all + newest;
    static const std::string of_subject = all + "AND subject_kind = ?8 AND subject_id = ?9 " + newest;
    Query query(statements_, wanted.subject ? of_subject.c_str() : sql.c_str());
    query.with(wanted.open, wanted.closed, wanted.rule, wanted.site, wanted.from, wanted.to,
               static_cast<std::int64_t>(wanted.limit));
    if (wanted.subject) query.with(static_cast<int>(wanted.subject->kind), wanted.subject->id);
    std::vector<rules::Gap> out;
    while (query.next()) out.push_back(gap_of(query));
    if (auto end = query.end(); !end) return end.error();
    return out;
}

Result<std::vector<std::pair<Time, rules::Transition>>> SqliteStore::gap_history(std::int64_t id) {
    std::vector<std::pair<Time, rules::Transition>> out;
    static const std::string by_id = std::string(columns) + "WHERE id = ?";
    Query whole(statements_, by_id.c_str());
    whole.with(id);
    if (!whole.next()) {
        if (auto end = whole.end(); !end) return end.error();
        return fail(Errc::not_found, say({"không có điểm chưa đạt mang số này", "there is no gap with this number"}));
    }
    const auto gap = gap_of(whole);
    Query query(statements_,
                "SELECT at, from_state, to_state, is_new, uncertain, cause, count, evidence FROM gap_history "
                "WHERE gap = ? ORDER BY n");
    query.with(id);
    while (query.next()) {
        rules::Transition t{.gap = gap, .from = {}, .is_new = query.integer(3) != 0, .at = query.time(0)};
        t.from = static_cast<rules::GapState>(query.integer(1));
        t.gap.state = static_cast<rules::GapState>(query.integer(2));
        t.gap.uncertain = query.integer(4) != 0;
        t.gap.cause = query.integer(5);
        t.gap.count = query.bits(6);
        t.gap.evidence = query.text(7);
        out.emplace_back(t.at, std::move(t));
    }
    if (auto end = query.end(); !end) return end.error();
    return out;
}

Result<std::int64_t> SqliteStore::next_gap_id() {
    Query query(statements_, "SELECT coalesce(max(id), 0) + 1 FROM gaps");
    const std::int64_t next = query.next() ? query.integer(0) : 1;
    if (auto end = query.end(); !end) return end.error();
    return next;
}

}  // namespace vg::collector
