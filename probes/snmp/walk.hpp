#pragma once
// SNMP values as plain data, and a walk over columns that always ends: an agent that answers out of order, repeats
// itself or never stops is cut off. Pure; any thread.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace vg::probes::snmp {

using Oid = std::vector<std::uint32_t>;

// monostate: noSuchObject, noSuchInstance, endOfMibView, or a type that we do not read.
using Value = std::variant<std::monostate, std::int64_t, std::uint64_t, std::string, Oid>;

struct Binding {
    Oid oid;
    Value value;
};

[[nodiscard]] bool is_under(const Oid& oid, const Oid& base);
[[nodiscard]] std::string to_text(const Oid& oid);  // "1.3.6.1"

// Rows of a table by index, columns by number.
using Rows = std::map<Oid, std::map<std::uint32_t, Value>>;

class Walk {
public:
    // `entry` is the table's entry, its columns are walked side by side.
    Walk(Oid entry, std::vector<std::uint32_t> columns);

    [[nodiscard]] std::vector<Oid> next() const;  // what to ask GETBULK for; empty: done
    void take(std::span<const Binding> answer);
    [[nodiscard]] const Rows& rows() const { return rows_; }

private:
    struct Column {
        std::uint32_t number = 0;
        Oid cursor;
        bool is_done = false;
    };
    Oid entry_;
    std::vector<Column> columns_;
    Rows rows_;
    std::size_t values_ = 0, requests_ = 0;
};

}  // namespace vg::probes::snmp
