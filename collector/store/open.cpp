#include "collector/store/schema.hpp"
#include "collector/store/sqlite_store.hpp"

namespace vg::collector {
namespace {

Error explain(const Error& error, const std::string& path) {
    if (error.code != Errc::corrupt) return error;
    return fail(error.code,
                say({"cơ sở dữ liệu {} bị hỏng ({}); hãy dừng trung tâm, cất riêng tệp này, rồi khôi phục bản sao "
                     "lưu mới nhất hoặc phần mà \"sqlite3 FILE .recover\" cứu được",
                     "the database {} is damaged ({}); stop the collector, keep the file aside, and restore "
                     "the latest backup or what \"sqlite3 FILE .recover\" saves"},
                    path, error));
}

// Before the tables are made: those of an older version get what they lack, all of it or nothing.
Result<void> bring_up(sqlite::Database& database, Statements& statements) {
    if (auto made = database.run("CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID"); !made)
        return made;
    std::int64_t found = 0;  // no database yet
    {
        Query query(statements, "SELECT value FROM meta WHERE name = 'schema'");
        if (query.next()) found = query.integer(0);
        if (auto end = query.end(); !end) return end;
    }
    if (found > schema::version)
        return fail(Errc::conflict,
                    say({"cơ sở dữ liệu do một phiên bản Vọng Gác mới hơn tạo ra; hãy cập nhật trung tâm",
                         "the database was made by a newer version of Vọng Gác; update the collector"}));
    if (found == schema::version) return {};
    std::string sql = "BEGIN IMMEDIATE;";
    if (found > 0)
        for (auto step = found; step < schema::version; ++step) sql += std::string(schema::steps[step - 1]) + ";";
    sql += "INSERT OR REPLACE INTO meta VALUES ('schema', " + std::to_string(schema::version) + "); COMMIT";
    auto done = database.run(sql.c_str());
    if (!done) (void)database.run("ROLLBACK");
    return done;
}

}  // namespace

Result<void> SqliteStore::prepare() {
    if (auto set = database_.run(schema::pragmas); !set) return set;
    // A damaged page is found now and not in the middle of a night; it reads the whole file, so only while it is small.
    Query size(statements_, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
    const bool small = size.next() && size.integer(0) < (std::int64_t{256} << 20);
    if (auto end = size.end(); !end) return end;
    if (small)
        if (auto checked = database_.check(); !checked) return fail(Errc::corrupt, told(checked.error()));
    if (auto ready = bring_up(database_, statements_); !ready) return ready;
    return database_.run(schema::tables);
}

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path, StoreOptions options) {
    auto database = sqlite::Database::open(path);
    if (!database) return explain(database.error(), path);
    auto store = std::make_unique<SqliteStore>(std::move(*database), std::move(options));
    if (auto ready = store->prepare(); !ready) return explain(ready.error(), path);
    return std::unique_ptr<Store>(std::move(store));
}

}  // namespace vg::collector
