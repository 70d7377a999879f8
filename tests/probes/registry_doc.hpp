#pragma once
// docs/probes.md as the registry and the fact table say it.

#include <string>

namespace vg::probes::testing {

[[nodiscard]] std::string registry_doc();

}  // namespace vg::probes::testing
