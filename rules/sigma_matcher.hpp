#pragma once
// All Sigma rules as one matcher: an event is looked up by its field values in an index of what rules require, so only
// rules that may match are evaluated. Immutable once made; any thread.

#include "rules/sigma.hpp"
#include "rules/sigma_rule.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vg::rules {

// An event's fields in lower case, names in order; views into what it owns. kind, severity, agent and site are fields.
class SigmaFields {
public:
    explicit SigmaFields(const SeenEvent& event);
    [[nodiscard]] const std::string* find(std::string_view name) const;
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

class SigmaRules {
public:
    SigmaRules(std::vector<SigmaRule> rules, std::vector<SigmaCorrelation> correlations);

    // Indexes into rules() of those that match.
    [[nodiscard]] std::vector<std::size_t> match(const SeenEvent& event) const;
    [[nodiscard]] const std::vector<SigmaRule>& rules() const { return rules_; }
    [[nodiscard]] const std::vector<SigmaCorrelation>& correlations() const { return correlations_; }
    [[nodiscard]] const std::vector<std::size_t>& correlations_of(std::size_t rule) const { return wanted_by_[rule]; }

private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };
    using Candidates = std::vector<std::uint32_t>;
    using ByValue = std::unordered_map<std::string, Candidates, TextHash, std::equal_to<>>;

    std::vector<SigmaRule> rules_;
    std::vector<SigmaCorrelation> correlations_;
    std::vector<std::vector<std::size_t>> wanted_by_;    // by rule
    std::map<std::string, ByValue, std::less<>> index_;  // field → required value → rules
    Candidates always_;                                  // require no single value
};

}  // namespace vg::rules
