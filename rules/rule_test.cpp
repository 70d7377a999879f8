#include "rules/rule_test.hpp"

#include "rules/gaps.hpp"
#include "rules/judge.hpp"
#include "rules/replay.hpp"
#include "rules/rule_scenario.hpp"
#include "rules/sigma.hpp"

#include <algorithm>
#include <map>

namespace vg::rules {
namespace {

// Plays one scenario through the same parts as the server, in its own time.
class Player {
public:
    Player(std::shared_ptr<const RuleSet> rules, const Scenario& scenario, FactBase facts)
        : rules_(std::move(rules)),
          scenario_(scenario),
          facts_(std::move(facts)),
          tracker_(gap_rules(*rules_), [this](const SubjectId& subject) { return above(subject); }),
          correlator_(rules_) {}

    Result<void> play(RuleTestReport& report) {
        for (const auto& [subject, columns] : scenario_.subjects)
            if (auto done = facts_.put_subject(subject, columns); done.has_error()) return done;
        auto judge = Judge::make(rules_, facts_);
        if (judge.has_error()) return judge.error();
        judge_ = std::make_unique<Judge>(std::move(*judge));

        std::vector<Time> moments;
        for (const auto& fact : scenario_.facts) moments.push_back(fact.arrives);
        for (const auto& event : scenario_.events) moments.push_back(event.arrives);
        for (const auto& check : scenario_.checks) moments.push_back(check.at);
        std::sort(moments.begin(), moments.end());
        moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
        for (const auto now : moments) {
            advance(now);
            if (auto done = arrive(now); done.has_error()) return done;
            for (const auto& check : scenario_.checks)
                if (check.at == now) run(check, report);
        }
        return {};
    }

private:
    std::vector<SubjectId> above(const SubjectId& subject) const {
        std::vector<SubjectId> out;
        const auto climb = [&](const SubjectId& from, std::string_view column, wire::SubjectKind kind) {
            const auto value = facts_.value(from, column);
            if (const auto* id = std::get_if<std::string>(&value)) out.push_back({kind, *id});
        };
        if (subject.kind != wire::SubjectKind::site && subject.kind != wire::SubjectKind::unit)
            climb(subject, "site", wire::SubjectKind::site);
        climb(out.empty() ? subject : SubjectId(out.back()), "unit", wire::SubjectKind::unit);
        return out;
    }

    void keep(const std::vector<Transition>& transitions) {
        for (const auto& transition : transitions) gaps_[transition.gap.id] = transition.gap;
    }

    void judge(Time now) {
        judge_->judge(now, [&](const VerdictChange& change) {
            keep(tracker_.observe({{change.rule.id, change.subject, {}}, change.to, change.at, now, change.evidence}));
        });
        keep(tracker_.tick(now));
    }

    // Everything that happens by itself until then: facts run out, holds end.
    void advance(Time until) {
        for (;;) {
            const Time next = std::min(facts_.next_expiry(), tracker_.next_due());
            if (next > until) return;
            facts_.expire(next);
            judge(next);
        }
    }

    Result<void> arrive(Time now) {
        std::map<SubjectId, Time> late;
        for (const auto& fact : scenario_.facts) {
            if (fact.arrives != now) continue;
            if (auto set = facts_.set(fact.subject, fact.name, fact.value, fact.at); set.has_error())
                return set.error();
            if (fact.at < now) {
                const auto [at, is_new] = late.try_emplace(fact.subject, fact.at);
                at->second = std::min(at->second, fact.at);
            }
        }
        facts_.expire(now);
        judge(now);
        for (const auto& [subject, from] : late)
            if (auto done = rewrite(subject, from, now); done.has_error()) return done;
        for (const auto& event : scenario_.events)
            if (event.arrives == now)
                for (const auto& detected : correlator_.feed(event.event, now)) keep(tracker_.detect(detected));
        return {};
    }

    Result<void> rewrite(const SubjectId& subject, Time from, Time now) {
        Past past{subject, {}, {}, from, now};
        for (const auto& [id, columns] : scenario_.subjects)
            if (id == subject) past.columns = columns;
        for (const auto& fact : scenario_.facts)
            if (fact.subject == subject && fact.arrives <= now) past.facts.push_back({fact.name, fact.value, fact.at});
        const auto verdicts = judge_past(rules_, past);
        if (verdicts.has_error()) return verdicts.error();
        std::vector<Gap> recorded;
        for (const auto& [id, gap] : gaps_)
            if (gap.key.subject == subject && gap.state == GapState::closed) recorded.push_back(gap);
        keep(tracker_.rewrite(subject, from, now, *verdicts, recorded, now));
        return {};
    }

