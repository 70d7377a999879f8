#pragma once
// Joins a handful of witnesses into records: the strongest link first, never across a contradiction or a pin. Pure;
// used by the identity engine for the part of the world that a change touches.

#include "collector/inventory/identity.hpp"

#include <utility>

namespace vg::collector::inventory {

inline constexpr double keeps = 0.005;  // what a link that stands is ahead of an equal one

struct Edge {
    std::size_t a = 0, b = 0;  // into the list of witnesses
    Link link;                 // `to` is empty
};

struct Apart {  // pins, by place in the list of witnesses
    std::vector<std::size_t> left, right;
};

struct Cluster {
    std::vector<std::size_t> members;  // the strongest first
    std::vector<Link> links;           // beside members; the first has none (score 0)
};

// Is `a` the one to name the record after, rather than `b`?
[[nodiscard]] bool is_stronger(const Witness& a, const Witness& b);

[[nodiscard]] std::vector<Cluster> join(const std::vector<const Witness*>& witnesses, std::vector<Edge> edges,
                                        const std::vector<Apart>& apart, Time now);

}  // namespace vg::collector::inventory
