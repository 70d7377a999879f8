#include "collector/store/query.hpp"

#include <type_traits>

namespace vg::collector {

Result<sqlite::Statement*> Statements::get(const char* sql) {
    if (const auto found = all_.find(sql); found != all_.end()) return &found->second;
    auto statement = database_.prepare(sql);
    if (!statement) return statement.error();
    return &all_.emplace(sql, std::move(*statement)).first->second;
}

Query::Query(Statements& statements, const char* sql) {
    auto statement = statements.get(sql);
    if (statement)
        statement_ = *statement;
    else
        error_ = statement.error();
}

Query::~Query() {
    if (statement_ != nullptr) statement_->reset();
}

bool Query::next() {
    if (statement_ == nullptr || error_) return false;
    auto row = statement_->step();
    if (row) return *row;
    error_ = row.error();
    return false;
}

Result<void> Query::end() const {
    if (error_) return *error_;
    return {};
}

Result<void> Query::run() {
    while (next()) {}
    return end();
}

std::optional<Time> Query::maybe_time(int column) const {
    if (is_null(column)) return std::nullopt;
    return time(column);
}

void Query::bind(const wire::FactValue& value) {
    std::visit(
        [this](const auto& v) {
            using V = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<V, std::monostate>)
                statement_->bind_null(++bound_);
            else if constexpr (std::is_same_v<V, double>)
                statement_->bind(++bound_, v);
            else
                bind(v);
        },
        value);
}

}  // namespace vg::collector
