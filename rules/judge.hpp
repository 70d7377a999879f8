#pragma once
// Judges the expectations of a rule set against the fact base: only subjects that changed, one row fetch for all
// expressions of a kind of subject. Holds the last verdict of every (subject, expectation). One thread; it must not
// outlive its fact base.

#include "rules/coverage.hpp"
#include "rules/facts.hpp"
#include "rules/rule.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace vg::rules {

struct VerdictChange {
    const Expectation& rule;
    const SubjectId& subject;
    Verdict from = Verdict::not_applicable;  // not_applicable for one never judged
    Verdict to{};
    Time at{};             // of the newest change of the subject's facts; the time of judging where no fact changed
    std::string evidence;  // only when it is not met now
};

class Judge {
public:
    using Each = std::function<void(const VerdictChange&)>;

    // Prepares the statements; every subject will be judged at the next judge(). An expression that the linter accepted
    // does not fail here.
    [[nodiscard]] static Result<Judge> make(std::shared_ptr<const RuleSet> rules, FactBase& facts);

    // Judges what changed since the last call and tells each verdict that differs; of a subject that was never judged
    // every verdict, not_applicable too, so that a gap which was restored or whose rule changed can close. A removed
    // subject's verdicts become not_applicable. Does not expire facts: call FactBase::expire first.
    void judge(Time now, const Each& each);

    // Verdicts that stayed not met while the facts behind them changed are told again with what shows them now (from ==
    // to), each once however often it was judged since the last call; `most` at a time, the oldest first.
    void refresh(Time now, std::size_t most, const Each& each);

    [[nodiscard]] std::vector<std::pair<const Expectation*, Verdict>> verdicts(const SubjectId& subject) const;
    // Per expectation, over the subjects for which `in` is true (empty: all).
    [[nodiscard]] std::vector<Coverage> coverage(const std::function<bool(const SubjectId&)>& in = {}) const;
    [[nodiscard]] std::vector<Coverage> coverage_of_unit(const std::string& unit) const;
    // Expectations whose population is empty, or that failed while being judged, with a sentence each.
    [[nodiscard]] std::vector<std::pair<const Expectation*, Text>> idle() const;

    Judge(Judge&&) noexcept;
    Judge& operator=(Judge&&) noexcept;
    ~Judge();

private:
    struct Impl;
    explicit Judge(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace vg::rules
