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
    Text sentence;
    std::size_t offset = 0;
};

Escape find_escape(std::string_view text) {
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\'' || c == '"' || c == '`' || c == '[') {
            const auto end = text.find(c == '[' ? ']' : c, i + 1);
            if (end == std::string_view::npos)
                return {say({"chữ trong ngoặc kép chưa được đóng", "a quoted text is not closed"}), i};
            i = end;
        } else if (c == '(') {
            ++depth;
        } else if (c == ')') {
            if (--depth < 0)
                return {say({"dấu ngoặc đóng không có dấu ngoặc mở", "a closing parenthesis has no opening one"}), i};
        } else if (c == ';') {
            return {
                say({"trong biểu thức không được có dấu chấm phẩy", "a semicolon does not belong into an expression"}),
                i};
        } else if (text.substr(i, 2) == "--" || text.substr(i, 2) == "/*") {
            return {say({"không hỗ trợ chú thích trong biểu thức; hãy dùng chú thích của YAML (#)",
                         "comments inside an expression are not supported; use a YAML comment (#)"}),
                    i};
        } else if (c == '?' || c == '@' || c == '$' || c == ':' || c == '#' || c == '\0') {
            return {say({"không hỗ trợ tham số trong biểu thức", "parameters are not supported in an expression"}), i};
        }
    }
    if (depth > 0) return {say({"thiếu dấu ngoặc đóng", "a parenthesis is not closed"}), text.size()};
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return {say({"biểu thức trống", "the expression is empty"}), 0};
    return {};
}

struct SqliteWords {
    std::string_view before, after;  // of the name in SQLite's English
    std::string_view vi;
};
constexpr auto sqlite_rows = std::to_array<SqliteWords>({
    {"near ", ": syntax error", "sai cú pháp ở gần {}"},
    {"no such column: ", "", "không có cột '{}'"},
    {"no such function: ", "", "không có hàm '{}'"},
    {"unrecognized token: ", "", "không hiểu {}"},
    {"wrong number of arguments to function ", "", "hàm {} nhận số tham số khác"},
    {"misuse of aggregate: ", "", "không dùng được hàm gộp {} ở đây"},
    {"misuse of aggregate function ", "", "không dùng được hàm gộp {} ở đây"},
    {"misuse of window function ", "", "không dùng được hàm cửa sổ {} ở đây"},
    {"incomplete input", "", "biểu thức chưa viết hết"},
});

Text sqlite_words(const std::string& english) {
    for (const auto& row : sqlite_rows) {
        if (!english.starts_with(row.before) || !english.ends_with(row.after)) continue;
        const auto name =
            std::string_view(english).substr(row.before.size(), english.size() - row.before.size() - row.after.size());
        return {filled(row.vi, {}, {value_of(name)}).vi, english};
    }
    return {"SQLite báo: " + english, english};
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

int Guard::refuse(Text sentence) {
    if (refused_.en.empty()) refused_ = std::move(sentence);
    return SQLITE_DENY;
}

int Guard::authorize(int action, const char* first, const char* second) {
    const std::string_view table = first != nullptr ? first : "";
    const std::string_view name = second != nullptr ? second : "";
    switch (action) {
        case SQLITE_SELECT:
            if (++selects_ == 1) return SQLITE_OK;
            return refuse(say({"không hỗ trợ select lồng nhau; quy tắc chỉ thấy dòng của chính đối tượng",
                               "sub-selects are not supported; a rule sees the row of its own subject only"}));
        case SQLITE_READ:
            if (table.starts_with("sqlite_"))
                return refuse(
                    say({"chỉ được đọc các bảng có trong tài liệu", "only the documented views may be read"}));
            if (!name.empty()) reads_.emplace(name);
            return SQLITE_OK;
        case SQLITE_FUNCTION:
            if (std::find(functions.begin(), functions.end(), lower(name)) != functions.end()) return SQLITE_OK;
            return refuse(say({"hàm {}() không thuộc các hàm thuần mà quy tắc được dùng",
                               "the function {}() is not one of the pure functions that rules may use"},
                              lower(name)));
        default:
            return refuse(say({"chỉ hỗ trợ biểu thức trên các cột của bảng",
                               "only an expression over the columns of the view is supported"}));
    }
}

Guard::Checked Guard::check(std::string_view view, std::string_view expression) {
    Checked out;
    if (auto escape = find_escape(expression); !escape.sentence.en.empty()) {
        out.sentence = std::move(escape.sentence);
        out.offset = static_cast<int>(escape.offset);
        return out;
    }
    allow();
    reads_.clear();
    refused_ = {};
    // In a WHERE clause aggregates and window functions are errors, as they must be for a rule.
    const std::string before = "select 1 from \"" + std::string(view) + "\" where (\n";
    const auto statement = database_.prepare(before + std::string(expression) + "\n)");
    out.reads = std::move(reads_);
    if (statement.has_value() && !out.reads.contains("ROWID")) return out;

    if (statement.has_value()) {
        out.sentence = say({"rowid không phải cột của bảng", "rowid is not a column of the view"});
        return out;
    }
    const std::string english = sqlite3_errmsg(database_.raw());
    out.sentence = sqlite_words(english);
    const int at = sqlite3_error_offset(database_.raw()) - static_cast<int>(before.size());
    out.offset = std::clamp(at, 0, static_cast<int>(expression.size()));
    if (constexpr std::string_view unknown = "no such column: "; english.starts_with(unknown))
        out.unknown_column = english.substr(unknown.size());
    if (!refused_.en.empty()) out.sentence = refused_;
    return out;
}

}  // namespace vg::rules
