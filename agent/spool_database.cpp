#include "agent/spool_database.hpp"

#include "base/crypto.hpp"
#include "base/system_words.hpp"

#include <filesystem>

namespace vg::agent {
namespace {

// Small cache and no memory map: the machine may be old. FULL: a batch that may be sent must survive a power cut, or
// its sequence number would come to name other bytes.
constexpr std::string_view settings = R"(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA cache_size = -192;
PRAGMA mmap_size = 0;
PRAGMA wal_autocheckpoint = 64;
PRAGMA journal_size_limit = 524288;
)";

constexpr std::string_view tables = R"(
CREATE TABLE IF NOT EXISTS state (
  id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, next_seq INTEGER NOT NULL,
  event_index INTEGER NOT NULL, chain_head BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS boots (
  id INTEGER PRIMARY KEY, boot_id TEXT NOT NULL UNIQUE, wall_at_zero INTEGER NOT NULL, last_mono INTEGER NOT NULL,
  corrected INTEGER, error INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS series (
  id INTEGER PRIMARY KEY, metric TEXT NOT NULL, target TEXT NOT NULL, unit TEXT NOT NULL, UNIQUE (metric, target, unit));
CREATE TABLE IF NOT EXISTS records (id INTEGER PRIMARY KEY, boot INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS batches (
  seq INTEGER PRIMARY KEY, class INTEGER NOT NULL, boot INTEGER NOT NULL, items INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS batches_class ON batches (class, seq);
CREATE TABLE IF NOT EXISTS lost (
  first INTEGER PRIMARY KEY, last INTEGER NOT NULL, class INTEGER NOT NULL, items INTEGER NOT NULL,
  reason TEXT NOT NULL, reported INTEGER);
CREATE TABLE IF NOT EXISTS notes (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lists (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS told (
  list INTEGER NOT NULL, entry TEXT NOT NULL, digest INTEGER NOT NULL, PRIMARY KEY (list, entry)) WITHOUT ROWID;
PRAGMA user_version = 1;
)";

Result<void> begin_epoch(sqlite::Database& database) {
    auto insert = database.prepare("INSERT OR IGNORE INTO state VALUES (1, ?, 1, 0, ?)");
    if (insert.has_error()) return insert.error();
    const crypto::Digest zero{};
    // Positive as a 64-bit integer, so that it reads the same in every tool.
    const auto epoch = static_cast<std::int64_t>(crypto::random_u64() >> 1);
    insert->bind(1, epoch).bind(2, ByteView(zero));
    return insert->run();
}

Result<sqlite::Database> open_and_check(const std::string& path) {
    auto database = sqlite::Database::open(path);
    if (database.has_error()) return database.error();
    if (auto done = database->run(settings); done.has_error()) return done.error();
    if (auto done = database->check(); done.has_error()) return done.error();
    if (auto done = database->run(tables); done.has_error()) return done.error();
    if (auto done = begin_epoch(*database); done.has_error()) return done.error();
    return database;
}

void read_old_state(const std::string& path, SpoolDamage& damage) {
    auto database = sqlite::Database::open(path, sqlite::Access::read_only);
    if (database.has_error()) return;
    auto select = database->prepare("SELECT epoch, next_seq FROM state");
    if (select.has_error()) return;
    if (auto row = select->step(); row.has_value() && *row) {
        damage.epoch = static_cast<std::uint64_t>(select->integer(0));
        damage.next_seq = static_cast<std::uint64_t>(select->integer(1));
    }
}

Result<std::string> set_aside(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code ec;
    std::string to;
    for (int n = 1; n < 1000; ++n) {
        to = path + ".damaged-" + std::to_string(n);
        if (!fs::exists(to, ec)) break;
    }
    for (const char* companion : {"-wal", "-shm"}) {
        if (fs::exists(path + companion, ec)) fs::rename(path + companion, to + companion, ec);
    }
    fs::rename(path, to, ec);
    if (ec)
        return fail(Errc::permission,
                    say({"không cất được hàng đợi hỏng {}: {}", "cannot move the damaged spool {} aside: {}"}, path,
                        system_words(ec)));
    return to;
}

bool is_damage(Errc code) { return code == Errc::corrupt || code == Errc::invalid_input; }

}  // namespace

Result<SpoolDatabase> open_spool_database(const std::string& path) {
    auto database = open_and_check(path);
    if (database.has_value()) return SpoolDatabase{std::move(*database), std::nullopt};
    if (!is_damage(database.error().code) || path == ":memory:") return database.error();

    SpoolDamage damage;
    damage.finding = told(database.error());
    read_old_state(path, damage);
    auto moved = set_aside(path);
    if (moved.has_error()) return moved.error();
    damage.set_aside = *moved;
    database = open_and_check(path);
    if (database.has_error()) return database.error();
    return SpoolDatabase{std::move(*database), std::move(damage)};
}

Result<SpoolGlance> glance_at_spool(const std::string& path) {
    auto database = sqlite::Database::open(path, sqlite::Access::read_only);
    if (database.has_error()) return database.error();
    SpoolGlance glance;
    auto state = database->prepare("SELECT epoch, next_seq, (SELECT count(*) FROM lost) FROM state");
    if (state.has_error()) return state.error();
    if (auto row = state->step(); row.has_value() && *row) {
        glance.epoch = static_cast<std::uint64_t>(state->integer(0));
        glance.next_seq = static_cast<std::uint64_t>(state->integer(1));
        glance.lost_ranges = static_cast<std::uint64_t>(state->integer(2));
    }
    auto use = database->prepare("SELECT class, count(*), total(length(body)) FROM batches GROUP BY class");
    if (use.has_error()) return use.error();
    auto read = use->each([&] {
        auto& of = glance.use.by_class[static_cast<std::size_t>(use->integer(0) - 1) % 3];
        of.batches = static_cast<std::uint64_t>(use->integer(1));
        of.bytes = static_cast<std::uint64_t>(use->real(2)) + of.batches * row_cost;
    });
    if (read.has_error()) return read.error();
    auto notes = database->prepare("SELECT key, value FROM notes");
    if (notes.has_error()) return notes.error();
    read = notes->each([&] { glance.notes.emplace_back(notes->text(0), notes->text(1)); });
    if (read.has_error()) return read.error();
    return glance;
}

}  // namespace vg::agent
