#include "base/sqlite.hpp"

#include "base/system_words.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <utility>

namespace vg::sqlite {
namespace {

Errc code_of(int rc) {
    switch (rc & 0xff) {
        case SQLITE_FULL: return Errc::no_space;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return Errc::corrupt;
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH: return Errc::permission;
        case SQLITE_CONSTRAINT: return Errc::conflict;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
        case SQLITE_NOMEM: return Errc::unavailable;
        case SQLITE_INTERRUPT: return Errc::timed_out;
        // A write that the disk refused for want of space often arrives as a plain I/O error.
        case SQLITE_IOERR:
            return rc == SQLITE_IOERR_WRITE || rc == SQLITE_IOERR_FSYNC ? Errc::no_space : Errc::unavailable;
        case SQLITE_CANTOPEN: return Errc::unavailable;
        default: return Errc::invalid_input;
    }
}

// What users can meet has words of ours; the rest is a fault of a statement and keeps SQLite's.
Text words_of(int rc, const std::string& message) {
    switch (rc & 0xff) {
        case SQLITE_FULL: return system_words(ENOSPC);
        case SQLITE_CORRUPT: return say({"cơ sở dữ liệu bị hỏng", "the database is damaged"});
        case SQLITE_NOTADB: return say({"tệp này không phải cơ sở dữ liệu SQLite", "the file is no SQLite database"});
        case SQLITE_READONLY: return say({"cơ sở dữ liệu chỉ cho đọc", "the database can only be read"});
        case SQLITE_PERM: return say({"không có quyền mở cơ sở dữ liệu", "permission to open the database is missing"});
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return say({"chương trình khác đang giữ cơ sở dữ liệu", "another program holds the database"});
        case SQLITE_IOERR: return system_words(EIO);
        case SQLITE_CANTOPEN:
            return say({"không mở được; hãy xem thư mục có đó không và có quyền ghi không",
                        "it cannot be opened; look whether its folder is there and may be written"});
        default: return say({"cơ sở dữ liệu báo lỗi: {}", "the database reports: {}"}, message);
    }
}

Error error_of(sqlite3* raw, int rc) {
    const std::string message = raw != nullptr ? sqlite3_errmsg(raw) : sqlite3_errstr(rc);
    if (raw != nullptr) rc = sqlite3_extended_errcode(raw);
    const char* file = raw != nullptr ? sqlite3_db_filename(raw, "main") : nullptr;
    const bool has_name = file != nullptr && *file != '\0';
    // What it wants beside a file that is there cannot be made, because nothing can be written.
    const bool is_read_only =
        (rc & 0xff) == SQLITE_CANTOPEN && has_name && ::access(file, W_OK) != 0 && errno != ENOENT;
    auto words = words_of(is_read_only ? SQLITE_READONLY : rc, message);
    const auto number = " (SQLite " + std::to_string(rc) + ")";
    words = {words.vi + number, words.en + number};
    return fail(code_of(rc), has_name ? because(value_of(file), words) : words);
}

}  // namespace

void Statement::Finalise::operator()(sqlite3_stmt* raw) const { sqlite3_finalize(raw); }

Statement& Statement::bind(int index, std::int64_t value) {
    sqlite3_bind_int64(raw_.get(), index, value);
    return *this;
}

Statement& Statement::bind(int index, double value) {
    sqlite3_bind_double(raw_.get(), index, value);
    return *this;
}

Statement& Statement::bind(int index, std::string_view value) {
    // A null pointer would bind NULL: an empty text is a text.
    sqlite3_bind_text64(raw_.get(), index, value.data() != nullptr ? value.data() : "", value.size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
    return *this;
}

Statement& Statement::bind(int index, ByteView value) {
    sqlite3_bind_blob64(raw_.get(), index, value.data() != nullptr ? static_cast<const void*>(value.data()) : "",
                        value.size(), SQLITE_TRANSIENT);
    return *this;
}

Statement& Statement::bind_null(int index) {
    sqlite3_bind_null(raw_.get(), index);
    return *this;
}

Result<bool> Statement::step() {
    const int rc = sqlite3_step(raw_.get());
    if (rc == SQLITE_ROW) return true;
    if (rc == SQLITE_DONE) return false;
    auto error = error_of(sqlite3_db_handle(raw_.get()), rc);
    sqlite3_reset(raw_.get());
    return error;
}

Result<void> Statement::run() {
    for (;;) {
        auto more = step();
        if (more.has_error()) return more.error();
        if (!*more) break;
    }
    reset();
    return {};
}

void Statement::reset() {
    sqlite3_reset(raw_.get());
    sqlite3_clear_bindings(raw_.get());
}

bool Statement::is_null(int column) const { return sqlite3_column_type(raw_.get(), column) == SQLITE_NULL; }
int Statement::type(int column) const { return sqlite3_column_type(raw_.get(), column); }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(raw_.get(), column); }
double Statement::real(int column) const { return sqlite3_column_double(raw_.get(), column); }

std::string Statement::text(int column) const {
    const auto* data = sqlite3_column_text(raw_.get(), column);
    if (data == nullptr) return {};
    return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(raw_.get(), column))};
}

