#pragma once
// The guard of the judging connection: what rules (text written by people) may do in SQLite. Read the wide tables, call
// pure functions, one select, a bounded number of operations between two calls of allow(). It also tells the linter
// what an expression reads. Belongs to one connection and its thread.

#include "base/sqlite.hpp"
#include "base/words.hpp"

#include <set>
#include <string>
#include <string_view>

namespace vg::rules {

class Guard {
public:
    // Installs limits and callbacks; the connection must be gone, or unused, when the guard goes.
    explicit Guard(sqlite::Database& database);
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

    // A new allowance of operations for the next step, and of one select for the next statement.
    void allow();

    struct Checked {
        Text sentence;                // what is wrong; empty: nothing
        int offset = 0;               // of that, as a byte in the expression
        std::string unknown_column;   // the name, when that is what is wrong
        std::set<std::string> reads;  // columns of the view
        [[nodiscard]] bool is_good() const { return sentence.en.empty(); }
    };
    // Compiles the expression over one view without running it.
    [[nodiscard]] Checked check(std::string_view view, std::string_view expression);

private:
    int authorize(int action, const char* first, const char* second);
    int refuse(Text sentence);

    sqlite::Database& database_;
    int calls_ = 0;
    int selects_ = 0;
    std::set<std::string> reads_;
    Text refused_;  // the first thing that the authorizer said no to
};

}  // namespace vg::rules
