// Any text as a rule file, as a table of support and as a test of the rules in it: a set of rules or problems with
// places, never more.
#include "rules/load.hpp"
#include "rules/rule_test.hpp"
#include "rules/support.hpp"
#include "rules/version_order.hpp"

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
    std::vector<vg::rules::SupportProduct> products;
    vg::rules::read_support(text, "r.support.yaml", products, problems);
    const auto version = vg::rules::version_in(text);
    if (vg::rules::compare_versions(version, version) != 0) std::abort();
    const auto first = text.substr(0, text.find('\n'));
    const vg::rules::SupportTables tables(std::move(products));
    const auto answer =
        tables.look_up({"debian", first, first, text, first}, vg::rules::Day{std::chrono::days{20'000}});
    if (!answer.advisories.empty() && answer.vulnerable != true) std::abort();
    for (const auto& problem : problems.list())
        if (!problem.message.is_whole()) std::abort();
    return 0;
}
