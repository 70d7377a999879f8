#pragma once
// SQLite with owners: a Database closes itself, a Statement finalises itself. One connection belongs to one thread.
// The library's own header is named in base/sqlite.cpp and in the fact base's guard only.

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace vg::sqlite {

enum class Access { read_write_create, read_only };

class Statement {
public:
    Statement() = default;
    explicit Statement(sqlite3_stmt* raw) : raw_(raw) {}

    // Parameters count from 1. Text and blobs are copied.
    Statement& bind(int index, std::int64_t value);
    Statement& bind(int index, double value);
    Statement& bind(int index, std::string_view value);
    Statement& bind(int index, ByteView value);
    Statement& bind_null(int index);

    [[nodiscard]] Result<bool> step();  // true: a row is there; false: done
    [[nodiscard]] Result<void> run();   // step until done, then reset
    // take() for each row, then reset; an error means that not all rows were there.
    template <class Take>
    [[nodiscard]] Result<void> each(Take&& take) {
        auto row = step();
        for (; row.has_value() && *row; row = step()) take();
        if (row.has_error()) return row.error();
        reset();
        return {};
    }
    void reset();  // ready to bind and step again

    // Columns count from 0 and are valid until the next step.
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] int type(int column) const;  // SQLITE_INTEGER 1, FLOAT 2, TEXT 3, BLOB 4, NULL 5
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] ByteView blob(int column) const;
    [[nodiscard]] sqlite3_stmt* raw() const { return raw_.get(); }

private:
    struct Finalise {
        void operator()(sqlite3_stmt* raw) const;
    };
    std::unique_ptr<sqlite3_stmt, Finalise> raw_;
};

class Database {
public:
    // ":memory:" gives a private in-memory database; "file:..." is read as a URI of SQLite. Busy waits end after 5 s.
    [[nodiscard]] static Result<Database> open(const std::string& path, Access access = Access::read_write_create);

    [[nodiscard]] Result<void> run(std::string_view sql);  // one or more statements without parameters
    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    [[nodiscard]] std::int64_t changes() const;  // rows changed by the last statement
    [[nodiscard]] std::int64_t last_insert_rowid() const;
    // PRAGMA quick_check; corrupt data is an Error with code corrupt and the first finding.
    [[nodiscard]] Result<void> check();
    // Online backup of the whole database to a new file, which only its owner may read.
    [[nodiscard]] Result<void> backup_to(const std::string& path);
    [[nodiscard]] sqlite3* raw() const { return raw_.get(); }

private:
    struct Close {
        void operator()(sqlite3* raw) const;
    };
    std::unique_ptr<sqlite3, Close> raw_;
};

// Rolls back when it goes without commit(). BEGIN IMMEDIATE.
class Transaction {
public:
    [[nodiscard]] static Result<Transaction> begin(Database& database);
    Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    [[nodiscard]] Result<void> commit();

private:
    explicit Transaction(Database& database) : database_(&database) {}
    Database* database_;
};

}  // namespace vg::sqlite
