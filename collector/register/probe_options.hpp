#pragma once
// Which probes agents have and what each takes, so that a mistake in the register is found here and not at forty
// agents. The collector does not know the probes themselves; a test holds this list against their registry. Static
// data; any thread.

#include "base/problems.hpp"
#include "base/yaml.hpp"

#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace vg::collector::registry {

struct ProbeOption {
    std::string_view probe, key;
    std::string_view form;  // as the registry of probes says it: "1..1000", "duration", "true|false", "text" ...
};

[[nodiscard]] std::span<const std::string_view> known_probe_kinds();
[[nodiscard]] std::span<const ProbeOption> known_probe_options();

// Unknown keys, and values that are not of the form. `node` is the mapping that the options stand in.
void check_probe_options(std::string_view probe, const std::vector<std::pair<std::string, yaml::Node>>& options,
                         const yaml::Node& node, Problems& problems);

}  // namespace vg::collector::registry
