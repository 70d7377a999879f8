// What the probes told, on its way to the disk: at once, batched, or kept back while the disk takes nothing.
#include "agent/agent_impl.hpp"
#include "agent/platform/machine.hpp"
#include "agent/schedule.hpp"
#include "base/beat.hpp"
#include "base/log.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cmath>

namespace vg::agent {
namespace {

using std::chrono::seconds;

// Samples rest in memory so long at most: a synced commit is the dearest thing that the agent does.
constexpr Millis flush_after = seconds{8};
constexpr Millis flush_beat = seconds{3};  // with the heartbeats and the echoes
constexpr std::uint64_t seal_at = 20'000;  // samples, whatever the time
constexpr Millis seal_offline = std::chrono::minutes{5};
constexpr Millis thrift_period = std::chrono::minutes{5};
constexpr Millis disk_patience = seconds{30};  // between tries while the disk takes nothing

}  // namespace

void Agent::Impl::send_event(std::string kind, wire::Severity severity,
                             std::vector<std::pair<std::string, std::string>> fields) {
    const wire::Event event{std::move(kind), severity, {}, std::move(fields), clock.mono()};
    keep_events(std::span(&event, 1));
}

// True when the spool took it. Trouble with the disk is told once, when it begins and when it ends.
bool Agent::Impl::note(const Result<void>& done) {
    if (done.has_error()) {
        disk_again = clock.mono() + disk_patience;
        if (!std::exchange(disk_told, true)) log::error("spool", done.error().message);
        return false;
    }
    if (std::exchange(disk_told, false)) log::info("spool", "the disk takes data again");
    return true;
}

void Agent::Impl::keep_events(std::span<const wire::Event> events) {
    if (events.empty()) return;
    auto done = spool.append_events(events);
    if (note(done)) return link.wake();
    flush_at = std::min(flush_at, disk_again);  // they rest in memory
    timer.cancel();
}

void Agent::Impl::keep_facts(std::span<const wire::TimedFact> facts) {
    if (facts.empty()) return;
    auto done = spool.append_facts(facts);
    const bool kept = note(done);
    facts_unkept = facts_unkept || !kept;
    if (kept) link.wake();
}

void Agent::Impl::keep_lists(const wire::Observation& observation) {
    auto done = spool.append_lists(observation);
    const bool kept = note(done);
    facts_unkept = facts_unkept || !kept;
    if (kept && *done) link.wake();
}

// What was told and is lost, here or at the collector, is told anew; nobody else would do so for what never changes.
void Agent::Impl::tell_all_if_lost() {
    if (!spool.take_facts_lost() && !facts_unkept) return;
    facts_unkept = false;
    gate.forget();
    runner.tell_all();
}

void Agent::Impl::follow_line(const wire::Observation& observation) {
    const auto change = line.note(observation);
    if (change == LineWatch::Change::none) return;
    if (change == LineWatch::Change::profile) {
        manner.line = line.line_class();
        runner.set_metered(manner.line == LineClass::metered);
        link.apply_manner();
        seal_at_time = std::min(seal_at_time, clock.mono() + seal_period());
        timer.cancel();
        log::info("link",
                  "the " + std::string(to_string(manner.line)) + " profile applies: the active line is " + line.kind());
    }
    link.line_changed();
}

void Agent::Impl::take_trouble(const wire::Observation& observation) {
    const auto known = troubles.find(observation.probe);
    if (known == troubles.end() && observation.error.empty()) return;
    auto& told = known != troubles.end() ? known->second : troubles[observation.probe];
    if (told == observation.error) return;
    const bool ended = observation.error.empty();
    if (!ended) log::warning("probe", observation.probe + ": " + observation.error.en);
    const auto& problem = ended ? told : observation.error;
    send_event(ended ? "probe.recovered" : "probe.failed", wire::Severity::low,
               {{"probe", observation.probe}, {"problem", problem.en}, {"problem_vi", problem.vi}});
    told = observation.error;
}

void Agent::Impl::take(wire::Observation observation) {
    take_trouble(observation);
    std::erase_if(observation.samples, [](const wire::Sample& sample) { return !std::isfinite(sample.value); });
    spool.add_samples(observation.at, observation.samples);
    keep_events(observation.events);
    keep_facts(gate.pass(observation));
    keep_lists(observation);
    follow_line(observation);
    if (spool.has_unflushed() && flush_at == Mono::max()) {
        flush_at = next_beat(clock.mono() + flush_after, flush_beat);
        timer.cancel();
    }
}

Millis Agent::Impl::seal_period() const {
    const auto period = manner.profile().seal;
    return link.is_connected() ? period : std::max(period, seal_offline);
}

// Agents seal at moments of their own, so that a province does not speak at once.
Mono Agent::Impl::next_seal(Mono after) const {
    const auto period = seal_period();
    const auto phase = spread_hash(identity.agent_id, "seal") % static_cast<std::uint64_t>(period.count());
    return next_on_grid(after, period, Millis{static_cast<std::int64_t>(phase)});
}

void Agent::Impl::flush() {
    const auto seq = spool.next_seq();
    flush_at = Mono::max();
    if (!note(spool.flush())) flush_at = disk_again;
    if (spool.next_seq() != seq) link.wake();  // events had rested, too
}

void Agent::Impl::seal(bool last) {
    if (last || spool.unsealed() > 0) {
        auto sealed = spool.seal_samples();
        if (note(sealed)) flush_at = spool.has_unflushed() ? clock.mono() : Mono::max();
    }
    tell_all_if_lost();
    keep_facts(gate.take_waiting(clock.mono(), manner.profile().seal));
    if (const auto lost = spool.take_unspooled(); lost > 0)
        send_event("spool.lost", wire::Severity::medium, {{"items", std::to_string(lost)}, {"reason", "disk_full"}});
    spool.set_note("bytes_today", bytes.text());
    link.wake();
    if (clock.mono() >= thrift_at) {
        platform::give_back_memory();
        thrift_at = clock.mono() + thrift_period;
    }
}

asio::awaitable<void> Agent::Impl::keep() {
    while (!stopping) {
        const auto now = clock.mono();
        if (now >= flush_at) flush();
        if (now >= seal_at_time || spool.unsealed() >= seal_at) {
            seal(false);
            seal_at_time = next_seal(now);
        }
        timer.expires_at(shared_moment(std::max(std::min(flush_at, seal_at_time) - clock.mono(), Millis{1})));
        boost::system::error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

}  // namespace vg::agent
