#pragma once
// The rules of the configured folders, with the producers of facts that this product has. Pure but for reading.

#include "rules/load.hpp"

namespace vg::collector {

[[nodiscard]] std::shared_ptr<const rules::RuleSet> load_rule_files(const std::vector<std::string>& paths,
                                                                    Problems& problems);

}  // namespace vg::collector
