// The page to read first: what becomes of what the agents sent, top to bottom.

#include "collector/pipeline.hpp"

#include "base/log.hpp"
#include "collector/pipeline_state.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace vg::collector {

std::vector<Post> Pipeline::turn(std::vector<Delivery> group) {
    impl_->follow_clock();
    Turn turn(impl_->clock.wall());
    for (auto& delivery : group) std::visit([&](auto& what) { impl_->take(turn, delivery, what); }, delivery.what);

    impl_->derive_hop(turn);
    impl_->count_presence(turn);

    if (auto durable = impl_->commit(turn); durable)
        impl_->acknowledge(turn);  // the agents may delete what we have
    else
        impl_->refuse(turn, durable.error());  // they keep it, and we forget it
    impl_->learn(turn);                        // who is who among the devices
    impl_->update_facts(turn);                 // what is known now
    impl_->judge_rules(turn);                  // met, not met, not known
    impl_->detect(turn);                       // what the events mean
    impl_->publish(turn);                      // write the gaps down, tell everybody who looks
    return impl_->posts(turn);
}

// One durable transaction for the whole group. An error changed nothing, neither on disk nor in memory.
Result<void> Pipeline::Impl::commit(Turn& turn) {
    auto& c = turn.commit;
    unwritten_facts.append_to(c.facts);
    for (const auto& agent : turn.losses) c.documents.push_back(Agents::losses(*agents.find(agent), turn.now));
    if (c.series.empty() && c.batches.empty() && c.events.empty() && c.facts.empty() && c.documents.empty()) return {};
    const auto begun = std::chrono::steady_clock::now();
    auto done = store.commit(c);
    const auto took = std::chrono::steady_clock::now() - begun;
    if (done) {
        counters.commits++;
        counters.commit_microseconds +=
            static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count());
        for (const auto& batch : c.batches) counters.samples += batch.samples;
        counters.batches += c.batches.size();
        counters.events += c.events.size();
        if (store_failing) log::info("store", "writing works again");
        store_failing = false;
        unwritten_facts.clear();
        ledger.keep();
    } else {
        counters.commit_failures++;
        if (!store_failing)
            log::error("store", "nothing can be written, agents keep their data: " + done.error().message);
        store_failing = true;
        ledger.rollback();
        tables.forget();
        chains.clear();
        for (const auto& agent : turn.losses) agents.reload_losses(store, agent);
    }
    return done;
}

void Pipeline::Impl::acknowledge(Turn& turn) {
    for (auto& [id, answer] : turn.answers)
        if (!answer.acks.empty())
            answer.replies.emplace_back(
                wire::Ack{std::move(answer.acks), answer.offset.at_zero_ms, answer.offset.error_ms});
}

void Pipeline::Impl::refuse(Turn& turn, const Error& error) {
    const std::string sentence = "the collector cannot write now (" + error.message + "); keep the data";
    for (auto& [id, answer] : turn.answers) {
        for (const auto seq : answer.acks)
            answer.replies.emplace_back(wire::Refuse{wire::RefuseCode::store_unavailable, sentence, seq, 10'000});
        if (const auto from = connections.find(id); from != connections.end() && !answer.acks.empty())
            from->second.owed = answer.acks.front();
    }
    // What the collector saw itself nobody will tell again: it stays, and is written with the next commit.
    std::erase_if(turn.news, [](const FactNews& news) { return !news.agent.empty(); });
    for (const auto& news : turn.news)
        for (auto& stored : ledger.weigh(news, turn.now)) unwritten_facts.add(std::move(stored));
    ledger.keep();
    turn.commit = {};
}

// Facts in the order of their times; where one changes twice in a turn, the state between is judged, too.
void Pipeline::Impl::update_facts(Turn& turn) {
    std::stable_sort(turn.news.begin(), turn.news.end(),
                     [](const FactNews& a, const FactNews& b) { return a.at < b.at; });
    std::map<rules::SubjectId, Time> since_judged;
    for (const auto& news : turn.news) {
        const auto subject = subject_of(news.subject);
        if (const auto found = since_judged.find(subject); found != since_judged.end() && found->second != news.at) {
            judge_rules(turn);
            since_judged.clear();
        }
        if (!set_fact(subject, news)) continue;
        since_judged.emplace(subject, news.at);
        if (auto site = site_of(subject); !site.empty()) turn.changes.sites.insert(std::move(site));
    }
    facts.expire(turn.now);
}

void Pipeline::Impl::judge_rules(Turn& turn) {
    judge->judge(turn.now, [&](const rules::VerdictChange& change) {
        track(turn, gaps->observe({.key = {change.rule.id, change.subject, ""},
                                   .verdict = change.to,
                                   .at = change.at,
                                   .now = turn.now,
                                   .evidence = change.evidence}));
    });
}

void Pipeline::Impl::detect(Turn& turn) {
    for (const auto& event : turn.commit.events)
        for (const auto& detected : correlator->feed(seen(event), turn.now)) track(turn, gaps->detect(detected));
}

void Pipeline::Impl::track(Turn& turn, std::vector<rules::Transition> transitions) {
    for (auto& t : transitions) {
        auto site = site_of(t.gap.key.subject);
        if (!site.empty()) turn.changes.sites.insert(site);
        turn.changes.gaps.push_back(t);
        unwritten.push_back({std::move(t), std::move(site), {}});
    }
}

// Gaps, and who is who, follow from what is durable already: when they cannot be written now they wait, and after a
// restart they are found again by the same judging.
void Pipeline::Impl::publish(Turn& turn) {
    auto documents = inventory.take_documents();
    std::move(documents.begin(), documents.end(), std::back_inserter(unwritten_documents));
    if (!unwritten.empty() || !unwritten_documents.empty()) {
        Commit commit;
        commit.gaps = unwritten;
        commit.documents = unwritten_documents;
        if (auto done = store.commit(commit)) {
            unwritten.clear();
            unwritten_documents.clear();
        } else
            log::warning("store", "gaps wait to be written: " + done.error().message);
    }
    auto& changes = turn.changes;
    changes.events = turn.commit.events;
    const bool any =
        !changes.gaps.empty() || !changes.sites.empty() || !changes.agents.empty() || !changes.events.empty();
    if (any && listener) listener(owner, changes);
}

std::vector<Post> Pipeline::Impl::posts(Turn& turn) {
    std::vector<Post> out;
    for (auto& [id, answer] : turn.answers)
        if (!answer.replies.empty()) out.push_back({std::move(answer.mailbox), std::move(answer.replies)});
    return out;
}

}  // namespace vg::collector
