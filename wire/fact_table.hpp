#pragma once
// Every fact there is, in one table: who it is about, its type, how long it stays known, who produces it. Probes may
// report only what stands here, rules may name only what stands here, and the views' documentation is printed from
// here. Rows are static data; any thread.

#include "wire/observation.hpp"

#include <span>
#include <string_view>

namespace vg::wire {

enum class FactType : std::uint8_t { boolean, integer, real, text };

struct FactRow {
    SubjectKind subject;
    std::string_view name;  // a column of the subject's view; or a list, see is_list
    FactType type;
    Millis fresh;               // older than this is not known; zero: for ever
    std::string_view producer;  // a probe kind of the registry ("uplink"), "collector" or "register"
    std::string_view vi;
    std::string_view en;
};

// A name that ends in '/' is a list: each entry is a fact of its own ("software/openssl" with the version, or a JSON
// object of one level), told when it comes or changes and told as "" when it goes. Lists are no columns of a view.
[[nodiscard]] constexpr bool is_list(const FactRow& row) { return row.name.ends_with('/'); }
// A number that changes with every look. Those are samples, too: their history is there, and of the fact only the
// newest is kept.
[[nodiscard]] constexpr bool is_measured(const FactRow& row) {
    return row.type == FactType::real || (row.type == FactType::integer && row.fresh > Millis{0});
}

[[nodiscard]] std::span<const FactRow> fact_table();
// The row of a fact, or of the list that an entry belongs to; null: there is no such fact.
[[nodiscard]] const FactRow* find_fact(SubjectKind subject, std::string_view name);
[[nodiscard]] std::string_view to_string(SubjectKind kind);

}  // namespace vg::wire
