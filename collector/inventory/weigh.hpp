#pragma once
// How much two witnesses speak for being one device, and what rules it out. Pure.

#include "collector/inventory/identity.hpp"

namespace vg::collector::inventory {

inline constexpr double enough = 0.75;                      // from here on two witnesses are one device
inline constexpr Millis overlap = std::chrono::minutes(5);  // two agents that live together longer are two machines
inline constexpr std::size_t common = 16;                   // a signal that more witnesses share tells nothing

struct Weight {
    double score = 0;
    std::vector<Reason> reasons;  // strongest first
};

[[nodiscard]] Weight weigh(const Witness& a, const Witness& b);
// Can these never be one device? Contradicting serials or engines, two agents alive at the same time.
[[nodiscard]] bool excludes(const Witness& a, const Witness& b, Time now);
// Do they carry one identity although they are two: the same installation or board, or all that would make them one
// if they did not live together (two agents on one machine)?
[[nodiscard]] bool is_clone(const Witness& a, const Witness& b);
// Signals of this kind bring witnesses together; the others only add to what is together.
[[nodiscard]] bool attracts(SignalKind kind);

}  // namespace vg::collector::inventory
