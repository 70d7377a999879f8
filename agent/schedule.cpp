#include "agent/schedule.hpp"

#include <algorithm>

namespace vg::agent {

using std::chrono::seconds;

std::uint64_t spread_hash(std::string_view first, std::string_view second) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    const auto mix = [&](std::uint8_t byte) { hash = (hash ^ byte) * 0x100000001b3U; };
    for (const char c : first) mix(static_cast<std::uint8_t>(c));
    mix(0);
    for (const char c : second) mix(static_cast<std::uint8_t>(c));
    // FNV's low bits are weak for short texts; one round of a finaliser mixes them (MurmurHash3's).
    hash ^= hash >> 33;
    hash *= 0xff51afd7ed558ccdU;
    hash ^= hash >> 33;
    return hash;
}

Mono next_on_grid(Mono after, Millis every, Millis phase) {
    const auto since = after.time_since_epoch() - phase;
    auto steps = since / every;
    if (since.count() < 0 && since % every != Millis{0}) --steps;
    return Mono{phase + (steps + 1) * every};
}

Schedule::Schedule(std::string_view agent_id, const std::vector<Timed>& probes, Mono now) {
    for (const auto& probe : probes) {
        const auto hash = spread_hash(agent_id, probe.id);
        Entry entry;
        entry.every = std::max(probe.every, Millis{1});
        entry.phase = Millis{static_cast<std::int64_t>(hash % static_cast<std::uint64_t>(entry.every.count()))};
        const auto soon = std::min<Millis>(entry.every, seconds{10});
        entry.due = now + Millis{static_cast<std::int64_t>((hash >> 20) % static_cast<std::uint64_t>(soon.count()))};
        entries_.push_back(entry);
    }
}

std::optional<Mono> Schedule::next() const {
    const auto first = std::ranges::min_element(entries_, {}, &Entry::due);
    return first == entries_.end() ? std::nullopt : std::optional(first->due);
}

std::vector<Schedule::Due> Schedule::take(Mono now) {
    std::vector<Due> due;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        auto& entry = entries_[i];
        if (entry.due > now) continue;
        due.push_back({i, entry.due});
        entry.due = next_on_grid(now, entry.every, entry.phase);
        // A first run just before a point of the grid stands for that point as well.
        if (entry.due - now < entry.every / 4) entry.due += entry.every;
    }
    std::ranges::stable_sort(due, {}, &Due::at);
    return due;
}

}  // namespace vg::agent
