#pragma once
// What a device probably is, from what it tells. Pure.

#include "wire/observation.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace vg::collector::inventory {

// `fact` gives a column of the view `device`; monostate: not known. The answer is pc, server, router, switch, printer,
// camera, ups, ap, phone, nvr, or "" where nothing tells.
using FactOf = std::function<wire::FactValue(std::string_view name)>;
[[nodiscard]] std::string guess_kind(bool has_agent, const FactOf& fact);

}  // namespace vg::collector::inventory
