#include "agent/agent.hpp"

#include "agent/fact_gate.hpp"
#include "agent/link.hpp"
#include "agent/platform/files.hpp"
#include "agent/platform/machine.hpp"
#include "agent/runner.hpp"
#include "agent/schedule.hpp"
#include "base/beat.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace vg::agent {
namespace {

using std::chrono::seconds;

// Samples rest in memory so long at most: a synced commit is the dearest thing that the agent does.
constexpr Millis flush_after = seconds{8};
constexpr Millis flush_beat = seconds{3};  // with the heartbeats and the echoes
constexpr std::uint64_t seal_at = 20'000;  // samples, whatever the time
constexpr Millis seal_offline = std::chrono::minutes{5};
constexpr Millis goodbye_patience = seconds{3};
constexpr Millis longest_goodbye = seconds{6};  // for those who wait for a connection or a disk
constexpr Millis thrift_period = std::chrono::minutes{5};
constexpr Millis disk_patience = seconds{30};  // between tries while the disk takes nothing

}  // namespace

struct Agent::Impl : std::enable_shared_from_this<Agent::Impl> {
    Impl(boost::asio::io_context& io_, Clock& clock_, Config config_, Identity identity_, Spool spool_)
        : io(io_),
          clock(clock_),
          config(std::move(config_)),
          identity(std::move(identity_)),
          spool(std::move(spool_)),
          timer(io_),
          child_ended(io_),
          host{spool, clock, bytes, manner, "vonggac-agent " VONGGAC_VERSION, platform::host_name(), {}, {}, {}, {}},
          link(io_, {config.collector, config.expected_name()}, host, [this]() -> const Identity& { return identity; }),
          runner(io_, clock_, {.agent_id = identity.agent_id, .state_dir = config.state_dir},
                 [this](wire::Observation o) { take(std::move(o)); }) {}

    boost::asio::io_context& io;
    Clock& clock;
    Config config;
    Identity identity;
    Spool spool;
    ByteCount bytes;
    Manner manner;
    LineWatch line;
    FactGate gate;
    asio::steady_timer timer, child_ended;
    std::size_t children = 0;  // parts of the agent that run
    SessionHost host;
    Link link;
    Runner runner;
    std::string assignment_version;
    std::map<std::string, Text> troubles;  // of each probe that cannot look now
    Mono flush_at = Mono::max(), seal_at_time{}, disk_again{};
    Mono thrift_at{};
    bool stopping = false, stopped = false, disk_told = false, facts_unkept = false;
    std::string reason;

    void wire_up();
    void load_assignment();
    bool adopt(const std::string& text, const std::string& version, const std::string& file);
    void take_assignment(const wire::Assignment& message);
    void take(wire::Observation observation);
    void take_trouble(const wire::Observation& observation);
    void follow_line(const wire::Observation& observation);
    void send_event(std::string kind, wire::Severity severity, std::vector<std::pair<std::string, std::string>> fields);
    void keep_events(std::span<const wire::Event> events);
    void keep_facts(std::span<const wire::TimedFact> facts);
    void keep_lists(const wire::Observation& observation);
    void tell_all_if_lost();
    void flush();
    void seal(bool last);
    bool note(const Result<void>& done);
    [[nodiscard]] Millis seal_period() const;
    asio::awaitable<void> keep();
    asio::awaitable<void> work();
    asio::awaitable<void> say_goodbye();
};

