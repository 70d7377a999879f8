#pragma once
// The rules of the configured folders, with the producers of facts that this product has. Pure but for reading.

#include "base/result.hpp"
#include "rules/load.hpp"

namespace vg::collector {

[[nodiscard]] std::shared_ptr<const rules::RuleSet> load_rule_files(const std::vector<std::string>& paths,
                                                                    Problems& problems);

// An error names every folder and file that cannot be read; mistakes inside of them are load_rule_files's.
[[nodiscard]] Result<void> can_read_rules(const std::vector<std::string>& paths);

}  // namespace vg::collector
