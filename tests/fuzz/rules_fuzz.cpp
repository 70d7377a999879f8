// Any text as a rule file, and as a test of the rules in it: a set of rules or problems with places, never more.
#include "rules/load.hpp"
#include "rules/rule_test.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::vector<std::string> probes{"uplink", "http", "lan"};
    // Rules, and after a line of '%' their tests.
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto split = text.find("\n%\n");
    vg::Problems problems;
    const auto rules = vg::rules::load_rules({{"r.yaml", text.substr(0, split)}}, probes, problems);
    if (rules == nullptr || rules->sigma == nullptr) std::abort();
    for (const auto& rule : rules->expectations)
        if (rule.id.empty() || rule.expect.empty()) std::abort();
    if (split != std::string::npos)
        (void)vg::rules::run_rule_tests(rules, {{"r.test.yaml", text.substr(split + 3)}}, problems);
    for (const auto& problem : problems.list())
        if (problem.message.empty()) std::abort();
    return 0;
}
