#include "rules/rule.hpp"

#include "rules/gaps.hpp"

#include <algorithm>

namespace vg::rules {

const char* to_string(Verdict verdict) noexcept {
    switch (verdict) {
        case Verdict::met: return "met";
        case Verdict::not_met: return "not_met";
        case Verdict::not_known: return "not_known";
        case Verdict::not_applicable: return "not_applicable";
    }
    return "not_known";
}

const char* to_string(wire::Severity severity) noexcept {
    switch (severity) {
        case wire::Severity::info: return "info";
        case wire::Severity::low: return "low";
        case wire::Severity::medium: return "medium";
        case wire::Severity::high: return "high";
        case wire::Severity::critical: return "critical";
    }
    return "info";
}

const Expectation* RuleSet::expectation(std::string_view id) const {
    const auto at = std::find_if(expectations.begin(), expectations.end(), [&](const auto& r) { return r.id == id; });
    return at == expectations.end() ? nullptr : &*at;
}

const Detection* RuleSet::detection(std::string_view id) const {
    const auto at = std::find_if(detections.begin(), detections.end(), [&](const auto& r) { return r.id == id; });
    return at == detections.end() ? nullptr : &*at;
}

Text RuleSet::gap_words(std::string_view id) const {
    if (const auto* rule = expectation(id)) return rule->gap;
    if (const auto* rule = detection(id)) return rule->title;
    return {};
}

GapRules gap_rules(const RuleSet& rules) {
    GapRules out;
    for (const auto& rule : rules.expectations)
        out[rule.id] = {rule.severity, rule.hold, rule.recover, rule.explains, false};
    for (const auto& rule : rules.detections) out[rule.id] = {rule.severity, Millis::zero(), rule.recover, false, true};
    return out;
}

std::string join_evidence(Text evidence) {
    for (auto* text : {&evidence.vi, &evidence.en}) std::replace(text->begin(), text->end(), '\n', ' ');
    return evidence.vi == evidence.en ? evidence.vi : evidence.vi + '\n' + evidence.en;
}

Text split_evidence(const std::string& kept) {
    const auto end = kept.find('\n');
    if (end == std::string::npos) return {kept, kept};
    return {kept.substr(0, end), kept.substr(end + 1)};
}

}  // namespace vg::rules
