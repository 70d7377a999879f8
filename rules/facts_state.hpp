#pragma once
// What the fact base holds: rows in memory, and behind them the tables that rules read. Shared by facts.cpp, which
// knows what facts mean, and facts_tables.cpp, which writes the tables.

#include "rules/facts.hpp"
#include "rules/guard.hpp"
#include "rules/views.hpp"

#include <array>
#include <queue>
#include <unordered_map>

namespace vg::rules {

using wire::FactValue;
using wire::SubjectKind;

struct Cell {  // of a fact that was told at least once
    FactValue value;
    Time at{};
    std::uint16_t column = 0;  // in the order of the view's facts
};

struct Row {
    SubjectId subject;
    std::vector<FactValue> columns;  // of the register, in the order of the view
    std::vector<Cell> cells;  // facts that were told, in the order of the view: most columns of a wide view are empty
    Time due = Time::max();   // when the expiry heap will look at it; max: it does not stand there
    std::optional<Time> changed_at;
    bool alive = true;
    bool changed = false;  // to be judged
    bool dirty = false;    // to be written to the table
};

struct Table {
    SubjectKind kind{};
    std::vector<const ViewColumn*> columns, facts;
    std::unordered_map<std::string_view, std::size_t> column_at, fact_at;  // by name
    std::vector<Row> rows;                                                 // row number = index + 1
    std::unordered_map<std::string, std::int64_t> by_id;
    sqlite::Statement put, erase;
};

struct Expiry {  // of the first fact of a row that runs out
    Time at;
    SubjectKind kind;
    std::size_t row;
    bool operator>(const Expiry& other) const { return at > other.at; }
};

struct FactBase::Impl {
    sqlite::Database writer, reader;
    std::unique_ptr<Guard> guard;
    std::array<Table, kind_count> tables;
    std::vector<RowRef> changed;
    std::vector<RowRef> dirty;
    std::priority_queue<Expiry, std::vector<Expiry>, std::greater<>> expiries;

    Table& table(SubjectKind kind) { return tables[static_cast<std::size_t>(kind)]; }

    Result<void> open();
    Result<void> prepare(SubjectKind kind);

    Row* find(const SubjectId& subject) {
        auto& in = table(subject.kind);
        const auto at = in.by_id.find(subject.id);
        return at == in.by_id.end() ? nullptr : &in.rows[static_cast<std::size_t>(at->second - 1)];
    }

    void mark(Table& in, Row& row, std::optional<Time> at) {
        const RowRef ref{in.kind, &row - in.rows.data() + 1};
        if (!row.dirty) dirty.push_back(ref);
        if (!row.changed) changed.push_back(ref);
        row.dirty = row.changed = true;
        if (at && (!row.changed_at || *row.changed_at < *at)) row.changed_at = at;
    }

    [[nodiscard]] static Time runs_out(const Table& in, const Cell& cell) {
        const auto fresh = in.facts[cell.column]->fact->fresh;
        if (fresh == Millis::zero() || std::holds_alternative<std::monostate>(cell.value)) return Time::max();
        return cell.at + fresh;
    }

    // The heap looks at a row no later than its first fact runs out; a look that is too early does no harm.
    void queue(SubjectKind kind, std::size_t row, Time at) {
        auto& held = table(kind).rows[row];
        if (at >= held.due) return;
        held.due = at;
        expiries.push({at, kind, row});
    }

    Result<bool> put(const SubjectId& subject, std::string_view fact, const FactValue& value, Time at, bool also_older);

    // Writes every row that changed; one statement a row, however many of its facts changed.
    void flush();
};

}  // namespace vg::rules
