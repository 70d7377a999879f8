#pragma once
// How another register comes into force, whichever door it came through: what it changes is told, and where enrolled
// agents would lose their site somebody has to be sure. The register in force stays where it is refused.

#include "collector/import_report.hpp"
#include "collector/register/versions.hpp"

#include <optional>
#include <string>

namespace vg::collector {

struct RegisterWish {
    std::string text;  // YAML, as it will be kept
    std::string who, why;
    bool is_sure = false;
};

struct RegisterImport {
    ImportReport report;
    std::optional<registry::Version> kept;  // nothing: the report tells why it wants somebody who is sure
};

// `now` is what the text says, `before` the register in force. Whoever runs the pipeline puts `now` there afterwards.
[[nodiscard]] Result<RegisterImport> import_register(Store& store, const registry::Register& before,
                                                     const registry::Register& now, const RegisterWish& wish, Time at);

}  // namespace vg::collector
