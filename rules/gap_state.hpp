#pragma once
// The inside of the gap tracker, shared by gaps.cpp (the state machine), gap_causes.cpp and gap_rewrite.cpp; nobody
// else includes it.

#include "rules/gaps.hpp"

#include <set>
#include <unordered_map>

namespace vg::rules {

struct GapKeyHash {
    std::size_t operator()(const GapKey& key) const noexcept {
        const std::hash<std::string> hash;
        auto out = hash(key.subject.id) * 31 + static_cast<std::size_t>(key.subject.kind);
        out = out * 31 + hash(key.rule);
        return key.discriminator.empty() ? out : out * 31 + hash(key.discriminator);
    }
};

struct Track {
    Gap gap;
    Time due = Time::max();
    Time not_before{};             // after a time of not knowing: no state changes before
    std::vector<SubjectId> above;  // of an open gap
};

struct GapTracker::Impl {
    GapRules rules;
    Above above;
    std::int64_t next_id = 1;
    Time clock{};  // the latest time that was told
    std::map<std::int64_t, Track> tracks;
    std::unordered_map<GapKey, std::int64_t, GapKeyHash> by_key;
    std::set<std::pair<Time, std::int64_t>> dues;
    std::map<SubjectId, std::set<std::int64_t>> below;       // open gaps at or behind a subject
    std::map<SubjectId, std::set<std::int64_t>> explaining;  // open gaps of explaining rules
    std::map<std::int64_t, std::set<std::int64_t>> effects;  // by cause

    // Detection gaps that closed lately, so that events which come late join the burst that they belong to.
    std::map<GapKey, std::vector<Gap>> past;

    using Out = std::vector<Transition>;

    const GapRule& rule(const GapKey& key) const;
    Track* find(const GapKey& key);
    Track& add(const GapKey& key, Time since, Time now);
    void forget(std::int64_t id);
    void plan(Track& track);

    // The one function that changes a gap's state.
    void go(Track& track, GapState to, Time at, Out& out);
    void tell(const Track& track, GapState from, Time at, Out& out, bool is_new = false) const;
    void run_until(Time time, Out& out);
    void apply(const Seen& seen, Time at, Out& out);
    void extend(Track& track, const Detected& detected, Time last, Out& out);
    bool fold_into_past(const Detected& detected, Time last, Out& out);
    void remember(const Gap& gap);
    void reconcile(Track* live, std::vector<Gap> known, std::vector<Gap> right, Time from, Time to, Time now, Out& out);

    void opened(Track& track, Time at, Out& out);  // indexes and causes of a gap that came into the open
    void closed(Track& track, Time at, Out& out);
    [[nodiscard]] std::int64_t cause_of(const Track& track) const;
    bool set_cause(Track& track, std::int64_t cause);
    void link(Track& track);
};

}  // namespace vg::rules
