#include "probes/uplink/uplink.hpp"

#include "base/beat.hpp"
#include "base/log.hpp"
#include "probes/pinger.hpp"
#include "probes/platform/rtnetlink.hpp"
#include "probes/resolve.hpp"
#include "probes/uplink/judge.hpp"
#include "probes/uplink/settings.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace vg::probes {
namespace {

using namespace uplink;
using wire::FactValue;
using wire::SubjectKind;

constexpr auto echo_patience = std::chrono::milliseconds(2000);  // no line answers later
constexpr auto resolve_patience = std::chrono::seconds(5);
constexpr auto resolve_again = std::chrono::seconds(10);

// What the children of one watch share: the judge, and the timer that wakes the loop.
struct Watch {
    Watch(Surroundings s, JudgeOptions options) : around(s), judge(std::move(options)), timer(s.io), retry(s.io) {}

    void poke() {
        poked = true;
        timer.cancel();
    }

    Surroundings around;
    Judge judge;
    asio::steady_timer timer, retry;
    asio::ip::address target;
    std::unique_ptr<NetworkWatch> network;
    Text complaint;  // why echoes cannot be sent
    unsigned children = 0;
    bool poked = false;
    bool stopping = false;
};
using Shared = std::shared_ptr<Watch>;

asio::awaitable<void> echo(Shared watch, EchoOrder order) {
    auto& pinger = Pinger::of(watch->around.io);
    const auto hop = co_await pinger.hop_at(watch->target, order.ttl, std::chrono::steady_clock::now() + echo_patience);
    if (hop) {
        watch->judge.answered(order.id, hop->address.to_string(), watch->around.clock.mono());
    } else {
        watch->judge.lost(order.id, watch->around.clock.mono());
        if (hop.error().code == Errc::permission) watch->complaint = told(hop.error());
    }
}

asio::awaitable<void> follow_network(Shared watch) {
    while (!watch->stopping) {
        if (auto now = watch->network->read())
            watch->judge.network(std::move(*now), watch->around.clock.mono());
        else
            log::warning("uplink", now.error().message);
        watch->poke();
        if (!co_await watch->network->changed()) co_return;
    }
}

asio::awaitable<void> find_target(Shared watch, std::string host) {
    while (!watch->stopping) {
        const auto found = co_await resolve(host, Family::any, std::chrono::steady_clock::now() + resolve_patience);
        if (found) {
            watch->target = found->front();
            watch->judge.found_target(watch->target.is_v6());
            co_return;
        }
        watch->retry.expires_after(resolve_again);
        boost::system::error_code ignored;
        co_await watch->retry.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

void start(const Shared& watch, asio::awaitable<void> child) {
    ++watch->children;
    asio::co_spawn(watch->around.io, std::move(child), [watch](std::exception_ptr error) {
        --watch->children;
        if (error) log::error("uplink", "a watch on the path ended by an exception");
        watch->poke();
    });
}

wire::Severity severity_of(const Judge::Change& change, const std::vector<Line>& lines) {
    const auto is_primary = std::any_of(lines.begin(), lines.end(),
                                        [&](const Line& line) { return line.primary && line.name == change.to.name; });
    if (is_primary || change.to.kind.empty()) return wire::Severity::info;
    return change.to.kind == "none" ? wire::Severity::medium : wire::Severity::low;
}

class UplinkWatcher final : public Watcher {
public:
    UplinkWatcher(const Task& task, Settings settings, Surroundings around)
        : id_(task.id), target_(task.target), settings_(std::move(settings)), around_(around) {}

    asio::awaitable<Result<void>> watch(Emit emit) override {
        auto network = watch_network(around_.io);
        if (!network) co_return network.error();
        watch_ = std::make_shared<Watch>(around_, settings_.judge);
        const auto watch = watch_;
        watch->network = std::move(*network);
        start(watch, follow_network(watch));
        if (!target_.empty()) start(watch, find_target(watch, target_));
        while (!watch->stopping) {
            const auto now = around_.clock.mono();
            for (const auto& order : watch->judge.due(now)) start(watch, echo(watch, order));
            tell(*watch, now, emit);
            co_await pause(*watch, now);
        }
        watch->network->cancel();
        while (watch->children > 0) co_await pause(*watch, around_.clock.mono());
        watch_.reset();
        co_return Result<void>{};
    }

    void stop() override {
        if (!watch_) return;
        watch_->stopping = true;
        watch_->retry.cancel();
        watch_->poke();
    }

private:
    asio::awaitable<void> pause(Watch& watch, Mono now) {
        if (std::exchange(watch.poked, false)) co_return;
        auto until = watch.judge.wake(now);
        if (told_at_) until = std::min(until, *told_at_ + refresh(watch));
        watch.timer.expires_at(shared_moment(std::max(Millis(1), until - now)));
        boost::system::error_code ignored;
        co_await watch.timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        watch.poked = false;
    }

    [[nodiscard]] Millis refresh(const Watch& watch) const {
        const auto& state = watch.judge.state();
        return state && state->metered ? settings_.metered_refresh : settings_.refresh;
    }

    void tell(Watch& watch, Mono now, const Emit& emit) {
        const auto change = watch.judge.check(now);
        if (!watch.judge.state()) return;
        if (!change && told_at_ && now - *told_at_ < refresh(watch)) return;
        wire::Observation o;
        o.probe = id_;
        // As early as the change happened, yet later than what was told before.
        o.at = change ? std::max(change->at, told_at_ ? *told_at_ + Millis(1) : change->at) : now;
        o.error = std::exchange(watch.complaint, {});
        add_facts(watch.judge, o);
        if (change && !change->first) o.events.push_back(event(*change));
        told_at_ = std::max(o.at, now);
        emit(std::move(o));
    }

    void add_facts(const Judge& judge, wire::Observation& o) const {
        const auto& state = *judge.state();
        const bool is_known = !state.kind.empty();
        o.facts.push_back({{SubjectKind::site, ""}, "active_uplink", is_known ? FactValue{state.kind} : FactValue{}});
        o.facts.push_back(
            {{SubjectKind::site, ""}, "active_uplink_name", is_known ? FactValue{state.name} : FactValue{}});
        for (const auto& line : judge.lines()) {
            o.facts.push_back({{SubjectKind::uplink, line.name},
                               "up",
                               line.up == Up::not_known ? FactValue{} : FactValue{line.up == Up::yes}});
            if (line.carrier) o.facts.push_back({{SubjectKind::uplink, line.name}, "carrier", *line.carrier});
        }
    }

    [[nodiscard]] wire::Event event(const Judge::Change& change) const {
        wire::Event e;
        e.kind = "uplink.changed";
        e.severity = severity_of(change, settings_.judge.lines);
        e.subject = {SubjectKind::site, ""};
        e.fields = {{"from", change.from.name},
                    {"to", change.to.name},
                    {"kind_from", change.from.kind},
                    {"kind_to", change.to.kind},
                    {"evidence", change.to.evidence}};
        e.at = change.at;
        return e;
    }

    std::string id_, target_;
    Settings settings_;
    Surroundings around_;
    Shared watch_;
    std::optional<Mono> told_at_;
};

std::unique_ptr<Watcher> make(const Task& task, Surroundings around, Problems& problems) {
    auto settings = read_settings(task, problems);
    if (!settings) return nullptr;
    return std::make_unique<UplinkWatcher>(task, std::move(*settings), around);
}

}  // namespace

Kind uplink_kind() {
    Kind kind;
    kind.name = "uplink";
    kind.vi = "Đường truyền nào đang được dùng và thuộc loại gì";
    kind.en = "Which line carries the traffic now, and of what kind";
    kind.target_help = "a far address, as the collector's; none: only this machine's own routes are looked at";
    kind.options = uplink::options();
    kind.make_watcher = make;
    return kind;
}

}  // namespace vg::probes
