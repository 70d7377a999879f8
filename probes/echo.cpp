#include "probes/echo.hpp"

#include <algorithm>

namespace vg::probes {
namespace {

// Some in-flight numbers stay free, so that a free one is found at once.
constexpr std::size_t most_in_flight = 60000;

// A link-local address carries its interface in one place and not in the other.
bool same_host(const Address& a, const Address& b) {
    if (a.is_v6() && b.is_v6()) return a.to_v6().to_bytes() == b.to_v6().to_bytes();
    return a == b;
}

}  // namespace

RoundId EchoMachine::start(EchoPlan plan, Instant now) {
    const auto id = ++last_round_;
    auto& running = running_[id];
    running.start = now;
    const auto total = plan.targets.size() * plan.count;
    running.round.plan = std::move(plan);
    running.round.echoes.resize(total);
    running.sent.resize(total);
    return id;
}

void EchoMachine::drop(RoundId round) {
    running_.erase(round);
    std::erase_if(in_flight_, [round](const auto& entry) { return entry.second.round == round; });
}

Instant EchoMachine::due(const Running& running) {
    const auto& plan = running.round.plan;
    const auto targets = plan.targets.size();
    const auto turn_length = std::max(plan.interval, plan.pace * static_cast<std::int64_t>(targets));
    const auto turn = static_cast<std::int64_t>(running.next / targets);
    return running.start + turn * turn_length + static_cast<std::int64_t>(running.next % targets) * plan.pace;
}

std::uint64_t EchoMachine::cookie_of(RoundId round, std::size_t echo) const {
    // SplitMix64's finaliser over a counter: distinct for every echo, meaningless without the secret.
    std::uint64_t x = secret_ + (round << 24) + echo;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

std::uint16_t EchoMachine::free_sequence() {
    do ++last_sequence_;
    while (in_flight_.contains(last_sequence_));
    return last_sequence_;
}

std::size_t EchoMachine::take_due(Instant now, std::span<Outgoing> out) {
    std::size_t taken = 0;
    for (auto& [id, running] : running_) {
        const auto& plan = running.round.plan;
        while (taken < out.size() && running.next < running.sent.size() && in_flight_.size() < most_in_flight &&
               due(running) <= now) {
            const auto echo = running.next++;
            const auto sequence = free_sequence();
            running.sent[echo] = {now, sequence};
            in_flight_.emplace(sequence, Flight{id, echo});
            out[taken++] = {sequence, cookie_of(id, echo), &plan.targets[echo % plan.targets.size()], plan.payload,
                            plan.ttl, plan.interface_index};
        }
    }
    return taken;
}

EchoMachine::Running* EchoMachine::find(std::uint16_t sequence, std::size_t& echo) {
    const auto flight = in_flight_.find(sequence);
    if (flight == in_flight_.end()) return nullptr;
    echo = flight->second.echo;
    const auto running = running_.find(flight->second.round);
    return running == running_.end() ? nullptr : &running->second;
}

void EchoMachine::decide(Running& running, std::size_t echo, EchoState state, Span rtt, const Address& from) {
    in_flight_.erase(running.sent[echo].sequence);
    running.round.echoes[echo] = {state, rtt, from};
    ++running.decided;
}

void EchoMachine::on_sent(std::uint16_t sequence, Instant at) {
    std::size_t echo = 0;
    if (auto* running = find(sequence, echo)) running->sent[echo].at = at;
}

void EchoMachine::on_not_sent(std::uint16_t sequence, Text why) {
    std::size_t echo = 0;
    if (auto* running = find(sequence, echo)) {
        running->round.refusal = std::move(why);
        decide(*running, echo, EchoState::not_sent, {}, {});
    }
}

void EchoMachine::on_reply(std::uint16_t sequence, std::uint64_t cookie, const Address& from, Instant at) {
    const auto flight = in_flight_.find(sequence);
    if (flight == in_flight_.end()) return;
    const auto [id, number] = flight->second;
    if (cookie != cookie_of(id, number)) return;
    std::size_t echo = 0;
    auto* running = find(sequence, echo);
    const auto& plan = running->round.plan;
    if (!same_host(from, plan.targets[echo % plan.targets.size()])) return;
    decide(*running, echo, EchoState::answered, std::max(Span{0}, at - running->sent[echo].at), from);
}

void EchoMachine::on_report(EchoState what, std::uint16_t sequence, const Address& quoted_target, const Address& from,
                            Instant at) {
    std::size_t echo = 0;
    auto* running = find(sequence, echo);
    if (!running) return;
    const auto& plan = running->round.plan;
    if (!same_host(quoted_target, plan.targets[echo % plan.targets.size()])) return;
    decide(*running, echo, what, std::max(Span{0}, at - running->sent[echo].at), from);
}

void EchoMachine::expire(Instant now) {
    for (auto& [id, running] : running_) {
        const auto wait = running.round.plan.wait;
        for (; running.oldest < running.next; ++running.oldest) {
            if (running.round.echoes[running.oldest].state != EchoState::waiting) continue;
            if (running.sent[running.oldest].at + wait > now) break;
            decide(running, running.oldest, EchoState::lost, {}, {});
        }
    }
}

std::optional<Instant> EchoMachine::next_send() const {
    std::optional<Instant> next;
    for (const auto& [id, running] : running_)
        if (running.next < running.sent.size() && (!next || due(running) < *next)) next = due(running);
    return next;
}

std::optional<Instant> EchoMachine::next_expiry() const {
    std::optional<Instant> next;
    for (const auto& [id, running] : running_) {
        auto first = running.oldest;
        while (first < running.next && running.round.echoes[first].state != EchoState::waiting) ++first;
        if (first == running.next) continue;
        const auto at = running.sent[first].at + running.round.plan.wait;
        if (!next || at < *next) next = at;
    }
    return next;
}

std::vector<EchoMachine::Finished> EchoMachine::take_finished() {
    std::vector<Finished> out;
    for (auto at = running_.begin(); at != running_.end();) {
        if (at->second.decided < at->second.sent.size()) {
            ++at;
            continue;
        }
        out.push_back({at->first, std::move(at->second.round)});
        at = running_.erase(at);
    }
    return out;
}

}  // namespace vg::probes
