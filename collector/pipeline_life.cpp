// The pipeline's beginning, the passing of time, and what administrators change.

#include "base/log.hpp"
#include "collector/pipeline_state.hpp"
#include "collector/register/assignment.hpp"
#include "collector/register/subjects.hpp"

#include <algorithm>

namespace vg::collector {
namespace {

// After a long absence of the collector an agent tries again once a minute; then it has to connect.
constexpr Millis way_back = std::chrono::seconds(90);
constexpr Millis slow_every = std::chrono::seconds(15);
constexpr Millis tidy_every = std::chrono::seconds(5);
constexpr Millis evidence_every = std::chrono::seconds(5);
constexpr std::size_t evidence_at_once = 1'000;
constexpr std::chrono::milliseconds tidy_busy{60}, tidy_idle{150};

// Gaps that closed because what they were about is gone say so.
std::vector<rules::Transition> because(const Text& why, std::vector<rules::Transition> closed) {
    for (auto& transition : closed) {
        auto& evidence = transition.gap.evidence;
        if (transition.gap.state != rules::GapState::closed) continue;
        const auto was = rules::split_evidence(evidence);
        const auto put = [](const std::string& before, const std::string& after) {
            return before.empty() ? after : before + " (" + after + ")";
        };
        const auto ended = say({"đã đóng: {}", "closed: {}"}, why);
        evidence = rules::join_evidence({put(was.vi, ended.vi), put(was.en, ended.en)});
    }
    return closed;
}

Text left_the_register() { return say({"không còn trong danh mục", "no longer in the register"}); }

std::vector<registry::AgentSubject> subjects_of(const Agents& agents) {
    std::vector<registry::AgentSubject> out;
    for (const auto& [id, agent] : agents.all())
        if (!agent.enrolment.revoked) out.push_back({id, agent.enrolment.site, agent.enrolment.host});
    return out;
}

registry::Date day_of(Time now) {
    return registry::Date(std::chrono::floor<std::chrono::days>(now + std::chrono::hours(7)));
}

}  // namespace

Pipeline::Impl::Impl(Pipeline& the_owner, Parts the_parts, Counters& the_counters, Agents the_agents,
                     rules::FactBase the_facts, inventory::Inventory the_inventory)
    : owner(the_owner),
      parts(std::move(the_parts)),
      counters(the_counters),
      store(*parts.store),
      clock(*parts.clock),
      agents(std::move(the_agents)),
      facts(std::move(the_facts)),
      inventory(std::move(the_inventory)) {}

Pipeline::Pipeline(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Pipeline::~Pipeline() = default;

Result<std::unique_ptr<Pipeline>> Pipeline::make(Parts parts, Counters& counters) {
    auto agents = Agents::load(*parts.store);
    if (!agents) return agents.error();
    auto facts = rules::FactBase::make();
    if (!facts) return facts.error();
    auto inventory = inventory::Inventory::load(*parts.store);
    if (!inventory) return inventory.error();
    auto pipeline = std::unique_ptr<Pipeline>(new Pipeline(nullptr));
    pipeline->impl_ = std::make_unique<Impl>(*pipeline, std::move(parts), counters, std::move(*agents),
                                             std::move(*facts), std::move(*inventory));
    if (auto begun = pipeline->impl_->begin(); !begun) return begun.error();
    return pipeline;
}

// Agents that were heard get the time to find back before they are silent: it was the collector that was away.
void Pipeline::Impl::begin_facts(const std::vector<StoredFact>& latest, Time now) {
    std::map<std::string, Time> last_told;  // by each agent
    for (const auto& fact : latest)
        if (!fact.agent.empty()) last_told[fact.agent] = std::max(last_told[fact.agent], fact.confirmed);
    for (const auto& fact : latest) {
        if (fact.subject.kind == wire::SubjectKind::device) continue;
        (void)facts.set(fact.subject, fact.name, fact.value, fact.confirmed);
        if (fact.subject.kind != wire::SubjectKind::agent || fact.name != "heard") continue;
        auto* agent = agents.find(fact.subject.id);
        if (agent == nullptr || fact.value != wire::FactValue{true}) continue;
        agent->heard = true;
        const Time told = std::max(fact.confirmed, last_told[fact.subject.id]);
        agent->now.last_heard = std::min(std::max(agent->now.last_heard.value_or(told), told), now);
        presence.expect(fact.subject.id, now + way_back);
    }
}

// What was known when the collector stopped is known again, as old as it is.
Result<void> Pipeline::Impl::begin() {
    const Time now = clock.wall();
    if (!parts.posture) parts.posture = make_posture();
    register_day = day_of(now);
    if (auto put = registry::apply(*parts.reg, subjects_of(agents), register_day, facts); !put) return put;
    auto latest = store.latest_facts();
    if (!latest) return latest.error();
    if (auto done = begin_lives(*latest); !done) return done;
    ledger.load(*latest);
    if (auto done = begin_devices(*latest); !done) return done;
    begin_facts(*latest, now);
    auto rule = rules::Judge::make(parts.rules, facts);
    if (!rule) return rule.error();
    judge.emplace(std::move(*rule));
    auto next = store.next_gap_id();
    if (!next) return next.error();
    gaps.emplace(
        rules::gap_rules(*parts.rules), [this](const rules::SubjectId& s) { return above(s); }, *next);
    auto open = store.gaps(
        {.open = true, .closed = false, .rule = {}, .site = {}, .from = {}, .to = Time::max(), .limit = 1'000'000});
    if (!open) return open.error();
    gaps->restore(std::move(*open));
    correlator.emplace(parts.rules);
    const auto detected = replay_events(*correlator, now);
    if (!detected) return detected.error();
    if (auto done = note_late_again(*latest, now); !done) return done;
    Turn turn(now);
    if (auto done = detect_again(turn, *detected); !done) return done;
    track(turn, because(left_the_register(),
                        gaps->keep_subjects([this](const rules::SubjectId& s) { return facts.has(s); }, now)));
    for (const auto& site : parts.reg->sites) turn.presence.insert(site.id);
    count_presence(turn);
    if (auto done = commit(turn); !done) refuse(turn, done.error());
    learn(turn);
    update_facts(turn);
    judge_rules(turn);
    publish(turn);
    return {};
}

void Pipeline::tick(Time heard_until) {
    auto& s = *impl_;
    s.follow_clock();
    Turn turn(s.clock.wall());
    s.begin_day(turn);
    for (const auto& agent : s.presence.silent(std::min(turn.now, heard_until))) s.is_silent(turn, agent);
    for (const auto& agent : std::exchange(s.newcomers, {})) {
        turn.changes.agents.insert(agent);
        turn.presence.insert(s.agents.find(agent)->enrolment.site);
    }
    s.count_presence(turn);
    if (turn.now >= s.next_slow) {
        s.next_slow = turn.now + slow_every;
        s.derive_slowly(turn);
        s.hand_over_watch(turn);
    }
    s.sweep_devices(turn);
    s.derive_posture(turn);
    if (auto done = s.commit(turn); !done) s.refuse(turn, done.error());
    s.learn(turn);
    s.update_facts(turn);
    s.judge_rules(turn);
    s.judge_late(turn);
    s.track(turn, s.gaps->tick(turn.now));
    s.refresh_evidence(turn);
    s.publish(turn);
    if (auto posts = s.posts(turn); !posts.empty() && s.sender) s.sender(std::move(posts));
    s.tidy(turn.now);
}

// Units and sites begin and end with a day.
void Pipeline::Impl::begin_day(Turn& turn) {
    const auto day = day_of(turn.now);
    if (std::exchange(register_day, day) == day) return;
    if (auto put = registry::apply(*parts.reg, subjects_of(agents), day, facts); !put)
        return log::error("register", "what is valid today is not known: " + put.error().message);
    const auto exists = [this](const rules::SubjectId& subject) { return facts.has(subject); };
    track(turn, because(say({"không còn hiệu lực từ hôm nay", "not valid any more from today on"}),
                        gaps->keep_subjects(exists, turn.now)));
    for (const auto& site : parts.reg->sites) turn.presence.insert(site.id);
}

void Pipeline::Impl::refresh_evidence(Turn& turn) {
    if (turn.now < next_evidence) return;
    next_evidence = turn.now + evidence_every;
    judge->refresh(turn.now, evidence_at_once, [&](const rules::VerdictChange& change) {
        if (auto step = gaps->refresh({change.rule.id, change.subject, ""}, change.evidence, change.at))
            track(turn, {std::move(*step)});
    });
}

// In small steps between the turns: longer while nobody sends anything.
void Pipeline::Impl::tidy(Time now) {
    if (now < next_tidy || store_failing) return;
    const bool busy = std::exchange(batches_at_tidy, counters.batches.load()) != counters.batches;
    const auto until = std::chrono::steady_clock::now() + (busy ? tidy_busy : tidy_idle);
    for (;;) {
        const auto more = store.tidy(now);
        if (!more) log::warning("store", "housekeeping failed: " + more.error().message);
        counters.housekeeping_pending = !more || *more ? 1 : 0;
        if (!more || !*more) {
            next_tidy = now + tidy_every;
            return;
        }
        if (std::chrono::steady_clock::now() >= until) return;
    }
}

Store& Pipeline::store() { return impl_->store; }
rules::FactBase& Pipeline::facts() { return impl_->facts; }
rules::Judge& Pipeline::judge() { return *impl_->judge; }
rules::GapTracker& Pipeline::gaps() { return *impl_->gaps; }
Agents& Pipeline::agents() { return impl_->agents; }
const registry::Register& Pipeline::reg() const { return *impl_->parts.reg; }
const rules::RuleSet& Pipeline::rules() const { return *impl_->parts.rules; }
Clock& Pipeline::clock() { return impl_->clock; }
std::optional<Time> Pipeline::last_told(const rules::SubjectId& subject, const std::string& fact) const {
    const auto* held = impl_->ledger.find(subject, fact);
    return held != nullptr ? std::optional(held->confirmed) : std::nullopt;
}
void Pipeline::on_change(std::function<void(Pipeline&, const Changes&)> listener) {
    impl_->listener = std::move(listener);
}
void Pipeline::on_post(std::function<void(std::vector<Post>)> sender) { impl_->sender = std::move(sender); }

// Runs the end of a turn that no agent asked for.
Result<void> Pipeline::Impl::settle(Turn& turn) {
    count_presence(turn);
    auto done = commit(turn);
    if (!done) refuse(turn, done.error());
    learn(turn);
    update_facts(turn);
    judge_rules(turn);
    publish(turn);
    if (auto out = posts(turn); !out.empty() && sender) sender(std::move(out));
    return done;
}

Result<void> Pipeline::put_register(std::shared_ptr<const registry::Register> reg) {
    auto& s = *impl_;
    Turn turn(s.clock.wall());
    s.register_day = day_of(turn.now);
    if (auto put = registry::apply(*reg, subjects_of(s.agents), s.register_day, s.facts); !put) return put;
    s.parts.reg = std::move(reg);
    s.put_register_devices(turn);
    for (const auto& [id, connection] : s.connections) s.send_assignment(turn, id, connection.assignment_version);
    for (const auto& site : s.parts.reg->sites) turn.presence.insert(site.id);
    s.next_slow = s.next_sweep = {};
    const auto exists = [&](const rules::SubjectId& subject) { return s.facts.has(subject); };
    s.track(turn, because(left_the_register(), s.gaps->keep_subjects(exists, turn.now)));
    return s.settle(turn);
}

Result<void> Pipeline::put_rules(std::shared_ptr<const rules::RuleSet> rules) {
    auto& s = *impl_;
    Turn turn(s.clock.wall());
    rules::Correlator correlator(rules);
    if (const auto replayed = s.replay_events(correlator, turn.now); !replayed) return replayed.error();
    auto judge = rules::Judge::make(rules, s.facts);
    if (!judge) return judge.error();
    s.judge.emplace(std::move(*judge));
    s.parts.rules = std::move(rules);
    s.correlator.emplace(std::move(correlator));
    s.facts.mark_all_changed();
    s.derive_all_posture();  // the tables of support may be others, too
    s.track(turn, s.gaps->set_rules(rules::gap_rules(*s.parts.rules), turn.now));
    return s.settle(turn);
}

Result<void> Pipeline::enrolled(const Enrolment& enrolment) {
    auto& s = *impl_;
    if (auto kept = s.agents.keep(s.store, enrolment); !kept) return kept;
    const registry::AgentSubject subject{enrolment.id, enrolment.site, enrolment.host};
    if (auto put = s.facts.put_subject({wire::SubjectKind::agent, enrolment.id},
                                       registry::agent_columns(*s.parts.reg, subject));
        !put)
        return put;
    s.inventory.enrolled(enrolment);
    s.newcomers.push_back(enrolment.id);  // counted and judged with the next tick: a roll-out enrols thousands
    return {};
}

Result<void> Pipeline::revoke(const std::string& id) {
    auto& s = *impl_;
    auto* agent = s.agents.find(id);
    if (agent == nullptr) return fail(Errc::not_found, say({"không có trạm gác {}", "there is no agent {}"}, id));
    Turn turn(s.clock.wall());
    auto enrolment = agent->enrolment;
    enrolment.revoked = turn.now;
    if (auto kept = s.agents.keep(s.store, enrolment); !kept) return kept;
    agent->heard = false;
    (void)s.presence.gone(id);
    s.inventory.agent_alive(enrolment, false, turn.now);
    if (const auto at = s.connection_of.find(id); at != s.connection_of.end())
        s.disconnect(turn, at->second,
                     wire::Refuse{wire::RefuseCode::revoked_certificate, "this agent was revoked", std::nullopt, 0});
    s.facts.remove_subject({wire::SubjectKind::agent, id});
    const auto exists = [&](const rules::SubjectId& subject) { return s.facts.has(subject); };
    s.track(turn,
            because(say({"trạm gác đã bị thu hồi", "the agent was revoked"}), s.gaps->keep_subjects(exists, turn.now)));
    turn.presence.insert(enrolment.site);
    turn.changes.agents.insert(id);
    (void)s.settle(turn);
    return {};
}

Result<rules::Gap> Pipeline::acknowledge(std::int64_t id, const std::string& who, const std::string& note) {
    auto& s = *impl_;
    Turn turn(s.clock.wall());
    auto transition = s.gaps->acknowledge(id, who, turn.now);
    if (!transition) return transition.error();
    const auto gap = transition->gap;
    s.track(turn, {*transition});
    s.unwritten.back().note = note;
    s.publish(turn);
    return gap;
}

}  // namespace vg::collector
