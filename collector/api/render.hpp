#pragma once
// The things of the API as JSON, in one form wherever they appear: lists, details and live events. Read from the
// pipeline; used on its thread.

#include "collector/api/call.hpp"
#include "rules/judge.hpp"

namespace vg::collector::api {

// Whose a subject is; "" for a unit or an unknown agent.
[[nodiscard]] std::string site_of(const Pipeline& pipeline, const rules::SubjectId& subject);
[[nodiscard]] std::string unit_of(const Pipeline& pipeline, const rules::SubjectId& subject);
// What people call it; its id where it has no name.
[[nodiscard]] std::string name_of(Pipeline& pipeline, const rules::SubjectId& subject);

[[nodiscard]] json::object gap_item(Pipeline& pipeline, const rules::Gap& gap);
[[nodiscard]] json::object agent_item(Pipeline& pipeline, const Agent& agent);
[[nodiscard]] json::object event_item(Pipeline& pipeline, const StoredEvent& event, std::string subject_name);
[[nodiscard]] json::value site_name(Pipeline& pipeline, std::string_view id);  // null: not in the register

// Open gaps by site, counted once for a list of sites or units.
struct Standing {
    std::map<std::string, std::size_t, std::less<>> open;  // by site; "" unit's code as "unit:20900"
};
[[nodiscard]] Standing standing(Pipeline& pipeline);
[[nodiscard]] json::object site_item(Pipeline& pipeline, const registry::Site& site, const Standing& standing);
// met, not_met or not_known: an open gap, else anything not known, else met.
[[nodiscard]] rules::Verdict state_of_site(Pipeline& pipeline, std::string_view site, const Standing& standing);

// One row of a view of the fact base, by column; empty when there is no such subject.
using Row = std::vector<std::pair<std::string_view, json::value>>;
[[nodiscard]] Row row_of(Pipeline& pipeline, const rules::SubjectId& subject);
[[nodiscard]] json::value column(const Row& row, std::string_view name);

}  // namespace vg::collector::api
