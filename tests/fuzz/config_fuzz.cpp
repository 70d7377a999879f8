// Any text as the agent's configuration and as an assignment: problems with their places, or values within their
// limits.
#include "agent/assignment.hpp"
#include "agent/config.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace vg;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    Problems config_problems;
    const auto config = agent::parse_config(text, "fuzz.yaml", config_problems);
    if (config_problems.empty() && (config.collector.host.empty() || config.collector.port == 0)) std::abort();

    Problems problems;
    const auto assignment = agent::parse_assignment(text, "fuzz.yaml", problems);
    if (!problems.empty()) {
        for (const auto& problem : problems.list())
            if (!problem.message.is_whole()) std::abort();
        return 0;
    }
    for (const auto& probe : assignment.probes)
        if (probe.kind == nullptr || probe.task.id.empty() || probe.timeout > probe.every) std::abort();
    if (assignment.profiles.fibre.seal.count() <= 0) std::abort();
    return 0;
}
