#include "rules/sigma_matcher.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>

namespace vg::rules {
namespace {

bool holds(const SigmaTest& test, const SigmaFields& fields) {
    const std::string* value = fields.find(test.field);
    switch (test.kind) {
        case SigmaTest::Kind::exists: return (value != nullptr) == test.wanted;
        case SigmaTest::Kind::absent: return value == nullptr;
        case SigmaTest::Kind::pattern: return value != nullptr && test.pattern.matches(*value);
        case SigmaTest::Kind::network: return value != nullptr && test.network.contains(*value);
        case SigmaTest::Kind::less:
        case SigmaTest::Kind::less_equal:
        case SigmaTest::Kind::greater:
        case SigmaTest::Kind::greater_equal: break;
    }
    const auto number = value != nullptr ? to_number<double>(*value) : std::nullopt;
    if (!number) return false;
    if (test.kind == SigmaTest::Kind::less) return *number < test.number;
    if (test.kind == SigmaTest::Kind::less_equal) return *number <= test.number;
    if (test.kind == SigmaTest::Kind::greater) return *number > test.number;
    return *number >= test.number;
}

bool holds(const SigmaRule& rule, std::uint32_t index, const SigmaFields& fields) {
    const auto& node = rule.nodes[index];
    const auto child = [&](std::uint32_t at) { return holds(rule, at, fields); };
    switch (node.kind) {
        case SigmaNode::Kind::test: return holds(rule.tests[node.test], fields);
        case SigmaNode::Kind::negate: return !child(node.children.front());
        case SigmaNode::Kind::all: return std::all_of(node.children.begin(), node.children.end(), child);
        case SigmaNode::Kind::any: return std::any_of(node.children.begin(), node.children.end(), child);
    }
    return false;
}

// Field values of which an event must have at least one for the node to hold; nothing when there is no such list.
using Required = std::vector<std::pair<std::string, std::string>>;
std::optional<Required> required(const SigmaRule& rule, std::uint32_t index) {
    const auto& node = rule.nodes[index];
    switch (node.kind) {
        case SigmaNode::Kind::test: {
            const auto& test = rule.tests[node.test];
            const auto* exact = test.kind == SigmaTest::Kind::pattern ? test.pattern.exact() : nullptr;
            if (exact == nullptr) return std::nullopt;
            return Required{{test.field, *exact}};
        }
        case SigmaNode::Kind::negate: return std::nullopt;
        case SigmaNode::Kind::all: {
            std::optional<Required> best;
            for (const auto child : node.children)
                if (auto list = required(rule, child); list && (!best || list->size() < best->size())) best = list;
            return best;
        }
        case SigmaNode::Kind::any: {
            Required out;
            for (const auto child : node.children) {
                auto list = required(rule, child);
                if (!list) return std::nullopt;
                out.insert(out.end(), list->begin(), list->end());
            }
            return out;
        }
    }
    return std::nullopt;
}

}  // namespace

SigmaFields::SigmaFields(const SeenEvent& event) {
    fields_.reserve(event.fields.size() + 4);
    for (const auto& [name, value] : event.fields) fields_.emplace_back(lower(name), lower(value));
    // The event's own columns; a field of the same name stands before them.
    fields_.emplace_back("kind", lower(event.kind));
    fields_.emplace_back("severity", to_string(event.severity));
    fields_.emplace_back("agent", lower(event.agent));
    fields_.emplace_back("site", lower(event.site));
    std::stable_sort(fields_.begin(), fields_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
}

const std::string* SigmaFields::find(std::string_view name) const {
    const auto at = std::lower_bound(fields_.begin(), fields_.end(), name,
                                     [](const auto& field, std::string_view wanted) { return field.first < wanted; });
    return at == fields_.end() || at->first != name ? nullptr : &at->second;
}

SigmaRules::SigmaRules(std::vector<SigmaRule> rules, std::vector<SigmaCorrelation> correlations)
    : rules_(std::move(rules)), correlations_(std::move(correlations)), wanted_by_(rules_.size()) {
    for (std::size_t c = 0; c < correlations_.size(); ++c)
        for (const auto& name : correlations_[c].rules)
            for (std::size_t r = 0; r < rules_.size(); ++r)
                if (rules_[r].name == name || rules_[r].id == name) {
                    wanted_by_[r].push_back(c);
                    if (!correlations_[c].generate) rules_[r].alarms = false;
                }
    for (std::uint32_t r = 0; r < rules_.size(); ++r) {
        const auto list = required(rules_[r], rules_[r].root);
        if (!list) always_.push_back(r);
        for (const auto& [field, value] : list.value_or(Required{})) {
            auto& candidates = index_[field][value];
            if (candidates.empty() || candidates.back() != r) candidates.push_back(r);
        }
    }
}

std::vector<std::size_t> SigmaRules::match(const SeenEvent& event) const {
    const SigmaFields fields(event);
    Candidates candidates = always_;
    for (const auto& [name, value] : fields.all()) {
        const auto by_value = index_.find(name);
        if (by_value == index_.end()) continue;
        const auto found = by_value->second.find(value);
        if (found != by_value->second.end())
            candidates.insert(candidates.end(), found->second.begin(), found->second.end());
    }
    std::sort(candidates.begin(), candidates.end());
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
    std::vector<std::size_t> out;
    for (const auto r : candidates) {
        const auto& rule = rules_[r];
        const bool ours = std::any_of(rule.kinds.begin(), rule.kinds.end(),
                                      [&](const auto& kind) { return event.kind.starts_with(kind); });
        if (ours && holds(rule, rule.root, fields)) out.push_back(r);
    }
    return out;
}

}  // namespace vg::rules
