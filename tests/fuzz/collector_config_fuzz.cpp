// Any text as collector.yaml: problems with a sentence each, or values within their limits.
#include "collector/config.hpp"
#include "tests/fuzz/round_trip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    vg::Problems problems;
    const auto config = vg::collector::read_config({reinterpret_cast<const char*>(data), size}, "fuzz.yaml", problems);
    for (const auto& problem : problems.list()) vg::fuzz::require(problem.message.is_whole());
    if (!problems.empty()) return 0;
    vg::fuzz::require(!config.address.empty() && !config.data_dir.empty() && !config.names.empty());
    vg::fuzz::require(config.samples_kept_ms > 0 && config.events_kept_ms > 0);
    return 0;
}
