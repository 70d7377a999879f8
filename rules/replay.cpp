#include "rules/replay.hpp"

#include "rules/judge.hpp"

#include <algorithm>

namespace vg::rules {

Result<std::vector<VerdictAt>> judge_past(const std::shared_ptr<const RuleSet>& rules, const Past& past) {
    auto facts = FactBase::make();
    if (facts.has_error()) return facts.error();
    if (auto done = facts->put_subject(past.subject, past.columns); done.has_error()) return done.error();
    auto judge = Judge::make(rules, *facts);
    if (judge.has_error()) return judge.error();

    std::vector<VerdictAt> out;
    const Judge::Each collect = [&](const VerdictChange& change) {
        out.push_back({change.rule.id, change.to, std::max(change.at, past.from), change.evidence});
    };
    // Facts that run out before `until` do so at their own times.
    const auto let_expire = [&](Time until) {
        for (Time next = facts->next_expiry(); next <= until; next = facts->next_expiry()) {
            facts->expire(next);
            if (next >= past.from) judge->judge(next, collect);
        }
    };
    auto history = past.facts;
    std::stable_sort(history.begin(), history.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    bool begun = false;
    for (std::size_t i = 0; i < history.size() && history[i].at <= past.to;) {
        const Time at = history[i].at;
        if (!begun && at > past.from) {
            let_expire(past.from);
            judge->judge(past.from, collect);
            begun = true;
        }
        let_expire(at);
        for (; i < history.size() && history[i].at == at; ++i)
            if (auto set = facts->set(past.subject, history[i].name, history[i].value, at); set.has_error())
                return set.error();
        if (begun) judge->judge(at, collect);
    }
    if (!begun) {
        let_expire(past.from);
        judge->judge(past.from, collect);
    }
    let_expire(past.to);
    return out;
}

}  // namespace vg::rules
