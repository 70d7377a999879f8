#include "rules/facts.hpp"

#include "rules/facts_state.hpp"

#include <algorithm>

namespace vg::rules {
namespace {

using wire::FactType;

constexpr std::size_t cells_more = 4;  // doubling would waste half of a row

bool fits(FactType type, const FactValue& value) {
    if (std::holds_alternative<std::monostate>(value)) return true;
    switch (type) {
        case FactType::boolean: return std::holds_alternative<bool>(value);
        case FactType::integer: return std::holds_alternative<std::int64_t>(value);
        case FactType::real:
            return std::holds_alternative<double>(value) || std::holds_alternative<std::int64_t>(value);
        case FactType::text: return std::holds_alternative<std::string>(value);
    }
    return false;
}

// The number of names where there is none such.
std::size_t position(const std::unordered_map<std::string_view, std::size_t>& names, std::string_view name) {
    const auto at = names.find(name);
    return at == names.end() ? names.size() : at->second;
}

}  // namespace

FactBase::FactBase(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FactBase::FactBase(FactBase&&) noexcept = default;
FactBase& FactBase::operator=(FactBase&&) noexcept = default;
FactBase::~FactBase() = default;

Result<FactBase> FactBase::make() {
    auto impl = std::make_unique<Impl>();
    if (auto opened = impl->open(); opened.has_error()) return opened.error();
    return FactBase(std::move(impl));
}

Result<void> FactBase::put_subject(const SubjectId& subject, const RegisterColumns& columns) {
    auto& in = impl_->table(subject.kind);
    std::vector<FactValue> values(in.columns.size());
    for (const auto& [name, value] : columns) {
        const auto at = position(in.column_at, name);
        if (at == in.columns.size())
            return fail(Errc::invalid_input,
                        say({"bảng {} không có cột danh mục {}", "the view {} has no register column {}"},
                            wire::to_string(subject.kind), name));
        if (!fits(in.columns[at]->type, value))
            return fail(Errc::invalid_input,
                        say({"cột danh mục {} có kiểu khác", "the register column {} has another type"}, name));
        values[at] = value;
    }
    if (Row* row = impl_->find(subject); row != nullptr) {
        if (row->columns == values) return {};
        row->columns = std::move(values);
        impl_->mark(in, *row, std::nullopt);
        return {};
    }
    Row row;
    row.subject = subject;
    row.columns = std::move(values);
    in.rows.push_back(std::move(row));
    in.by_id.emplace(subject.id, static_cast<std::int64_t>(in.rows.size()));
    impl_->mark(in, in.rows.back(), std::nullopt);
    return {};
}

void FactBase::remove_subject(const SubjectId& subject) {
    Row* row = impl_->find(subject);
    if (row == nullptr) return;
    row->alive = false;
    row->cells.clear();
    row->columns.clear();
    impl_->table(subject.kind).by_id.erase(subject.id);
    impl_->mark(impl_->table(subject.kind), *row, std::nullopt);
}

bool FactBase::has(const SubjectId& subject) const { return impl_->find(subject) != nullptr; }

Result<bool> FactBase::set(const SubjectId& subject, std::string_view fact, const FactValue& value, Time at) {
    return impl_->put(subject, fact, value, at, false);
}

Result<bool> FactBase::replace(const SubjectId& subject, std::string_view fact, const FactValue& value, Time at) {
    return impl_->put(subject, fact, value, at, true);
}

Result<bool> FactBase::Impl::put(const SubjectId& subject, std::string_view fact, const FactValue& value, Time at,
                                 bool also_older) {
    auto& in = table(subject.kind);
    const auto column = position(in.fact_at, fact);
    if (column == in.facts.size())
        return fail(Errc::not_found, say({"bảng {} không có thông tin {}", "the view {} has no fact {}"},
                                         wire::to_string(subject.kind), fact));
    if (!fits(in.facts[column]->type, value))
        return fail(Errc::invalid_input, say({"thông tin {} có kiểu khác", "the fact {} has another type"}, fact));
    Row* row = find(subject);
    if (row == nullptr)
        return fail(Errc::not_found,
                    say({"không có {} \"{}\"", "there is no {} \"{}\""}, wire::to_string(subject.kind), subject.id));
    auto& cells = row->cells;
    auto cell = std::lower_bound(cells.begin(), cells.end(), column,
                                 [](const Cell& one, std::size_t wanted) { return one.column < wanted; });
    const bool is_told = cell != cells.end() && cell->column == column;
    if (is_told && at < cell->at && !also_older) return false;
    if (!is_told) {
        const auto index = cell - cells.begin();
        if (cells.size() == cells.capacity()) cells.reserve(cells.size() + cells_more);
        cell = cells.insert(cells.begin() + index, {{}, at, static_cast<std::uint16_t>(column)});
    }
    const bool differs = cell->value != value;
    cell->value = value;
    cell->at = at;
    queue(subject.kind, static_cast<std::size_t>(row - in.rows.data()), runs_out(in, *cell));
    if (differs) mark(in, *row, at);
    return differs;
}

void FactBase::redate(const std::function<Time(Time)>& redated) {
    impl_->expiries = {};
    for (auto& in : impl_->tables)
        for (std::size_t i = 0; i < in.rows.size(); ++i) {
            auto& row = in.rows[i];
            row.due = Time::max();
            for (auto& cell : row.cells) {
                cell.at = redated(cell.at);
                impl_->queue(in.kind, i, Impl::runs_out(in, cell));
            }
        }
}

void FactBase::expire(Time now) {
    auto& heap = impl_->expiries;
    while (!heap.empty() && heap.top().at <= now) {
        const auto due = heap.top();
        heap.pop();
        auto& in = impl_->table(due.kind);
        auto& row = in.rows[due.row];
        if (!row.alive || due.at != row.due) continue;  // an earlier look was queued since
        row.due = Time::max();
        Time next = Time::max();
        for (auto& cell : row.cells) {
            const auto ends = Impl::runs_out(in, cell);
            if (ends > now) {
                next = std::min(next, ends);
                continue;
            }
            cell.value = std::monostate{};
            impl_->mark(in, row, ends);
        }
        impl_->queue(due.kind, due.row, next);
    }
}

Time FactBase::next_expiry() const { return impl_->expiries.empty() ? Time::max() : impl_->expiries.top().at; }

std::vector<ChangedRow> FactBase::take_changed() {
    auto& refs = impl_->changed;
    std::sort(refs.begin(), refs.end());
    std::vector<ChangedRow> out;
    out.reserve(refs.size());
    for (const auto& ref : refs) {
        auto& row = impl_->table(ref.kind).rows[static_cast<std::size_t>(ref.row - 1)];
        out.push_back({ref, row.subject, row.changed_at, !row.alive});
        row.changed = false;
        row.changed_at.reset();
    }
    refs.clear();
    return out;
}

void FactBase::mark_all_changed() {
    for (auto& in : impl_->tables)
        for (auto& row : in.rows)
            if (row.alive && !row.changed) {
                row.changed = true;
                impl_->changed.push_back({in.kind, &row - in.rows.data() + 1});
            }
}

std::vector<KnownFact> FactBase::facts(const SubjectId& subject) const {
    std::vector<KnownFact> out;
    const Row* row = impl_->find(subject);
    if (row == nullptr) return out;
    const auto& in = impl_->table(subject.kind);
    for (const auto& cell : row->cells) {
        const auto* column = in.facts[cell.column];
        out.push_back({column->name, cell.value, cell.at, std::nullopt});
        if (column->fact->fresh != Millis::zero()) out.back().fresh_until = cell.at + column->fact->fresh;
    }
    return out;
}

FactValue FactBase::value(const SubjectId& subject, std::string_view column) const {
    const Row* row = impl_->find(subject);
    if (row == nullptr) return {};
    if (column == "id") return subject.id;
    const auto& in = impl_->table(subject.kind);
    if (const auto at = position(in.column_at, column); at < in.columns.size()) return row->columns[at];
    const auto at = position(in.fact_at, column);
    for (const auto& cell : row->cells)
        if (cell.column == at) return cell.value;
    return {};
}

std::vector<SubjectId> FactBase::subjects(SubjectKind kind) const {
    std::vector<SubjectId> out;
    for (const auto& row : impl_->table(kind).rows)
        if (row.alive) out.push_back(row.subject);
    return out;
}

std::optional<RowRef> FactBase::row(const SubjectId& subject) const {
    const auto& in = impl_->table(subject.kind);
    const auto at = in.by_id.find(subject.id);
    if (at == in.by_id.end()) return std::nullopt;
    return RowRef{subject.kind, at->second};
}

Guard& FactBase::guard() { return *impl_->guard; }

sqlite::Database& FactBase::guarded() {
    impl_->flush();
    impl_->guard->allow();
    return impl_->reader;
}

}  // namespace vg::rules
