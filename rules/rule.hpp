#pragma once
// Rules as loaded from YAML (docs/rules.md): expectations and detections, with titles, severity, legal basis and its
// dates. Plain values; loading lints everything at once with file:line:column and never throws.

#include "base/clock.hpp"
#include "base/problems.hpp"
#include "wire/fact_table.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vg::rules {

struct Text {
    std::string vi, en;
};

struct Basis {
    std::string text;  // "Nghị định 331/2026/NĐ-CP, Điều 31.2.d"
    std::string mark;  // S, V, V2, GK: how well the text is known (domain catalogue)
    std::optional<Time> valid_from, valid_to;
};

struct Expectation {
    std::string id;  // "C01"
    Text title;
    Text advice;  // what to do next
    wire::Severity severity = wire::Severity::medium;
    std::vector<Basis> basis;
    wire::SubjectKind subject{};
    std::string where;             // SQL over the subject's view; empty: every subject
    std::string expect;            // SQL: TRUE met, FALSE not met, NULL not known
    Millis hold{};                 // not met this long before a gap opens
    Millis recover{};              // met this long before it closes
    std::optional<double> target;  // share of the population that must meet it, 0..1
    std::string evidence;          // SQL giving a short text that is kept with the gap; may be empty
    Place place;
};

enum class Verdict : std::uint8_t { met, not_met, not_known, not_applicable };
[[nodiscard]] const char* to_string(Verdict verdict) noexcept;

}  // namespace vg::rules
