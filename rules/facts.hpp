#pragma once
// The fact base: what is known now about every subject of the register, in an in-memory SQLite database with one
// wide table (and one documented view of the same name) per kind of subject. A value that is older than its fact's
// freshness limit is NULL, which is "not known". Register columns and facts stand side by side, so a rule is plain SQL.
// Owned by the pipeline (collector) or the agent; used from one thread. Time comes as an argument.

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/sqlite.hpp"
#include "wire/fact_table.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vg::rules {

class Guard;

// A subject's global id: agents by agent id; sites, units by their code; uplinks "SITE/NAME"; services "SITE/SERVICE";
// devices "SITE/KEY" (key as in wire::Subject).
struct SubjectId {
    wire::SubjectKind kind{};
    std::string id;
    auto operator<=>(const SubjectId&) const = default;
};

// What the register says about a subject; names as in rules/views.hpp ("unit_level", "site", "unit", "kind", "name"
// ...).
using RegisterColumns = std::vector<std::pair<std::string, wire::FactValue>>;

// A row of a view; row numbers are never used twice.
struct RowRef {
    wire::SubjectKind kind{};
    std::int64_t row = 0;
    auto operator<=>(const RowRef&) const = default;
};

struct ChangedRow {
    RowRef ref;
    SubjectId subject;
    std::optional<Time> at;  // of the newest change of a fact; nothing: only the register's columns changed
    bool removed = false;
};

struct KnownFact {
    std::string_view name;
    wire::FactValue value;  // monostate: not known, or ran out
    Time at{};
    std::optional<Time> fresh_until;
};

class FactBase {
public:
    [[nodiscard]] static Result<FactBase> make();

    // Adds the subject or replaces its register columns; facts stay. Marks it changed. A column that is not in
    // rules/views.hpp, or has another type there, is Error(invalid_input).
    [[nodiscard]] Result<void> put_subject(const SubjectId& subject, const RegisterColumns& columns);
    void remove_subject(const SubjectId& subject);
    [[nodiscard]] bool has(const SubjectId& subject) const;

    // Sets a fact as of `at`; an older `at` than the one held is ignored (history is the store's: rules/replay.hpp).
    // True when the value changed. An unknown subject or fact name is Error(not_found), a value of another type
    // Error(invalid_input). Facts of different times that arrive together are set in the order of their times, judging
    // after each distinct time, so that no state in between is lost.
    Result<bool> set(const SubjectId& subject, std::string_view fact, const wire::FactValue& value, Time at);
    // The same where another witness of the subject speaks from now on, whose look may be older than the one held.
    Result<bool> replace(const SubjectId& subject, std::string_view fact, const wire::FactValue& value, Time at);

    // The clock that dated them was put: other times for all facts, the same values.
    void redate(const std::function<Time(Time)>& redated);
    // Facts that ran out by `now` become NULL and their subjects changed.
    void expire(Time now);
    [[nodiscard]] Time next_expiry() const;  // never later than the next one; Time::max() when nothing will run out

    // Subjects changed since the last call, each once, in order of rows.
    [[nodiscard]] std::vector<ChangedRow> take_changed();
    void mark_all_changed();  // after rules were reloaded

    // What is known, for pages and diagnosis.
    [[nodiscard]] std::vector<KnownFact> facts(const SubjectId& subject) const;  // every fact that was ever set
    [[nodiscard]] wire::FactValue value(const SubjectId& subject, std::string_view column) const;  // fact or register
    [[nodiscard]] std::vector<SubjectId> subjects(wire::SubjectKind kind) const;
    [[nodiscard]] std::optional<RowRef> row(const SubjectId& subject) const;

    // Reads through the guarded connection (read-only, authorizer: only views, only pure functions, one select; a step
    // that costs more than a bounded number of operations ends with Error(timed_out)). Reset statements before the next
    // change.
    [[nodiscard]] sqlite::Database& guarded();
    [[nodiscard]] Guard& guard();  // checks expressions (rules/guard.hpp)

    FactBase(FactBase&&) noexcept;
    FactBase& operator=(FactBase&&) noexcept;
    ~FactBase();

private:
    struct Impl;
    explicit FactBase(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace vg::rules
