#pragma once
// Why a verdict is not known: what the rule reads and nobody tells now, who should, when it was last told, and, where
// it is known, what has to be done for it to be told.

#include "collector/api/call.hpp"
#include "rules/rule.hpp"

namespace vg::collector::api {

[[nodiscard]] json::array lacking(Call& call, const rules::Expectation& rule, const rules::SubjectId& subject);

}  // namespace vg::collector::api
