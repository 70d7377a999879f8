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
    std::string_view name;  // a column of the subject's view
    FactType type;
    Millis fresh;               // older than this is not known; zero: for ever
    std::string_view producer;  // a probe kind of the registry ("uplink"), "collector" or "register"
    std::string_view vi;
    std::string_view en;
};

[[nodiscard]] std::span<const FactRow> fact_table();
[[nodiscard]] const FactRow* find_fact(SubjectKind subject, std::string_view name);
[[nodiscard]] std::string_view to_string(SubjectKind kind);

}  // namespace vg::wire
