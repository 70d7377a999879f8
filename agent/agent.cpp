#include "agent/agent.hpp"

#include "agent/agent_impl.hpp"
#include "agent/platform/files.hpp"
#include "agent/platform/machine.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace vg::agent {
namespace {

using std::chrono::seconds;

constexpr Millis goodbye_patience = seconds{3};
constexpr Millis longest_goodbye = seconds{6};  // for those who wait for a connection or a disk

}  // namespace

Agent::Impl::Impl(boost::asio::io_context& io_, Clock& clock_, Config config_, Identity identity_, Spool spool_)
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
    host.welcomed = [this] {
        seal_at_time = std::min(seal_at_time, next_seal(clock.mono()));  // it was set for one who waits
        timer.cancel();
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
                    {"problems", cut(problems.text(Language::en), 2000)},
                    {"problems_vi", cut(problems.text(Language::vi), 2000)}});
        return false;
    }
    assignment_version = version.empty() ? assignment.version : version;
    std::erase_if(troubles, [&](const auto& trouble) {
        return std::ranges::none_of(assignment.probes, [&](const auto& p) { return p.task.id == trouble.first; });
    });
    manner.profiles = assignment.profiles;
    link.apply_manner();
    seal_at_time = next_seal(clock.mono());
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
                        {"finding", cut(damage->finding.en, 500)},
                        {"finding_vi", cut(damage->finding.vi, 500)}});
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
