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

Result<void> can_read_rules(const std::vector<std::string>& paths) {
    Problems unreadable;
    (void)rules::read_rule_files(paths, unreadable);
    if (unreadable.empty()) return {};
    std::vector<std::string> names;
    for (const auto& problem : unreadable.list()) names.push_back(problem.place.file);
    return fail(Errc::not_found,
                say({"không đọc được quy tắc ở {}; hãy xem thư mục hoặc tệp có tồn tại và có quyền đọc "
                     "không, hoặc sửa rules_dir",
                     "no rules can be read from {}; check that it exists and may be read, or correct "
                     "rules_dir"},
                    joined(names)));
}

}  // namespace vg::collector
