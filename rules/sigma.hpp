#pragma once
// Sigma detections (docs/rules.md lists the subset): rules compiled once into one matcher, indexed by kind of event and
// by field equality, so rules that do not match cost next to nothing; correlations count at the events' own times.
// SigmaRules is immutable and may be shared; a Correlator belongs to one thread.

#include "rules/gaps.hpp"
#include "rules/rule.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace vg::rules {

// An event as the collector knows it.
struct SeenEvent {
    std::string kind;  // "login.failed"
    wire::Severity severity = wire::Severity::info;
    SubjectId subject;  // global
    std::string agent, site;
    std::vector<std::pair<std::string, std::string>> fields;
    Time at{};  // corrected
};

// Feeds events, gives detections for the gap tracker. Events may come late and in any order: a burst while the line
// was cut is found when the data arrives, with its own times. After a restart feed again, as of its arrival, whatever
// arrived within the last `memory()`: the answers are those of before.
class Correlator {
public:
    explicit Correlator(std::shared_ptr<const RuleSet> rules);
    [[nodiscard]] std::vector<Detected> feed(const SeenEvent& event, Time now);
    [[nodiscard]] Millis memory() const;  // for so long after its arrival an event may be joined by others

    Correlator(Correlator&&) noexcept;
    Correlator& operator=(Correlator&&) noexcept;
    ~Correlator();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vg::rules
