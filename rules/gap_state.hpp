#pragma once
// The inside of the gap tracker, shared by gaps.cpp (the state machine), gap_causes.cpp and gap_rewrite.cpp; nobody
// else includes it.

#include "rules/gaps.hpp"

#include <set>
#include <unordered_map>

namespace vg::rules {

struct SubjectHash {
    std::size_t operator()(const SubjectId& subject) const noexcept {
        return std::hash<std::string>{}(subject.id) * 31 + static_cast<std::size_t>(subject.kind);
    }
};

// Gap ids by key. By subject first: a subject is judged under all rules in a row and nearly always has no gap, so one
// place in memory answers all of them.
class GapIndex {
public:
    [[nodiscard]] const std::int64_t* find(const GapKey& key) const {
        const auto of_subject = by_subject_.find(key.subject);
        if (of_subject == by_subject_.end()) return nullptr;
        const auto at = of_subject->second.find({key.rule, key.discriminator});
        return at == of_subject->second.end() ? nullptr : &at->second;
    }
    void put(const GapKey& key, std::int64_t id) { by_subject_[key.subject][{key.rule, key.discriminator}] = id; }
    void erase(const GapKey& key) {
        const auto of_subject = by_subject_.find(key.subject);
        if (of_subject == by_subject_.end()) return;
        of_subject->second.erase({key.rule, key.discriminator});
        if (of_subject->second.empty()) by_subject_.erase(of_subject);
    }

private:
    using OfSubject = std::map<std::pair<std::string, std::string>, std::int64_t>;  // rule, discriminator
    std::unordered_map<SubjectId, OfSubject, SubjectHash> by_subject_;
};

struct Track {
    Gap gap;
    Time due = Time::max();
    Time not_before{};             // after a time of not knowing: no state changes before
    std::vector<SubjectId> above;  // of an open gap
    Time noted{};                  // when its evidence last came into the history
};

struct GapTracker::Impl {
    GapRules rules;
    Above above;
    std::int64_t next_id = 1;
    Time clock{};  // the latest time that was told
    std::map<std::int64_t, Track> tracks;
    GapIndex by_key;
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
