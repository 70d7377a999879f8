#pragma once
// A walk over the columns of a table, side by side, that always ends and adapts itself to the agent: it says what to
// ask next and takes what came. An agent that answers out of order, repeats itself or never stops is cut off; one that
// cannot answer so much at once is asked for less; one that does not know GETBULK is asked by GETNEXT. Pure; any
// thread.

#include "probes/snmp/value.hpp"

namespace vg::probes::snmp {

enum class Ask { get, next, bulk };

struct Request {
    Ask ask = Ask::bulk;
    std::vector<Oid> oids;  // empty: there is nothing to ask
    int rows = 0;           // of GETBULK, its max-repetitions
};

struct Answer {
    int error = 0;        // RFC 3416: 0 noError, 1 tooBig, 2 noSuchName, 5 genErr ...
    int error_index = 0;  // 1: the first binding
    std::vector<Binding> bindings;
};

inline constexpr int too_big = 1, no_such_name = 2;

class Walk {
public:
    struct Limits {
        std::size_t values = 60'000, requests = 8'000, bytes = 8u << 20;
    };

    // `entry` is the table's entry. Without `can_bulk` (v1) only GETNEXT is asked.
    Walk(Oid entry, const std::vector<std::uint32_t>& columns, bool can_bulk, Limits limits);
    Walk(Oid entry, const std::vector<std::uint32_t>& columns, bool can_bulk = true)
        : Walk(std::move(entry), columns, can_bulk, Limits{}) {}

    [[nodiscard]] Request next();
    void take(const Answer& answer);  // of what next() said
    void take_silence();              // nobody answered it

    [[nodiscard]] const Rows& rows() const { return rows_; }
    [[nodiscard]] Rows take_rows() { return std::move(rows_); }
    // False when something was left out, so that a row that is missing may be there all the same.
    [[nodiscard]] bool is_whole() const { return is_whole_; }

private:
    struct Column {
        std::uint32_t number = 0;
        Oid cursor;
        bool is_done = false;
    };
    void take_error(const Answer& answer);
    void take_bindings(const std::vector<Binding>& bindings);
    bool keep(Column& column, const Binding& binding);
    void ask_for_less();
    void give_up();
    void end_asked(std::size_t position);

    Oid entry_;
    std::vector<Column> columns_;
    std::vector<std::size_t> asked_;  // columns of the last request
    Rows rows_;
    Limits limits_;
    std::size_t values_ = 0, requests_ = 0, bytes_ = 0;
    std::size_t width_;  // columns at once
    int rows_at_once_;
    bool bulk_, is_whole_ = true;
    int silences_ = 0;
};

}  // namespace vg::probes::snmp
