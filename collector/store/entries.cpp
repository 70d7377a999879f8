#include "collector/store/sqlite_store.hpp"
#include "wire/fact_table.hpp"

#include <array>

namespace vg::collector {
namespace {

constexpr std::size_t most_ids_known = 100'000;

struct EntryName {
    std::string_view list, entry;  // "software/", "openssl"
};

EntryName split(std::string_view name) {
    const auto slash = name.find('/');
    return {name.substr(0, slash + 1), name.substr(slash + 1)};
}

// Tables that a switch learns anew all day long; what they were matters to nobody.
bool has_history(std::string_view list) { return list != "fdb/" && list != "arp/"; }

}  // namespace

Result<std::int64_t> SqliteStore::text_id(std::string_view text, bool make) {
    if (text.empty()) return 0;
    std::string key(text);
    if (const auto known = text_ids_.find(key); known != text_ids_.end()) return known->second;
    if (text_ids_.size() >= most_ids_known) text_ids_.clear();
    {
        Query query(statements_, "SELECT id FROM texts WHERE text = ?");
        query.with(text);
        std::int64_t id = query.next() ? query.integer(0) : 0;
        if (auto end = query.end(); !end) return end.error();
        if (id != 0 || !make) {
            if (id != 0) text_ids_.emplace(std::move(key), id);
            return id;
        }
    }
    if (auto put = Query(statements_, "INSERT INTO texts (text) VALUES (?)").with(text).run(); !put) return put.error();
    const auto id = database_.last_insert_rowid();
    text_ids_.emplace(std::move(key), id);
    return id;
}

// An agent tells an entry when it changes, and all of them again when it begins anew: the same is not written twice.
Result<void> SqliteStore::write_entry(const StoredFact& fact) {
    const auto* told = std::get_if<std::string>(&fact.value);
    const auto name = split(fact.name);
    std::array<std::int64_t, 5> ids{};
    const std::array<std::string_view, 5> texts{fact.subject.id, name.list, name.entry,
                                                told != nullptr ? std::string_view(*told) : std::string_view(),
                                                fact.agent};
    for (std::size_t i = 0; i < ids.size(); ++i) {
        auto id = text_id(texts[i], true);
        if (!id) return id.error();
        ids[i] = *id;
    }
    const auto [subject, list, entry, value, agent] = ids;
    {
        Query before(statements_,
                     "SELECT value FROM entries WHERE subject = ? AND list = ? AND name = ? AND at <= ? "
                     "ORDER BY at DESC LIMIT 1");
        before.with(subject, list, entry, fact.at);
        const bool is_there = before.next();
        const auto held = is_there ? before.integer(0) : 0;
        if (auto end = before.end(); !end) return end;
        if (held == value) return {};
    }
    if (!has_history(name.list)) {
        if (auto gone =
                Query(statements_, "DELETE FROM entries WHERE subject = ? AND list = ? AND name = ? AND at <= ?")
                    .with(subject, list, entry, fact.at)
                    .run();
            !gone || value == 0)
            return gone;
    }
    return Query(statements_, "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?)")
        .with(subject, list, entry, fact.at, value, agent)
        .run();
}

Result<std::vector<ListEntry>> SqliteStore::entries(const std::string& subject, const std::string& list) {
    std::vector<ListEntry> out;
    const auto list_id = text_id(list, false);
    if (!list_id) return list_id.error();
    const auto subject_id = text_id(subject, false);
    if (!subject_id) return subject_id.error();
    if (*list_id == 0 || (*subject_id == 0 && !subject.empty())) return out;
    const auto read = [&](Query& query) -> Result<std::vector<ListEntry>> {
        while (query.next()) out.push_back({query.text(0), query.text(1), query.text(2), query.time(3)});
        if (auto end = query.end(); !end) return end.error();
        return std::move(out);
    };
    if (subject.empty()) {
        Query query(statements_,
                    "SELECT s.text, n.text, v.text, e.at FROM (SELECT subject, name, max(at) AS at, value FROM entries "
                    "WHERE list = ?1 GROUP BY subject, name) e JOIN texts s ON s.id = e.subject JOIN texts n ON "
                    "n.id = e.name JOIN texts v ON v.id = e.value ORDER BY s.text, n.text");
        query.with(*list_id);
        return read(query);
    }
    Query query(statements_,
                "SELECT ?3, n.text, v.text, e.at FROM (SELECT name, max(at) AS at, value FROM entries WHERE "
                "subject = ?1 AND list = ?2 GROUP BY name) e JOIN texts n ON n.id = e.name JOIN texts v ON "
                "v.id = e.value ORDER BY n.text");
    query.with(*subject_id, *list_id, subject);
    return read(query);
}

Result<std::vector<std::pair<std::string, std::int64_t>>> SqliteStore::count_entries(const std::string& subject) {
    std::vector<std::pair<std::string, std::int64_t>> out;
    const auto id = text_id(subject, false);
    if (!id) return id.error();
    if (*id == 0) return out;
    Query query(statements_,
                "SELECT t.text, count(*) FROM (SELECT list, name, max(at), value FROM entries WHERE subject = ? "
                "GROUP BY list, name) e JOIN texts t ON t.id = e.list WHERE e.value != 0 GROUP BY e.list ORDER BY 1");
    query.with(*id);
    while (query.next()) out.emplace_back(query.text(0), query.integer(1));
    if (auto end = query.end(); !end) return end.error();
    return out;
}

}  // namespace vg::collector