void Agent::Impl::wire_up() {
    host.began = clock.mono();
    host.assignment_version = [this] { return assignment_version; };
    host.take_assignment = [this](const wire::Assignment& message) { take_assignment(message); };
    host.renewal_due = [this]() -> std::optional<wire::Renew> {
        const auto zero = spool.boot().corrected_at_zero_ms;  // asked only when it is there
        if (!zero || Time{Millis{*zero} + clock.mono().time_since_epoch()} < identity.renew_at()) return std::nullopt;
        auto renew = begin_renewal(config.state_dir, identity.agent_id);
        if (renew.has_value()) return *renew;
        log::warning("identity", renew.error().message);
        return std::nullopt;
    };
    host.take_certificate = [this](const wire::Certificate& certificate) {
        auto fresh = finish_renewal(config.state_dir, certificate);
        if (fresh.has_error()) {
            log::warning("identity", "the new certificate is of no use: " + fresh.error().message);
            return;
        }
        identity = std::move(*fresh);
        log::info("identity", "a new key and certificate are in use until " + to_iso(identity.not_after));
    };
}

bool Agent::Impl::adopt(const std::string& text, const std::string& version, const std::string& file) {
    Problems problems;
    const auto assignment = parse_assignment(text, file, problems);
    if (!problems.empty() || !runner.adopt(assignment, problems)) {
        log::warning("assignment", "refused, the old one stays in force:\n" + problems.text(Language::en));
        send_event("agent.assignment_refused", wire::Severity::medium,
                   {{"version", version},
                    {"problems", std::string(cut(problems.text(Language::en), 2000))},
                    {"problems_vi", std::string(cut(problems.text(Language::vi), 2000))}});
        return false;
    }
    assignment_version = version.empty() ? assignment.version : version;
    std::erase_if(troubles, [&](const auto& trouble) {
        return std::ranges::none_of(assignment.probes, [&](const auto& p) { return p.task.id == trouble.first; });
    });
    manner.profiles = assignment.profiles;
    link.apply_manner();
    seal_at_time = next_on_grid(clock.mono(), seal_period(),
                                Millis{static_cast<std::int64_t>(spread_hash(identity.agent_id, "seal") %
                                                                 static_cast<std::uint64_t>(seal_period().count()))});
    timer.cancel();
    log::info("assignment", std::to_string(assignment.probes.size()) + " probes, version " + assignment_version);
    return true;
}

void Agent::Impl::load_assignment() {
    const auto text = platform::read_file(config.path("assignment.yaml"));
    if (text.has_error()) {
        if (text.error().code != Errc::not_found) log::warning("assignment", text.error().message);
        return;
    }
    adopt(*text, {}, "assignment.yaml");
}

void Agent::Impl::take_assignment(const wire::Assignment& message) {
    if (!message.version.empty() && message.version == assignment_version) return;
    if (!adopt(message.yaml, message.version, "assignment")) return;
    if (auto done = platform::write_file(config.path("assignment.yaml"), message.yaml); done.has_error())
        log::warning("assignment", done.error().message);
}

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
    if (note(done.has_error() ? Result<void>(done.error()) : Result<void>())) return link.wake();
    flush_at = std::min(flush_at, disk_again);  // they rest in memory
    timer.cancel();
}

void Agent::Impl::keep_facts(std::span<const wire::TimedFact> facts) {
    if (facts.empty()) return;
    auto done = spool.append_facts(facts);
    const bool kept = note(done.has_error() ? Result<void>(done.error()) : Result<void>());
    facts_unkept = facts_unkept || !kept;
    if (kept) link.wake();
}

