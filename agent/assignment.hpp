#pragma once
// What the agent has to watch and how it talks, as the collector gives it: YAML text that is kept on disk as it came.
// An assignment is taken whole or refused whole. Plain values; pure.

#include "base/problems.hpp"
#include "probes/probe.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace vg::agent {

// How an agent talks while a line of this kind is active.
struct Profile {
    Millis heartbeat{0};           // zero: none beyond the batches
    Millis seal{0};                // samples are sealed and sent this often
    std::uint64_t budget_day = 0;  // bytes on the wire, both ways; 0: no limit. Above it, samples wait
};

struct Profiles {
    Profile fibre{std::chrono::seconds{3}, std::chrono::seconds{30}, 0};
    Profile metered{Millis{0}, std::chrono::minutes{5}, 0};
};

struct ProbeTask {
    const probes::Kind* kind = nullptr;  // from the registry; never null in a valid assignment
    probes::Task task;
    Millis every{std::chrono::seconds{30}};
    Millis timeout{std::chrono::seconds{10}};
    Place place;
};

struct Assignment {
    std::string version;
    std::string site;
    Profiles profiles;
    std::vector<ProbeTask> probes;
};

// All problems at once; the result is to be used only when there are none. `file` names the text in problems.
[[nodiscard]] Assignment parse_assignment(std::string_view text, const std::string& file, Problems& problems);

}  // namespace vg::agent
