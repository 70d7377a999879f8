// Any text as a register: as YAML, or, when it begins with '%', as CSV tables ("%units\n" and then the table). What is
// accepted without a problem is written and read again, and nothing changes.
#include "collector/register/read.hpp"
#include "tests/fuzz/round_trip.hpp"

using namespace vg;
using namespace vg::collector::registry;

namespace {

std::vector<Table> tables_of(std::string_view text) {
    std::vector<Table> tables;
    while (!text.empty() && text.front() == '%') {
        const auto line = text.substr(1, text.find('\n') - 1);
        text.remove_prefix(std::min(text.size(), line.size() + 2));
        const auto end = text.find("\n%");
        const auto body = text.substr(0, end);
        tables.push_back({std::string(line), std::string(body), std::string(line) + ".csv"});
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return tables;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    Problems problems;
    const bool is_csv = !text.empty() && text.front() == '%';
    const auto reg = is_csv ? read_tables(tables_of(text), {}, problems) : read_yaml(text, "fuzz.yaml", problems);
    for (const auto& problem : problems.list()) fuzz::require(problem.message.is_whole());
    if (!problems.empty()) return 0;
    const auto written = to_yaml(reg);
    Problems none;
    const auto again = read_yaml(written, "again.yaml", none);
    fuzz::require(none.empty());
    fuzz::require(to_yaml(again) == written);
    return 0;
}
