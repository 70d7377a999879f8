#pragma once
// When each probe runs next. Every probe keeps to a grid of its period whose phase comes from a hash of agent and
// probe, so that a province's agents never knock at one second together and nothing drifts; a run that was missed
// (suspend, a busy machine) is skipped, not made up for. Pure: time comes as an argument.

#include "base/clock.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vg::agent {

struct Timed {
    std::string id;
    Millis every{};
};

class Schedule {
public:
    // The first run of each comes within its period and within 10 s of `now`; the later ones on the grid.
    Schedule(std::string_view agent_id, const std::vector<Timed>& probes, Mono now);

    struct Due {
        std::size_t index = 0;  // into the list given at the start
        Mono at{};              // the moment on the grid that this run stands for
    };
    [[nodiscard]] std::optional<Mono> next() const;  // nothing: no probes
    // What is due at `now`, in order of time; each is thereby planned anew.
    [[nodiscard]] std::vector<Due> take(Mono now);

private:
    struct Entry {
        Millis every{};
        Millis phase{};
        Mono due{};
    };
    std::vector<Entry> entries_;
};

// The first moment later than `after` on the grid phase + k·every.
[[nodiscard]] Mono next_on_grid(Mono after, Millis every, Millis phase);

// FNV-1a (64 bit) of the two texts, for spreading; not a secret.
[[nodiscard]] std::uint64_t spread_hash(std::string_view first, std::string_view second);

}  // namespace vg::agent
