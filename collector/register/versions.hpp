#pragma once
// Every version of the register that was ever in force, with who and why, kept in the store. Used from the thread that
// owns the store; a sub-command in another process may add a version to the same file, which is why latest() is asked
// again and again and is cheap.

#include "collector/register/model.hpp"
#include "collector/store.hpp"

#include <memory>

namespace vg::collector::registry {

struct Version {
    std::string version;  // "3-1f2e3d4c": number and hash of the text
    Time at{};
    std::string who, why;
};

// Keeps the text as the newest version. The same text as the newest is not kept twice: its version is given back.
[[nodiscard]] Result<Version> keep(Store& store, const std::string& yaml_text, const std::string& who,
                                   const std::string& why, Time now);
[[nodiscard]] Result<std::vector<Version>> versions(Store& store);  // newest first
// The register in force, or null when none was ever kept.
[[nodiscard]] Result<std::shared_ptr<const Register>> load_latest(Store& store);
[[nodiscard]] Result<std::string> latest_version(Store& store);  // "" when none
[[nodiscard]] Result<std::string> text_of(Store& store, const std::string& version);

}  // namespace vg::collector::registry
