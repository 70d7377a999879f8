#pragma once
// Rule files → RuleSet (docs/rules.md): unknown keys are refused, every SQL expression is compiled against its view,
// all errors come at once with file:line:column. Never throws. Reload = load, and swap only when no problem was found.

#include "base/problems.hpp"
#include "rules/rule.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vg::rules {

struct RuleFile {
    std::string name;  // as told in problems
    std::string text;
};

// Every *.yaml and *.yml of the folders (not *.test.yaml), in order of path; a path may be a file. An unreadable one is
// a problem.
[[nodiscard]] std::vector<RuleFile> read_rule_files(const std::vector<std::string>& paths, Problems& problems);

// `producers`: the kinds of probe that exist ("host", "icmp" ...); the collector and the register always count. A rule
// that names a fact which nothing produces stays in the set with a sentence in its `problems`: it can never be judged.
// On any problem the set holds the rules that are in order, for listing only: keep the old one in force.
[[nodiscard]] std::shared_ptr<const RuleSet> load_rules(const std::vector<RuleFile>& files,
                                                        std::span<const std::string> producers, Problems& problems);

}  // namespace vg::rules
