// The tables of the fact base in SQLite: made once, written when somebody reads.
#include "rules/facts_state.hpp"

#include <atomic>

namespace vg::rules {
namespace {

using wire::FactType;

void bind(sqlite::Statement& statement, int index, const FactValue& value) {
    std::visit(
        [&](const auto& v) {
            using V = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<V, std::monostate>)
                statement.bind_null(index);
            else if constexpr (std::is_same_v<V, bool>)
                statement.bind(index, static_cast<std::int64_t>(v));
            else if constexpr (std::is_same_v<V, std::string>)
                statement.bind(index, std::string_view(v));
            else
                statement.bind(index, v);
        },
        value);
}

std::string create_table(SubjectKind kind) {
    std::string sql = "create table \"" + std::string(wire::to_string(kind)) + "\" (";
    for (const auto& column : view(kind)) {
        if (sql.back() != '(') sql += ", ";
        sql += '"' + std::string(column.name) + '"';
        switch (column.type) {
            case FactType::boolean:
            case FactType::integer: sql += " integer"; break;
            case FactType::real: sql += " real"; break;
            case FactType::text: sql += " text"; break;
        }
    }
    return sql + ")";
}

std::string put_row(SubjectKind kind) {
    std::string names = "rowid", marks = "?";
    for (const auto& column : view(kind)) {
        names += ", \"" + std::string(column.name) + '"';
        marks += ", ?";
    }
    return "insert or replace into \"" + std::string(wire::to_string(kind)) + "\" (" + names + ") values (" + marks +
           ")";
}

}  // namespace

Result<void> FactBase::Impl::open() {
    // A shared cache: both connections see the same pages, and the second one can only read.
    static std::atomic<std::uint64_t> count{0};
    const std::string path = "file:vonggac-facts-" + std::to_string(++count) + "?mode=memory&cache=shared";
    auto opened = sqlite::Database::open(path);
    if (opened.has_error()) return opened.error();
    writer = std::move(*opened);
    if (auto done = writer.run("pragma journal_mode = off; pragma synchronous = off"); done.has_error())
        return done.error();
    for (const auto kind : all_kinds)
        if (auto done = prepare(kind); done.has_error()) return done.error();

    opened = sqlite::Database::open(path);
    if (opened.has_error()) return opened.error();
    reader = std::move(*opened);
    if (auto done = reader.run("pragma query_only = on"); done.has_error()) return done.error();
    guard = std::make_unique<Guard>(reader);
    return {};
}

Result<void> FactBase::Impl::prepare(SubjectKind kind) {
    auto& made = table(kind);
    made.kind = kind;
    for (const auto& column : view(kind)) {
        if (column.name == "id") continue;
        auto& list = column.fact == nullptr ? made.columns : made.facts;
        (column.fact == nullptr ? made.column_at : made.fact_at).emplace(column.name, list.size());
        list.push_back(&column);
    }
    if (auto done = writer.run(create_table(kind)); done.has_error()) return done.error();
    auto put = writer.prepare(put_row(kind));
    if (put.has_error()) return put.error();
    made.put = std::move(*put);
    auto erase = writer.prepare("delete from \"" + std::string(wire::to_string(kind)) + "\" where rowid = ?");
    if (erase.has_error()) return erase.error();
    made.erase = std::move(*erase);
    return {};
}

void FactBase::Impl::flush() {
    if (dirty.empty()) return;
    (void)writer.run("begin");
    for (const auto& ref : dirty) {
        auto& in = table(ref.kind);
        auto& row = in.rows[static_cast<std::size_t>(ref.row - 1)];
        row.dirty = false;
        auto& statement = row.alive ? in.put : in.erase;
        int index = 0;
        statement.bind(++index, ref.row);
        if (row.alive) {
            statement.bind(++index, std::string_view(row.subject.id));
            for (const auto& value : row.columns) bind(statement, ++index, value);
            static const FactValue nothing;
            auto cell = row.cells.begin();
            for (std::size_t column = 0; column < in.facts.size(); ++column) {
                const bool is_told = cell != row.cells.end() && cell->column == column;
                const FactValue& value = is_told ? (cell++)->value : nothing;
                bind(statement, ++index, value);
            }
        }
        (void)statement.run();
    }
    (void)writer.run("commit");
    dirty.clear();
}

}  // namespace vg::rules
