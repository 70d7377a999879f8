#pragma once
// When and where the tests of rules play.

#include "rules/facts.hpp"

namespace vg::rules {

inline const Time t0{Millis(1'700'000'000'000)};
inline const SubjectId site{wire::SubjectKind::site, "HA01"};

}  // namespace vg::rules
