#pragma once
// Tests of rules in a format that users write too (docs/rules.md, "Tests"): *.test.yaml files with subjects, facts and
// events at times, and the verdicts and gaps expected at times. `vonggac-collector rules test` runs them offline
// through the same fact base, judge, correlator and tracker as the server.

#include "base/problems.hpp"
#include "rules/load.hpp"

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace vg::rules {

struct RuleTestReport {
    std::size_t tests = 0, checks = 0;
    Problems failures;                  // each at the place of the expectation that did not hold
    std::set<std::string> rules_named;  // by any expectation; a rule that is not here has no test
};

// Every *.test.yaml of the folders, in order of path; a path may be a file.
[[nodiscard]] std::vector<RuleFile> read_test_files(const std::vector<std::string>& paths, Problems& problems);

// Mistakes in the test files are problems; expectations that do not hold are failures.
[[nodiscard]] RuleTestReport run_rule_tests(const std::shared_ptr<const RuleSet>& rules,
                                            const std::vector<RuleFile>& tests, Problems& problems);

}  // namespace vg::rules
