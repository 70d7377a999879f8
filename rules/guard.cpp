#include "rules/guard.hpp"

#include "base/text.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>

namespace vg::rules {
namespace {

// Pure, and none of them makes a large value out of a small one.
constexpr auto functions = std::to_array<std::string_view>(
    {"abs", "coalesce", "glob",   "ifnull", "iif",   "instr", "length", "like",      "lower", "ltrim",
     "max", "min",      "nullif", "round",  "rtrim", "sign",  "substr", "substring", "trim",  "upper"});

constexpr int operations_per_call = 20'000;  // of SQLite's machine, between two looks
constexpr int calls_allowed = 50;            // then the allowance is used up

// What would leave the parentheses that an expression is put into.
struct Escape {
    std::string sentence;
    std::size_t offset = 0;
};

Escape find_escape(std::string_view text) {
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\'' || c == '"' || c == '`' || c == '[') {
            const auto end = text.find(c == '[' ? ']' : c, i + 1);
            if (end == std::string_view::npos) return {"a quoted text is not closed", i};
            i = end;
        } else if (c == '(') {
            ++depth;
        } else if (c == ')') {
            if (--depth < 0) return {"a closing parenthesis has no opening one", i};
        } else if (c == ';') {
            return {"a semicolon does not belong into an expression", i};
        } else if (text.substr(i, 2) == "--" || text.substr(i, 2) == "/*") {
            return {"comments inside an expression are not supported; use a YAML comment (#)", i};
        } else if (c == '?' || c == '@' || c == '$' || c == ':' || c == '#' || c == '\0') {
            return {"parameters are not supported in an expression", i};
        }
    }
    if (depth > 0) return {"a parenthesis is not closed", text.size()};
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return {"the expression is empty", 0};
    return {};
}

}  // namespace

Guard::Guard(sqlite::Database& database) : database_(database) {
    sqlite3* raw = database.raw();
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);  // "x" is a column, never a text
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_limit(raw, SQLITE_LIMIT_LENGTH, 1'000'000);
    sqlite3_limit(raw, SQLITE_LIMIT_SQL_LENGTH, 1'000'000);
    sqlite3_limit(raw, SQLITE_LIMIT_EXPR_DEPTH, 100);
    sqlite3_limit(raw, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200);
    sqlite3_limit(raw, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_set_authorizer(
        raw,
        [](void* self, int action, const char* first, const char* second, const char*, const char*) {
            return static_cast<Guard*>(self)->authorize(action, first, second);
        },
        this);
    sqlite3_progress_handler(
        raw, operations_per_call,
        [](void* self) { return ++static_cast<Guard*>(self)->calls_ > calls_allowed ? 1 : 0; }, this);
}

void Guard::allow() {
    calls_ = 0;
    selects_ = 0;
}

int Guard::refuse(std::string sentence) {
    if (refused_.empty()) refused_ = std::move(sentence);
    return SQLITE_DENY;
}

int Guard::authorize(int action, const char* first, const char* second) {
    const std::string_view table = first != nullptr ? first : "";
    const std::string_view name = second != nullptr ? second : "";
    switch (action) {
        case SQLITE_SELECT:
            if (++selects_ == 1) return SQLITE_OK;
            return refuse("sub-selects are not supported; a rule sees the row of its own subject only");
        case SQLITE_READ:
            if (table.starts_with("sqlite_")) return refuse("only the documented views may be read");
            if (!name.empty()) reads_.emplace(name);
            return SQLITE_OK;
        case SQLITE_FUNCTION:
            if (std::find(functions.begin(), functions.end(), lower(name)) != functions.end()) return SQLITE_OK;
            return refuse("the function " + lower(name) + "() is not one of the pure functions that rules may use");
        default: return refuse("only an expression over the columns of the view is supported");
    }
}

Guard::Checked Guard::check(std::string_view view, std::string_view expression) {
    Checked out;
    if (auto escape = find_escape(expression); !escape.sentence.empty()) {
        out.sentence = std::move(escape.sentence);
        out.offset = static_cast<int>(escape.offset);
        return out;
    }
    allow();
    reads_.clear();
    refused_.clear();
    // In a WHERE clause aggregates and window functions are errors, as they must be for a rule.
    const std::string before = "select 1 from \"" + std::string(view) + "\" where (\n";
    const auto statement = database_.prepare(before + std::string(expression) + "\n)");
    out.reads = std::move(reads_);
    if (statement.has_value() && !out.reads.contains("ROWID")) return out;

    if (statement.has_value()) {
        out.sentence = "rowid is not a column of the view";
        return out;
    }
    out.sentence = sqlite3_errmsg(database_.raw());
    const int at = sqlite3_error_offset(database_.raw()) - static_cast<int>(before.size());
    out.offset = std::clamp(at, 0, static_cast<int>(expression.size()));
    if (constexpr std::string_view unknown = "no such column: "; out.sentence.starts_with(unknown))
        out.unknown_column = out.sentence.substr(unknown.size());
    if (!refused_.empty()) out.sentence = refused_;
    return out;
}

}  // namespace vg::rules