ByteView Statement::blob(int column) const {
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(raw_.get(), column));
    if (data == nullptr) return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(raw_.get(), column))};
}

void Database::Close::operator()(sqlite3* raw) const { sqlite3_close_v2(raw); }

Result<Database> Database::open(const std::string& path, Access access) {
    int flags = access == Access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (path.starts_with("file:")) flags |= SQLITE_OPEN_URI;
    sqlite3* raw = nullptr;
    const int rc = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    Database database;
    database.raw_.reset(raw);
    if (rc != SQLITE_OK) {
        const auto error = error_of(nullptr, rc);
        return fail(error.code,
                    say({"không mở được cơ sở dữ liệu {}: {}", "cannot open the database {}: {}"}, path, error));
    }
    sqlite3_busy_timeout(raw, 5000);
    return database;
}

Result<void> Database::run(std::string_view sql) {
    const std::string text(sql);
    const int rc = sqlite3_exec(raw_.get(), text.c_str(), nullptr, nullptr, nullptr);
    if (rc != SQLITE_OK) return error_of(raw_.get(), rc);
    return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* raw = nullptr;
    const int rc = sqlite3_prepare_v3(raw_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &raw, nullptr);
    if (rc != SQLITE_OK) return error_of(raw_.get(), rc);
    if (raw == nullptr)
        return fail(Errc::invalid_input, say({"đoạn SQL không có câu lệnh nào", "the SQL text holds no statement"}));
    return Statement(raw);
}

std::int64_t Database::changes() const { return sqlite3_changes64(raw_.get()); }
std::int64_t Database::last_insert_rowid() const { return sqlite3_last_insert_rowid(raw_.get()); }

Result<void> Database::check() {
    auto statement = prepare("PRAGMA quick_check(1)");
    if (statement.has_error()) return statement.error();
    auto row = statement->step();
    if (row.has_error()) return row.error();
    if (const auto finding = statement->text(0); finding != "ok")
        return fail(Errc::corrupt, say({"cơ sở dữ liệu bị hỏng: {}", "the database is damaged: {}"}, finding));
    return {};
}

Result<void> Database::backup_to(const std::string& path) {
    // Empty and its owner's alone before anything is written into it; SQLite gives the files beside it the same mode.
    std::ofstream(path, std::ios::app).close();
    std::error_code ec;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ec);
    if (ec)
        return fail(Errc::permission,
                    say({"không ghi được {}: {}", "{} cannot be written: {}"}, path, system_words(ec)));
    auto target = open(path);
    if (target.has_error()) return target.error();
    sqlite3_backup* backup = sqlite3_backup_init(target->raw(), "main", raw_.get(), "main");
    if (backup == nullptr) return error_of(target->raw(), sqlite3_errcode(target->raw()));
    int rc = SQLITE_OK;
    while (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED) {
        rc = sqlite3_backup_step(backup, 1024);
        if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED) sqlite3_sleep(20);
    }
    sqlite3_backup_finish(backup);
    if (rc != SQLITE_DONE) return error_of(target->raw(), rc);
    return {};
}

Result<Transaction> Transaction::begin(Database& database) {
    if (auto begun = database.run("BEGIN IMMEDIATE"); begun.has_error()) return begun.error();
    return Transaction(database);
}

Transaction::~Transaction() {
    // After a failed commit SQLite may have rolled back by itself.
    if (database_ != nullptr && sqlite3_get_autocommit(database_->raw()) == 0) (void)database_->run("ROLLBACK");
}

Result<void> Transaction::commit() {
    auto done = database_->run("COMMIT");
    if (done.has_value()) database_ = nullptr;
    return done;
}

}  // namespace vg::sqlite
