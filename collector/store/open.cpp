#include "collector/store/schema.hpp"
#include "collector/store/sqlite_store.hpp"

namespace vg::collector {
namespace {

Error explain(Error error, const std::string& path) {
    if (error.code == Errc::corrupt)
        error.message = "the database " + path + " is damaged (" + error.message +
                        "); stop the collector, keep the file aside, and restore the latest backup or what "
                        "\"sqlite3 FILE .recover\" saves";
    return error;
}

Result<void> check_version(Statements& statements) {
    Query query(statements, "SELECT value FROM meta WHERE name = 'schema'");
    if (query.next()) {
        if (query.integer(0) > schema::version)
            return fail(Errc::conflict,
                        say({"cơ sở dữ liệu do một phiên bản Vọng Gác mới hơn tạo ra; hãy cập nhật trung tâm",
                             "the database was made by a newer version of Vọng Gác; update the collector"}));
        return {};
    }
    if (auto end = query.end(); !end) return end;
    return Query(statements, "INSERT INTO meta VALUES ('schema', ?)").with(schema::version).run();
}

}  // namespace

Result<void> SqliteStore::prepare() {
    if (auto set = database_.run(schema::pragmas); !set) return set;
    // A damaged page is found now and not in the middle of a night; it reads the whole file, so only while it is small.
    Query size(statements_, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
    const bool small = size.next() && size.integer(0) < (std::int64_t{256} << 20);
    if (auto end = size.end(); !end) return end;
    if (small)
        if (auto checked = database_.check(); !checked) return fail(Errc::corrupt, checked.error().message);
    if (auto made = database_.run(schema::tables); !made) return made;
    return check_version(statements_);
}

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path, StoreOptions options) {
    auto database = sqlite::Database::open(path);
    if (!database) return explain(database.error(), path);
    auto store = std::make_unique<SqliteStore>(std::move(*database), std::move(options));
    if (auto ready = store->prepare(); !ready) return explain(ready.error(), path);
    return std::unique_ptr<Store>(std::move(store));
}

}  // namespace vg::collector
