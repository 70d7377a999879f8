#include "collector/clock_step.hpp"

#include "base/log.hpp"
#include "collector/pipeline_state.hpp"

#include <algorithm>
#include <utility>

namespace vg::collector {
namespace {

constexpr Millis least_step = std::chrono::seconds(2);

}  // namespace

Time ClockStep::redated(Time at) const {
    const bool is_of_the_old_clock = at <= before && (by() > Millis{0} || at > now);
    return is_of_the_old_clock ? at + by() : std::min(at, now);
}

std::optional<ClockStep> ClockWatch::look(Time wall, Mono mono) {
    const auto last = std::exchange(last_, Seen{wall, mono});
    if (!last) return std::nullopt;
    const ClockStep step{last->wall + (mono - last->mono), wall};
    if (std::chrono::abs(step.by()) < least_step) return std::nullopt;
    return step;
}

void Pipeline::Impl::follow_clock() {
    const auto step = clock_watch.look(clock.wall(), clock.mono());
    if (!step) return;
    log::warning("clock", "the wall clock was put " + std::string(step->by() > Millis{0} ? "forward" : "back") +
                              " by " + std::to_string(std::abs(step->by().count()) / 1000) + " s");
    const auto redated = [&](Time at) { return step->redated(at); };
    presence.shift(step->by());
    ledger.redate(redated);
    facts.redate(redated);
    gaps->redate(redated);
    late.redate(redated);
    for (auto& [site, gone] : dark)
        for (auto& veiled : gone.veiled) veiled.at = redated(veiled.at);
    hop = {};
    for (auto& [id, connection] : connections) {
        connection.clock.shift(step->by());
        connection.last_frame = redated(connection.last_frame);
        if (auto& heard = agents.find(connection.agent)->now.last_heard) heard = redated(*heard);
    }
    next_slow = next_sweep = next_tidy = next_evidence = {};
}

}  // namespace vg::collector
