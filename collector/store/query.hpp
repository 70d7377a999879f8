#pragma once
// One use of a prepared statement: binds in order, steps, resets when it goes. Errors are kept until asked for, so that
// a row loop stays a loop. Used inside the SQLite store only.

#include "base/clock.hpp"
#include "base/sqlite.hpp"
#include "wire/observation.hpp"

#include <map>
#include <optional>
#include <string>

namespace vg::collector {

// Prepared once per text (the pointer of the literal is the key), for the life of the connection.
class Statements {
public:
    explicit Statements(sqlite::Database& database) : database_(database) {}
    [[nodiscard]] Result<sqlite::Statement*> get(const char* sql);

private:
    sqlite::Database& database_;
    std::map<const char*, sqlite::Statement> all_;
};

class Query {
public:
    Query(Statements& statements, const char* sql);
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    template <class... A>
    Query& with(const A&... values) {
        if (statement_ != nullptr) (bind(values), ...);
        return *this;
    }
    [[nodiscard]] bool next();  // false: no more rows, or an error
    [[nodiscard]] Result<void> end() const;
    [[nodiscard]] Result<void> run();  // for what gives no rows

    [[nodiscard]] std::int64_t integer(int column) const { return statement_->integer(column); }
    [[nodiscard]] std::uint64_t bits(int column) const { return static_cast<std::uint64_t>(integer(column)); }
    [[nodiscard]] Time time(int column) const { return Time{Millis{integer(column)}}; }
    [[nodiscard]] std::optional<Time> maybe_time(int column) const;
    [[nodiscard]] std::string text(int column) const { return statement_->text(column); }
    [[nodiscard]] ByteView blob(int column) const { return statement_->blob(column); }
    [[nodiscard]] bool is_null(int column) const { return statement_->is_null(column); }
    [[nodiscard]] const sqlite::Statement& statement() const { return *statement_; }

private:
    void bind(std::int64_t value) { statement_->bind(++bound_, value); }
    void bind(std::uint64_t value) { statement_->bind(++bound_, static_cast<std::int64_t>(value)); }
    void bind(int value) { statement_->bind(++bound_, static_cast<std::int64_t>(value)); }
    void bind(bool value) { statement_->bind(++bound_, static_cast<std::int64_t>(value)); }
    void bind(Time value) { statement_->bind(++bound_, static_cast<std::int64_t>(value.time_since_epoch().count())); }
    void bind(const std::optional<Time>& value) {
        if (value)
            bind(*value);
        else
            statement_->bind_null(++bound_);
    }
    void bind(const std::string& value) { statement_->bind(++bound_, std::string_view(value)); }
    void bind(std::string_view value) { statement_->bind(++bound_, value); }
    void bind(ByteView value) { statement_->bind(++bound_, value); }
    void bind(const wire::FactValue& value);

    sqlite::Statement* statement_ = nullptr;
    int bound_ = 0;
    std::optional<Error> error_;
};

}  // namespace vg::collector
