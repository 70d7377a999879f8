#pragma once
// A Sigma rule after reading: a flat tree of tests over the fields of one event, and correlations over rules. Plain
// values, built by sigma_reader.cpp, evaluated by sigma_matcher.cpp. Immutable once read; any thread.

#include "base/address.hpp"
#include "base/problems.hpp"
#include "base/yaml.hpp"
#include "rules/rule.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vg::rules {

// A text with wildcards, lower case: pieces between '*'; '?' stands as the byte any_one.
class SigmaPattern {
public:
    static constexpr char any_one = '\x01';
    // Sigma's escapes: '\*', '\?' and '\\' before a wildcard; a backslash before anything else is itself.
    [[nodiscard]] static SigmaPattern parse(std::string_view text, bool open_start, bool open_end);
    [[nodiscard]] bool matches(std::string_view lower_text) const;
    [[nodiscard]] const std::string* exact() const;  // the whole text, when there are no wildcards

private:
    std::vector<std::string> pieces_;
    bool open_start_ = false, open_end_ = false;  // may begin (end) with anything
    bool wild_ = false;
};

struct SigmaTest {
    enum class Kind { pattern, network, exists, absent, less, less_equal, greater, greater_equal };
    Kind kind = Kind::pattern;
    std::string field;  // lower case
    SigmaPattern pattern;
    Network network;
    double number = 0;
    bool wanted = true;  // of exists
};

struct SigmaNode {
    enum class Kind { all, any, negate, test };
    Kind kind = Kind::test;
    std::vector<std::uint32_t> children;  // nodes
    std::uint32_t test = 0;
};

struct SigmaRule {
    std::string id, name;
    std::vector<std::string> kinds;  // beginnings of event kinds that its logsource means; "" all
    std::vector<SigmaTest> tests;
    std::vector<SigmaNode> nodes;
    std::uint32_t root = 0;
    bool alarms = true;  // false: only correlations look at it
    Place place;
};

struct SigmaCorrelation {
    std::string id;
    std::vector<std::string> rules;  // names or ids
    std::vector<Place> rule_places;
    std::vector<std::string> group_by;  // lower case
    Millis timespan{};
    std::uint64_t at_least = 1;
    bool generate = false;  // its rules alarm by themselves, too
    Place place;
};

// Each gives nothing when there is a mistake or something that is not supported; every one is told with its place.
[[nodiscard]] std::optional<SigmaRule> read_sigma_rule(const yaml::Node& node, Problems& problems);
// The selections and the condition alone, without a log source; false when there is a mistake.
[[nodiscard]] bool read_sigma_detection(const yaml::Node& detection, SigmaRule& rule, Problems& problems);
[[nodiscard]] std::optional<SigmaCorrelation> read_sigma_correlation(const yaml::Node& node, Problems& problems);
// What both families of gaps need to know of it: title, severity, basis ...
[[nodiscard]] Detection read_sigma_head(const yaml::Node& node, Problems& problems);

// The condition over the named selections; adds nodes, gives the root.
struct SigmaSelection {
    std::string name;
    std::uint32_t node = 0;
};
[[nodiscard]] std::optional<std::uint32_t> read_sigma_condition(const yaml::Node& text,
                                                                const std::vector<SigmaSelection>& selections,
                                                                std::vector<SigmaNode>& nodes, Problems& problems);

}  // namespace vg::rules
