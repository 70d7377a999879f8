#pragma once
// The gap tracker, one for expectations and detections (design §5): pending → open → (acknowledged) → closed, with hold
// and recover times, one gap per (rule, subject, discriminator), a cause when another gap explains it. Pure: time is an
// argument, storing and telling are the caller's. Used from one thread.

#include "rules/facts.hpp"
#include "rules/rule.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vg::rules {

enum class GapState : std::uint8_t {
    pending,       // not met, but shorter than hold: nobody is told yet
    open,          // not met for at least hold
    acknowledged,  // open, and a person has taken it
    closed,        // met for at least recover, or the subject or rule has gone
};
[[nodiscard]] const char* to_string(GapState state) noexcept;

struct GapKey {
    std::string rule;
    SubjectId subject;
    std::string discriminator;  // empty for expectations; a source address for a detection ...
    auto operator<=>(const GapKey&) const = default;
};

struct Gap {
    std::int64_t id = 0;  // unique for ever, given by the tracker
    GapKey key;
    GapState state = GapState::pending;
    wire::Severity severity = wire::Severity::medium;
    Time since{};                // when it began to be not met (corrected time of the fact)
    std::optional<Time> opened;  // since + hold
    std::optional<Time> closed;
    Time recorded{};          // when this was first written down; later than `opened` for late data
    Time detected{};          // when the collector first knew; never changes (incident clocks)
    bool uncertain = false;   // the verdict is not known at present; the gap neither closes nor counts as met
    bool rewritten = false;   // late data changed this gap after it was first recorded
    std::int64_t cause = 0;   // id of the gap that explains it; 0: it stands for itself
    std::string evidence;     // short text
    std::uint64_t count = 1;  // of detections folded into it
    std::string acknowledged_by;
};

struct Transition {
    Gap gap;          // as it is now
    GapState from{};  // pending for a new one
    bool is_new = false;
};

}  // namespace vg::rules
