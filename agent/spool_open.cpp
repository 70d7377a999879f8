#include "agent/spool_impl.hpp"

#include <algorithm>

namespace vg::agent {

Result<void> Spool::Impl::prepare() {
    const std::pair<sqlite::Statement*, std::string_view> wanted[] = {
        {&insert_batch, "INSERT INTO batches VALUES (?, ?, ?, ?, ?)"},
        {&insert_record, "INSERT INTO records (boot, body) VALUES (?, ?)"},
        {&delete_batch, "DELETE FROM batches WHERE seq = ?"},
        {&save_state, "UPDATE state SET next_seq = ?, event_index = ?, chain_head = ?"},
        {&save_boot, "UPDATE boots SET wall_at_zero = ?, last_mono = ?, corrected = ?, error = ? WHERE id = ?"},
    };
    for (const auto& [into, sql] : wanted) {
        auto statement = database.prepare(sql);
        if (statement.has_error()) return statement.error();
        *into = std::move(*statement);
    }
    return {};
}

Result<void> Spool::Impl::load_state() {
    auto row = database.prepare("SELECT epoch, next_seq, event_index, chain_head FROM state");
    if (row.has_error()) return row.error();
    if (auto got = row->step(); got.has_error() || !*got)
        return fail(Errc::corrupt, say({"hàng đợi không có trạng thái", "the spool has no state"}));
    state.epoch = static_cast<std::uint64_t>(row->integer(0));
    state.next_seq = static_cast<std::uint64_t>(row->integer(1));
    state.event_index = static_cast<std::uint64_t>(row->integer(2));
    const auto head = row->blob(3);
    if (head.size() != state.head.size())
        return fail(Errc::corrupt,
                    say({"đầu chuỗi của hàng đợi sai độ dài", "the spool's chain head has a wrong length"}));
    std::ranges::copy(head, state.head.begin());
    auto use = database.prepare("SELECT class, count(*), total(length(body)) FROM batches GROUP BY class");
    if (use.has_error()) return use.error();
    return use->each([&] {
        auto& of = state.use.of(batch_class_of(use->integer(0)));
        of.batches = static_cast<std::uint64_t>(use->integer(1));
        of.bytes = static_cast<std::uint64_t>(use->real(2)) + of.batches * row_cost;
    });
}

// All of them or an error: with half of the names, new ones would take the numbers of the rest.
Result<void> Spool::Impl::load_names() {
    auto names = database.prepare("SELECT id, metric, target, unit FROM series");
    if (names.has_error()) return names.error();
    return names->each([&] {
        series.emplace(wire::SeriesName{names->text(1), names->text(2), names->text(3)},
                       static_cast<wire::SeriesId>(names->integer(0)));
    });
}

Result<void> Spool::Impl::load_boot() {
    // Clocks of boots that nothing speaks of any more.
    if (auto done = database.run("DELETE FROM boots WHERE id NOT IN (SELECT boot FROM batches UNION SELECT boot FROM "
                                 "records)");
        done.has_error())
        return done.error();
    boot.boot_id = clock.boot_id();
    auto insert =
        database.prepare("INSERT OR IGNORE INTO boots (boot_id, wall_at_zero, last_mono, error) VALUES (?,0,0,0)");
    if (insert.has_error()) return insert.error();
    if (auto done = insert->bind(1, std::string_view(boot.boot_id)).run(); done.has_error()) return done.error();
    auto mine = database.prepare("SELECT id, corrected, error FROM boots WHERE boot_id = ?");
    if (mine.has_error()) return mine.error();
    if (auto got = mine->bind(1, std::string_view(boot.boot_id)).step(); got.has_error()) return got.error();
    boot_row = mine->integer(0);
    if (!mine->is_null(1)) boot.corrected_at_zero_ms = mine->integer(1);
    boot.error_ms = mine->integer(2);
    return {};
}

// Devices come and go for years; what is forgotten here is told once more.
Result<void> Spool::Impl::bound_lists() {
    return database.run(
        "DELETE FROM told WHERE (SELECT count(*) FROM lists) > 8192;"
        "DELETE FROM lists WHERE (SELECT count(*) FROM lists) > 8192;");
}

// Records found at opening belong to a process that was killed; those of this boot go on as they were.
Result<void> Spool::Impl::seal_older_boots() {
    std::map<std::int64_t, std::vector<Record>> by_boot;
    auto rows = database.prepare("SELECT boot, body FROM records ORDER BY id");
    if (rows.has_error()) return rows.error();
    Result<void> readable;
    auto read = rows->each([&] {
        auto some = decode_records(rows->blob(1));
        if (some.has_error()) readable = some.error();
        if (readable.has_error()) return;
        auto& of_boot = by_boot[rows->integer(0)];
        of_boot.insert(of_boot.end(), some->begin(), some->end());
    });
    if (read.has_error()) return read;  // sealing would delete those that were not read
    if (readable.has_error()) return readable;
    for (auto& [row, found] : by_boot) {
        if (row == boot_row) {
            records = std::move(found);
            flushed = records.size();
            continue;
        }
        const auto items = found.size();
        const auto body = wire::encode(to_body(std::move(found)));
        auto done = transact([&, row = row](State& next) -> Result<void> {
            auto remove = database.prepare("DELETE FROM records WHERE boot = ?");
            if (remove.has_error()) return remove.error();
            if (auto removed = remove->bind(1, row).run(); removed.has_error()) return removed.error();
            return write_batch(next, wire::BatchClass::samples, row, items, body);
        });
        if (done.has_error()) return done.error();
    }
    return {};
}

Spool::Spool(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Spool::Spool(Spool&&) noexcept = default;

Spool& Spool::operator=(Spool&&) noexcept = default;

Spool::~Spool() = default;

Result<Spool> Spool::open(const SpoolOptions& options, Clock& clock) {
    auto opened = open_spool_database(options.path);
    if (opened.has_error()) return opened.error();
    auto impl = std::make_unique<Impl>(std::move(opened->database), options, clock);
    impl->damage = std::move(opened->damage);
    if (auto done = impl->prepare(); done.has_error()) return done.error();
    if (auto done = impl->load_state(); done.has_error()) return done.error();
    if (auto done = impl->load_names(); done.has_error()) return done.error();
    if (auto done = impl->load_boot(); done.has_error()) return done.error();
    if (auto done = impl->bound_lists(); done.has_error()) return done.error();
    if (auto done = impl->seal_older_boots(); done.has_error()) return done.error();
    Spool spool(std::move(impl));
    if (auto done = spool.settle(); done.has_error()) return done.error();
    return spool;
}

const std::optional<SpoolDamage>& Spool::damage() const { return impl_->damage; }

}  // namespace vg::agent
