#pragma once
// The gap tracker, one for expectations and detections (design §5): pending → open → (acknowledged) → closed, with hold
// and recover times, one gap per (rule, subject, discriminator), a cause when another gap explains it. Pure: time is an
// argument, storing and telling are the caller's. Used from one thread.

#include "rules/facts.hpp"
#include "rules/rule.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
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
    Time recorded{};                // when this was first written down; later than `opened` for late data
    Time detected{};                // when the collector first knew; never changes (incident clocks)
    std::optional<Time> met_since;  // open, but met again since then: closes `recover` later
    bool uncertain = false;         // the verdict is not known at present; the gap neither closes nor counts as met
    bool rewritten = false;         // late data changed this gap after it was first recorded
    std::int64_t cause = 0;         // id of the gap that explains it; 0: it stands for itself
    std::string evidence;           // short text
    Time evidence_at{};             // as of when it says that; the epoch: not kept (gaps of older versions)
    std::uint64_t count = 1;        // of detections folded into it
    std::string acknowledged_by;
};

// Something about a gap changed; `from` equals gap.state when it was not the state (uncertain, cause, count ...). A
// pending gap that ends before it opened goes pending → closed with `opened` empty; nobody was told of it.
struct Transition {
    Gap gap;          // as it is now
    GapState from{};  // pending for a new one
    bool is_new = false;
    Time at{};               // when it happened, in corrected time
    bool in_history = true;  // false: a step too small to be kept, the gap as it is now is enough
};

// What the tracker needs to know of a rule.
struct GapRule {
    wire::Severity severity = wire::Severity::medium;
    Millis hold{};
    Millis recover{};
    bool explains = false;
    bool detection = false;  // opens at once, closes after `recover` of quiet, has no cause
};
using GapRules = std::map<std::string, GapRule>;
[[nodiscard]] GapRules gap_rules(const RuleSet& rules);

struct Seen {  // a verdict about a subject that changed
    GapKey key;
    Verdict verdict{};
    Time at{};             // since when it holds (corrected time of the fact)
    Time now{};            // the collector's clock
    std::string evidence;  // only for not_met
};

struct Detected {  // events that a detection matched
    GapKey key;
    Time first{}, last{};     // corrected times of the events
    Time now{};               // the collector's clock
    std::uint64_t count = 1;  // events not told before
    std::string evidence;
};

struct VerdictAt {  // one step of a subject's history under one rule (rules/replay.hpp)
    std::string rule;
    Verdict verdict{};
    Time at{};
    std::string evidence;
};

class GapTracker {
public:
    // The subjects before this one on the way to the centre, nearest first (agent → its site → the site or unit that
    // its line hangs on ...). An open gap of an explaining rule there, or at the subject itself, is the cause.
    using Above = std::function<std::vector<SubjectId>(const SubjectId&)>;

    GapTracker(GapRules rules, Above above, std::int64_t next_id = 1);
    GapTracker(GapTracker&&) noexcept;
    GapTracker& operator=(GapTracker&&) noexcept;
    ~GapTracker();

    // The gaps that were not closed when the collector stopped; call before anything else.
    void restore(std::vector<Gap> gaps);
    // New rules: gaps whose rule has gone close.
    [[nodiscard]] std::vector<Transition> set_rules(GapRules rules, Time now);
    // Closes gaps whose subject the predicate does not know (after a restart or a new register).
    [[nodiscard]] std::vector<Transition> keep_subjects(const std::function<bool(const SubjectId&)>& exists, Time now);

    // What is due before `seen.at` happens first, so results do not depend on how often tick() is called.
    [[nodiscard]] std::vector<Transition> observe(const Seen& seen);
    [[nodiscard]] std::vector<Transition> detect(const Detected& detected);
    // What shows that it is not met is another now; the gap stays what it is. At most one such step an hour stands in
    // its history. Nothing: there is no such gap, or it says so already.
    [[nodiscard]] std::optional<Transition> refresh(const GapKey& key, const std::string& evidence, Time now);
    // The clock was put: other times for what waits for one (holds that run, and those that end them).
    void redate(const std::function<Time(Time)>& redated);
    [[nodiscard]] std::vector<Transition> tick(Time now);
    [[nodiscard]] Time next_due() const;  // Time::max(): nothing waits

    // Error(not_found), or Error(conflict) when it is not open.
    [[nodiscard]] Result<Transition> acknowledge(std::int64_t id, const std::string& who, Time now);

    // Late data: the verdicts of one subject over [from, to] as they would have been seen in time, against the gaps
    // that were recorded for it (closed ones from the store; open ones are the tracker's own). Gives what has to be
    // corrected: gaps that came and went unseen, and other times for known ones; each `rewritten`.
    [[nodiscard]] std::vector<Transition> rewrite(const SubjectId& subject, Time from, Time to,
                                                  const std::vector<VerdictAt>& verdicts,
                                                  const std::vector<Gap>& recorded, Time now);

    [[nodiscard]] const Gap* find(std::int64_t id) const;     // among those not closed
    [[nodiscard]] std::vector<Gap> gaps() const;              // not closed, in order of id
    [[nodiscard]] std::size_t behind(std::int64_t id) const;  // gaps that name this one as their cause
    [[nodiscard]] std::int64_t next_id() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vg::rules
