#include "collector/rule_files.hpp"

#include "wire/fact_table.hpp"

#include <algorithm>

namespace vg::collector {

std::shared_ptr<const rules::RuleSet> load_rule_files(const std::vector<std::string>& paths, Problems& problems) {
    std::vector<std::string> producers;
    for (const auto& fact : wire::fact_table())
        if (std::find(producers.begin(), producers.end(), fact.producer) == producers.end())
            producers.emplace_back(fact.producer);
    const auto files = rules::read_rule_files(paths, problems);
    return rules::load_rules(files, producers, problems);
}

}  // namespace vg::collector
