#pragma once
// Rules as loaded from YAML (docs/rules.md): expectations and detections, with titles, severity, legal basis and its
// dates. Plain values; loading lints everything at once with file:line:column and never throws.

#include "base/clock.hpp"
#include "base/problems.hpp"
#include "wire/fact_table.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vg::rules {

enum class Verdict : std::uint8_t {
    met,
    not_met,
    not_known,       // a fact that it needs never came or ran out, or whether it applies is not known
    not_applicable,  // outside of the rule's population
};
[[nodiscard]] const char* to_string(Verdict verdict) noexcept;
[[nodiscard]] const char* to_string(wire::Severity severity) noexcept;

using vg::Text;

struct Basis {
    Text text;         // "Nghị định 331/2026/NĐ-CP, Điều 31.2.d"
    std::string mark;  // S, V, V2, GK: how well the text is known (domain catalogue)
    std::optional<Time> valid_from, valid_to;
};

struct Expectation {
    std::string id;  // "C01"
    Text title;      // what should be so
    Text gap;        // what is wrong where it is not so; the title when the file says nothing
    Text advice;     // what to do next
    wire::Severity severity = wire::Severity::medium;
    std::vector<Basis> basis;
    wire::SubjectKind subject{};
    std::string where;               // SQL over the subject's view; empty: every subject
    std::string expect;              // SQL: TRUE met, FALSE not met, NULL not known
    Millis hold{};                   // not met this long before a gap opens
    Millis recover{};                // met this long before it closes
    std::optional<double> target;    // share of the population that must meet it, 0..1
    Text evidence;                   // SQL giving the words that are kept with the gap; empty: the columns it read
    bool explains = false;           // an open gap of this rule is the cause of gaps behind its subject
    std::vector<std::string> reads;  // columns of the view that where and expect name
    std::vector<Text> problems;      // why it can never be judged; empty: it can
    Place place;
};

// A detection alarms by itself; the Sigma rules behind it are in SigmaRules.
struct Detection {
    std::string id;
    Text title;
    Text advice;
    wire::Severity severity = wire::Severity::medium;
    std::vector<Basis> basis;
    Millis recover{};  // quiet this long before its gap closes
    std::vector<Text> problems;
    Place place;
};

class SigmaRules;
class SupportTables;

// The words of a gap in both languages are kept as one text: two lines, or one where both are the same.
[[nodiscard]] std::string join_evidence(Text evidence);
[[nodiscard]] Text split_evidence(const std::string& kept);

// One consistent set of rules, as loaded (rules/load.hpp). Immutable once made; shared between threads.
struct RuleSet {
    std::vector<Expectation> expectations;         // in order of id
    std::vector<Detection> detections;             // in order of id
    std::shared_ptr<const SigmaRules> sigma;       // matches events for the detections; never null
    std::shared_ptr<const SupportTables> support;  // dated tables that stand beside the rules; never null when loaded
    std::string version;                           // changes with any byte of the files
    [[nodiscard]] const Expectation* expectation(std::string_view id) const;
    [[nodiscard]] const Detection* detection(std::string_view id) const;
    // What is wrong where there is a gap of the rule; empty when no such rule is loaded any more.
    [[nodiscard]] Text gap_words(std::string_view id) const;
};

}  // namespace vg::rules