void Agent::Impl::keep_lists(const wire::Observation& observation) {
    auto done = spool.append_lists(observation);
    const bool kept = note(done.has_error() ? Result<void>(done.error()) : Result<void>());
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

void Agent::Impl::flush() {
    const auto seq = spool.next_seq();
    flush_at = Mono::max();
    if (!note(spool.flush())) flush_at = disk_again;
    if (spool.next_seq() != seq) link.wake();  // events had rested, too
}

void Agent::Impl::seal(bool last) {
    if (last || spool.unsealed() > 0) {
        auto sealed = spool.seal_samples();
        if (note(sealed.has_error() ? Result<void>(sealed.error()) : Result<void>()))
            flush_at = spool.has_unflushed() ? clock.mono() : Mono::max();
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
            const auto period = seal_period();
            seal_at_time = next_on_grid(now, period,
                                        Millis{static_cast<std::int64_t>(spread_hash(identity.agent_id, "seal") %
                                                                         static_cast<std::uint64_t>(period.count()))});
        }
        timer.expires_at(shared_moment(std::max(std::min(flush_at, seal_at_time) - clock.mono(), Millis{1})));
        boost::system::error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

asio::awaitable<void> Agent::Impl::say_goodbye() {
    log::info("agent", "stopping: " + reason);
    runner.stop();
    seal(true);
    send_event("agent.stopping", wire::Severity::info, {{"reason", reason}});
    spool.set_note("ended", reason);
    (void)note(spool.settle());
    link.stop(reason, goodbye_patience);
    co_return;
}

asio::awaitable<void> Agent::Impl::work() {
    const auto own = shared_from_this();
    const auto child = [own](const std::exception_ptr& fault) {
        if (fault) log::error("agent", "a part of the agent failed");
        --own->children;
        own->child_ended.cancel();
    };
    children = 2;
    asio::co_spawn(io, runner.run(), child);
    asio::co_spawn(io, link.run(), child);
    co_await keep();
    co_await say_goodbye();
    for (const auto by = clock.mono() + longest_goodbye; children > 0 && clock.mono() < by;) {
        child_ended.expires_after(by - clock.mono());
        boost::system::error_code ignored;
        co_await child_ended.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    (void)note(spool.settle());
    stopped = true;
    io.stop();
}

Agent::Agent(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Agent::~Agent() = default;

Result<std::unique_ptr<Agent>> Agent::make(boost::asio::io_context& io, Clock& clock, Config config,
                                           Identity identity) {
    auto spool = Spool::open({config.path("spool.db"), config.spool_max_bytes}, clock);
    if (spool.has_error()) return spool.error();
    auto impl = std::make_shared<Impl>(io, clock, std::move(config), std::move(identity), std::move(*spool));
    impl->wire_up();
    return std::unique_ptr<Agent>(new Agent(std::move(impl)));
}

void Agent::start() {
    auto& own = *impl_;
    own.bytes.restore(own.spool.note("bytes_today"));
    const auto ended = own.spool.note("ended");
    own.spool.set_note("ended", "killed");  // until a stop says otherwise
    // As another agent, perhaps at another collector: nobody there knows what the old one told.
    if (own.spool.note("agent_id") != own.identity.agent_id) own.spool.forget_lists();
    own.spool.set_note("agent_id", own.identity.agent_id);
    if (const auto& damage = own.spool.damage(); damage) {
        log::error("spool", "was damaged and is set aside as " + damage->set_aside + ": " + damage->finding.en);
        own.send_event("spool.lost", wire::Severity::high,
                       {{"reason", "damaged"},
                        {"epoch", damage->epoch ? std::to_string(*damage->epoch) : "unknown"},
                        {"next_seq", std::to_string(damage->next_seq)},
                        {"finding", std::string(cut(damage->finding.en, 500))},
                        {"finding_vi", std::string(cut(damage->finding.vi, 500))}});
    }
    own.send_event(
        "agent.started", wire::Severity::info,
        {{"version", VONGGAC_VERSION}, {"boot_id", own.clock.boot_id()}, {"before", ended.empty() ? "first" : ended}});
    own.thrift_at = own.clock.mono() + std::chrono::seconds{20};
    own.load_assignment();
    asio::co_spawn(own.io, own.work(), [own_ptr = impl_](const std::exception_ptr& fault) {
        if (fault) {
            log::error("agent", "the agent failed");
            own_ptr->io.stop();
        }
    });
}

void Agent::stop(std::string reason) {
    if (impl_->stopping) {
        impl_->io.stop();  // asked twice: now
        return;
    }
    impl_->stopping = true;
    impl_->reason = std::move(reason);
    impl_->timer.cancel();
}

bool Agent::is_stopped() const { return impl_->stopped; }

}  // namespace vg::agent
