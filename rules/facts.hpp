#pragma once
// The fact base: what is known now about every subject of the register, in an in-memory SQLite database with one
// wide table (and one documented view of the same name) per kind of subject. A value that is older than its fact's
// freshness limit is NULL, which is "not known". Register columns and facts stand side by side, so a rule is plain SQL.
// Owned by the pipeline (collector) or the agent; used from one thread. Time comes as an argument.

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/sqlite.hpp"
#include "wire/fact_table.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vg::rules {

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

class FactBase {
public:
    [[nodiscard]] static Result<FactBase> make();

    // Adds the subject or replaces its register columns; facts stay. Marks it changed.
    [[nodiscard]] Result<void> put_subject(const SubjectId& subject, const RegisterColumns& columns);
    void remove_subject(const SubjectId& subject);
    [[nodiscard]] bool has(const SubjectId& subject) const;

    // Sets a fact as of `at`; an older `at` than the one held is ignored (history is the store's). True when the value
    // changed. An unknown subject or fact name is Error(not_found).
    Result<bool> set(const SubjectId& subject, std::string_view fact, const wire::FactValue& value, Time at);

    // Facts that ran out by `now` become NULL and their subjects changed.
    void expire(Time now);
    [[nodiscard]] Time next_expiry() const;  // Time::max() when nothing will run out

    // Subjects changed since the last call.
    [[nodiscard]] std::vector<SubjectId> take_changed();

    // Reads through the guarded connection (read-only, authorizer: only views, only pure functions).
    [[nodiscard]] sqlite::Database& guarded();

    FactBase(FactBase&&) noexcept;
    FactBase& operator=(FactBase&&) noexcept;
    ~FactBase();

private:
    struct Impl;
    explicit FactBase(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace vg::rules
