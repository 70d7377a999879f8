// Lists of facts as differences: which entry was told with which value stands on disk, as a digest, beside the batches
// that tell it.
#include "agent/spool_impl.hpp"
#include "wire/limits.hpp"

#include <algorithm>
#include <string_view>

namespace vg::agent {
namespace {

// Some ten kilobytes when compressed: a few seconds of a poor line, and still enough for the compression to work with.
constexpr std::size_t entries_per_batch = 1000;

// FNV-1a, 64 bit: stands on disk, so it must be the same for ever.
constexpr std::uint64_t digest_start = 0xcbf29ce484222325;
std::uint64_t text_digest(std::string_view text, std::uint64_t from = digest_start) {
    for (const char c : text) from = (from ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
    return from;
}

std::uint64_t value_digest(const wire::FactValue& value) {
    const auto* text = std::get_if<std::string>(&value);
    if (text != nullptr) return text_digest(*text);
    struct Word {
        std::string operator()(std::monostate) const { return "?"; }
        std::string operator()(bool v) const { return v ? "t" : "f"; }
        std::string operator()(std::int64_t v) const { return std::to_string(v); }
        std::string operator()(double v) const { return std::to_string(v); }
        std::string operator()(const std::string& v) const { return v; }
    };
    return text_digest(std::visit(Word{}, value), text_digest("not a text"));
}

bool is_gone(const wire::FactValue& value) {
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr && text->empty();
}

std::string_view list_of(const wire::Fact& fact) {
    return std::string_view(fact.name).substr(0, fact.name.find('/') + 1);
}
std::string_view entry_of(const wire::Fact& fact) {
    return std::string_view(fact.name).substr(fact.name.find('/') + 1);
}

// One list of one subject in an observation, entries in order of their names.
struct Seen {
    const wire::Subject* subject = nullptr;
    std::string_view list;
    bool whole = false;
    std::vector<const wire::Fact*> entries;

    [[nodiscard]] std::string key() const {
        return std::to_string(static_cast<int>(subject->kind)) + " " + subject->key + " " + std::string(list);
    }
    [[nodiscard]] std::uint64_t digest_of_all() const {
        auto sum = digest_start;
        for (const auto* fact : entries) sum = text_digest(fact->name, sum) * 31 + value_digest(fact->value);
        return sum;
    }
};

struct News {
    const wire::Fact* fact = nullptr;  // null: an entry that is gone
    std::string gone;
};

std::vector<Seen> lists_of(const wire::Observation& observation) {
    std::map<std::pair<wire::Subject, std::string_view>, Seen> lists;
    for (const auto& list : observation.whole) lists[{list.subject, list.name}] = {&list.subject, list.name, true, {}};
    Seen* last = nullptr;
    for (const auto& fact : observation.facts) {
        const auto list = list_of(fact);
        if (list.empty()) continue;
        if (last == nullptr || last->list != list || *last->subject != fact.subject) {
            last = &lists[{fact.subject, list}];
            last->subject = &fact.subject;
            last->list = list;
        }
        last->entries.push_back(&fact);
    }
    std::vector<Seen> out;
    for (auto& [key, seen] : lists) {
        auto& entries = seen.entries;
        std::ranges::stable_sort(entries, {}, [](const auto* fact) -> const std::string& { return fact->name; });
        // Named twice: the last word counts.
        const auto same = [](const auto* a, const auto* b) { return a->name == b->name; };
        entries.erase(entries.begin(), std::unique(entries.rbegin(), entries.rend(), same).base());
        out.push_back(std::move(seen));
    }
    return out;
}

// What stands on disk of one list, in order of names.
class Told {
public:
    static Result<Told> open(sqlite::Database& database, std::int64_t list) {
        auto rows = database.prepare("SELECT entry, digest FROM told WHERE list = ? ORDER BY entry");
        if (rows.has_error()) return rows.error();
        rows->bind(1, list);
        return Told(std::move(*rows));
    }
    Result<bool> next() {
        auto got = rows_.step();
        if (got.has_value() && *got) {
            entry = rows_.text(0);
            value = static_cast<std::uint64_t>(rows_.integer(1));
        }
        return got;
    }
    std::string entry;
    std::uint64_t value = 0;

private:
    explicit Told(sqlite::Statement rows) : rows_(std::move(rows)) {}
    sqlite::Statement rows_;
};

Result<std::vector<News>> compare_whole(sqlite::Database& database, std::int64_t list, const Seen& seen) {
    auto told = Told::open(database, list);
    if (told.has_error()) return told.error();
    std::vector<News> news;
    auto more = told->next();
    const auto gone_before = [&](const std::string_view* name) -> Result<void> {
        while (more.has_value() && *more && (name == nullptr || told->entry < *name)) {
            news.push_back({nullptr, told->entry});
            more = told->next();
        }
        return more.has_error() ? Result<void>(more.error()) : Result<void>();
    };
    for (const auto* fact : seen.entries) {
        if (is_gone(fact->value)) continue;  // as if it did not stand here
        const auto name = entry_of(*fact);
        if (auto done = gone_before(&name); done.has_error()) return done.error();
        const bool known = *more && told->entry == name;
        if (!known || told->value != value_digest(fact->value)) news.push_back({fact, {}});
        if (known) more = told->next();
        if (more.has_error()) return more.error();
    }
    if (auto done = gone_before(nullptr); done.has_error()) return done.error();
    return news;
}

Result<std::vector<News>> compare_single(sqlite::Database& database, std::int64_t list, const Seen& seen) {
    auto select = database.prepare("SELECT digest FROM told WHERE list = ? AND entry = ?");
    if (select.has_error()) return select.error();
    std::vector<News> news;
    for (const auto* fact : seen.entries) {
        auto row = select->bind(1, list).bind(2, entry_of(*fact)).step();
        if (row.has_error()) return row.error();
        const bool same = *row && static_cast<std::uint64_t>(select->integer(0)) == value_digest(fact->value);
        if (is_gone(fact->value) ? *row : !same) news.push_back({fact, {}});
        select->reset();
    }
    return news;
}

constexpr std::int64_t no_list = -1;  // nothing was told of it yet

Result<std::int64_t> find_list(sqlite::Database& database, const std::string& name) {
    auto select = database.prepare("SELECT id FROM lists WHERE name = ?");
    if (select.has_error()) return select.error();
    auto row = select->bind(1, std::string_view(name)).step();
    if (row.has_error()) return row.error();
    return *row ? select->integer(0) : no_list;
}

Result<std::int64_t> make_list(sqlite::Database& database, const std::string& name) {
    auto insert = database.prepare("INSERT INTO lists (name) VALUES (?)");
    if (insert.has_error()) return insert.error();
    if (auto done = insert->bind(1, std::string_view(name)).run(); done.has_error()) return done.error();
    return database.last_insert_rowid();
}

Result<void> note_told(sqlite::Database& database, std::int64_t list, const std::vector<News>& news) {
    auto put = database.prepare("INSERT OR REPLACE INTO told VALUES (?, ?, ?)");
    auto remove = database.prepare("DELETE FROM told WHERE list = ? AND entry = ?");
    if (put.has_error()) return put.error();
    if (remove.has_error()) return remove.error();
    for (const auto& one : news) {
        const bool gone = one.fact == nullptr || is_gone(one.fact->value);
        const auto entry = one.fact == nullptr ? std::string_view(one.gone) : entry_of(*one.fact);
        auto& statement = gone ? *remove : *put;
        statement.bind(1, list).bind(2, entry);
        if (!gone) statement.bind(3, static_cast<std::int64_t>(value_digest(one.fact->value)));
        if (auto done = statement.run(); done.has_error()) return done.error();
    }
    return {};
}

}  // namespace

void Spool::forget_lists() {
    impl_->lists_forgotten = true;
    impl_->whole_lists.clear();
}

bool Spool::take_facts_lost() { return std::exchange(impl_->facts_lost, false); }

Result<bool> Spool::append_lists(const wire::Observation& observation) {
    auto& own = *impl_;
    if (own.lists_forgotten)
        if (auto done = settle(); done.has_error()) return done.error();
    struct Changed {
        Seen seen;
        std::int64_t id = 0;
        std::vector<News> news;
    };
    std::vector<Changed> changed;
    for (auto& seen : lists_of(observation)) {
        const auto known = own.whole_lists.find(seen.key());
        if (seen.whole && known != own.whole_lists.end() && known->second == seen.digest_of_all()) continue;
        own.whole_lists.erase(seen.key());
        auto id = find_list(own.database, seen.key());
        if (id.has_error()) return id.error();
        auto news = seen.whole ? compare_whole(own.database, *id, seen) : compare_single(own.database, *id, seen);
        if (news.has_error()) return news.error();
        if (news->empty() && seen.whole) own.whole_lists[seen.key()] = seen.digest_of_all();
        if (!news->empty()) changed.push_back({std::move(seen), *id, std::move(*news)});
    }
    if (changed.empty()) return false;

    auto done = own.transact([&](SpoolState& next) -> Result<void> {
        wire::FactBody body;
        const auto write = [&]() -> Result<void> {
            const auto bytes = wire::encode(body);
            auto written = own.write_batch(next, wire::BatchClass::facts, own.boot_row, body.facts.size(), bytes);
            body.facts.clear();
            return written;
        };
        for (const auto& [seen, id, news] : changed)
            for (const auto& one : news) {
                if (one.fact != nullptr)
                    body.facts.push_back({*one.fact, observation.at});
                else
                    body.facts.push_back({{*seen.subject, std::string(seen.list) + one.gone, ""}, observation.at});
                if (body.facts.size() == entries_per_batch)
                    if (auto written = write(); written.has_error()) return written;
            }
        if (!body.facts.empty())
            if (auto written = write(); written.has_error()) return written;
        for (const auto& one : changed) {
            auto id = one.id != no_list ? Result<std::int64_t>(one.id) : make_list(own.database, one.seen.key());
            if (id.has_error()) return id.error();
            if (auto noted = note_told(own.database, *id, one.news); noted.has_error()) return noted;
        }
        return {};
    });
    if (done.has_error()) return done.error();
    for (const auto& one : changed)
        if (one.seen.whole) own.whole_lists[one.seen.key()] = one.seen.digest_of_all();
    return true;
}

}  // namespace vg::agent
