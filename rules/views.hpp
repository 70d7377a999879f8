#pragma once
// The views that rules are written over: per kind of subject the register's columns of this table beside the facts of
// wire/fact_table.hpp. The collector fills the register columns; a column that the register leaves empty is NULL, "not
// known". docs/rules.md prints both lists from here (a test holds it). Rows are static data; any thread.

#include "wire/fact_table.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vg::rules {

struct RegisterColumn {
    wire::SubjectKind subject;
    std::string_view name;
    wire::FactType type;
    std::string_view vi, en;
};

[[nodiscard]] std::span<const RegisterColumn> register_columns();
[[nodiscard]] const RegisterColumn* find_register_column(wire::SubjectKind subject, std::string_view name);

// One column of a view, whichever side it comes from. Every view begins with `id`, then register, then facts.
struct ViewColumn {
    std::string_view name;
    wire::FactType type;
    std::string_view vi, en;
    const wire::FactRow* fact = nullptr;  // null: from the register
};
[[nodiscard]] const std::vector<ViewColumn>& view(wire::SubjectKind subject);

inline constexpr wire::SubjectKind all_kinds[] = {wire::SubjectKind::unit,   wire::SubjectKind::site,
                                                  wire::SubjectKind::uplink, wire::SubjectKind::service,
                                                  wire::SubjectKind::agent,  wire::SubjectKind::device};
inline constexpr std::size_t kind_count = std::size(all_kinds);

// The section "Views" of docs/rules.md.
[[nodiscard]] std::string views_markdown();

}  // namespace vg::rules
