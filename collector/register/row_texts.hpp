#pragma once
// A register's rows as the lines of its YAML, for comparing two registers. Pure.

#include "collector/register/model.hpp"

#include <map>
#include <string>

namespace vg::collector::registry {

// By what a row is known by: a site's id, "SITE/NAME", "SITE/ID" of a service.
struct RowTexts {
    std::map<std::string, std::string> sites, uplinks, services, devices;
};
[[nodiscard]] RowTexts row_texts(const Register& reg);

}  // namespace vg::collector::registry
