#pragma once
// When the collector's tests play, in milliseconds since 1970.

#include "base/clock.hpp"

namespace vg::collector::test {

inline constexpr std::int64_t noon = 1'795'000'000'000;  // some day in 2026
inline constexpr std::int64_t day = 86'400'000;

inline Time at(std::int64_t ms) { return Time{Millis{ms}}; }

}  // namespace vg::collector::test