    const Gap* latest(const ScenarioCheck& check) const {
        const Gap* found = nullptr;
        for (const auto& [id, gap] : gaps_)
            if (gap.key.rule == check.rule && gap.key.subject == check.subject &&
                (gap.state != GapState::closed || gap.opened) && (found == nullptr || gap.since >= found->since))
                found = &gap;
        return found;
    }

    void run(const ScenarioCheck& check, RuleTestReport& report) {
        ++report.checks;
        report.rules_named.insert(check.rule);
        const auto differs = [&](const char* what, const std::string& wanted, const Text& seen) {
            report.failures.add(check.place,
                                {"{}: {} với {}: cần {} là {}, thấy {}", "{}: {} on {}: expected {} {}, saw {}"},
                                scenario_.name, check.rule, check.subject.id, what, wanted, seen);
        };
        if (check.verdict) {
            std::string seen = "not_applicable";
            for (const auto& [rule, verdict] : judge_->verdicts(check.subject))
                if (rule->id == check.rule) seen = to_string(verdict);
            if (seen != *check.verdict) differs("verdict", *check.verdict, value_of(seen));
        }
        const Gap* gap = latest(check);
        const std::string state = gap == nullptr ? "none" : to_string(gap->state);
        if (check.gap && state != *check.gap) differs("gap", *check.gap, value_of(state));
        if (gap == nullptr) {
            if (check.since || check.opened || check.closed || check.count)
                report.failures.add(
                    check.place,
                    {"{}: {} với {}: cần một điểm chưa đạt, không thấy có", "{}: {} on {}: expected a gap, saw none"},
                    scenario_.name, check.rule, check.subject.id);
            return;
        }
        const auto time = [&](const char* what, const std::optional<Time>& wanted, const std::optional<Time>& seen) {
            if (wanted && wanted != seen)
                differs(what, to_iso(*wanted), seen ? value_of(to_iso(*seen)) : say({"không có gì", "nothing"}));
        };
        time("since", check.since, gap->since);
        time("opened", check.opened, gap->opened);
        time("closed", check.closed, gap->closed);
        if (check.count && *check.count != gap->count)
            differs("count", std::to_string(*check.count), value_of(gap->count));
        if (check.uncertain && *check.uncertain != gap->uncertain)
            differs("uncertain", *check.uncertain ? "true" : "false", value_of(gap->uncertain ? "true" : "false"));
        if (check.rewritten && *check.rewritten != gap->rewritten)
            differs("rewritten", *check.rewritten ? "true" : "false", value_of(gap->rewritten ? "true" : "false"));
        if (check.cause) {
            const auto cause = gaps_.find(gap->cause);
            const std::string seen = cause == gaps_.end() ? "none" : cause->second.key.rule;
            if (seen != *check.cause) differs("cause", *check.cause, value_of(seen));
        }
    }

    std::shared_ptr<const RuleSet> rules_;
    const Scenario& scenario_;
    FactBase facts_;
    GapTracker tracker_;
    Correlator correlator_;
    std::unique_ptr<Judge> judge_;
    std::map<std::int64_t, Gap> gaps_;  // as they were told last
};

}  // namespace

RuleTestReport run_rule_tests(const std::shared_ptr<const RuleSet>& rules, const std::vector<RuleFile>& tests,
                              Problems& problems) {
    RuleTestReport report;
    const auto run = [&](const yaml::Node& node) {
        const auto scenario = read_scenario(node, *rules, problems);
        if (!scenario) return;
        ++report.tests;
        auto facts = FactBase::make();
        auto played =
            facts.has_error() ? Result<void>(facts.error()) : Player(rules, *scenario, std::move(*facts)).play(report);
        if (played.has_error())
            report.failures.add(scenario->place, {"{}: không chạy được bài thử: {}", "{}: cannot be played: {}"},
                                scenario->name, played.error().message);
    };
    for (const auto& file : tests)
        for (const auto& document : yaml::parse(file.text, file.name, problems)) {
            if (document.kind == yaml::Kind::sequence)
                for (const auto& item : document.items) run(item);
            else if (document.kind != yaml::Kind::null)
                run(document);
        }
    return report;
}

}  // namespace vg::rules
