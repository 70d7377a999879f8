#include "probes/pinger.hpp"

#include "base/crypto.hpp"
#include "base/system_words.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace vg::probes {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::size_t burst = 64;  // echoes taken at once
// Echoes that are due within this time leave together: a wake-up costs as much as an echo.
constexpr auto tick = 10ms;
// While the next echo is due within this time nobody waits for arrivals: they carry their time with them.
constexpr auto soon = 20ms;
constexpr auto soon_at_leisure = 250ms;  // where nobody waits for one answer

class PingerService final : public asio::execution_context::service {
public:
    static inline asio::execution_context::id id;
    explicit PingerService(asio::io_context& io) : asio::execution_context::service(io), pinger(io) {}
    Pinger pinger;

private:
    // The sockets' own service is younger than this one and ends first.
    void shutdown() override { pinger.close(); }
};

}  // namespace

Pinger& Pinger::of(asio::io_context& io) { return asio::use_service<PingerService>(io).pinger; }

Pinger::Pinger(asio::io_context& io, SocketKind kind)
    : io_(io), kind_(kind), machine_(crypto::random_u64()), timer_(io) {}

Pinger::~Pinger() = default;

void Pinger::close() {
    for (auto& door : doors_) door.socket.reset();
}

Pinger::Waiter::Waiter(Pinger& pinger, RoundId round)
    : owner(pinger), round_id(round), done(pinger.io_, asio::steady_timer::time_point::max()) {
    owner.waiters_.emplace(round, this);
}

Pinger::Waiter::~Waiter() {
    owner.waiters_.erase(round_id);
    if (!result) owner.machine_.drop(round_id);
}

Result<void> Pinger::open_doors(const EchoPlan& plan) {
    for (const bool v6 : {false, true}) {
        auto& door = doors_[v6 ? 1 : 0];
        if (door.socket || std::none_of(plan.targets.begin(), plan.targets.end(),
                                        [v6](const Address& target) { return target.is_v6() == v6; }))
            continue;
        auto opened = IcmpSocket::open(io_, v6, kind_);
        if (!opened) return opened.error();
        door.socket = std::move(*opened);
    }
    return {};
}

asio::awaitable<Result<EchoRound>> Pinger::round(EchoPlan plan) {
    if (plan.targets.empty() || plan.count == 0) co_return EchoRound{std::move(plan), {}, {}};
    if (auto opened = open_doors(plan); !opened) co_return opened.error();
    Waiter waiter(*this, machine_.start(std::move(plan), std::chrono::steady_clock::now()));
    step();
    boost::system::error_code ended;
    if (!waiter.result) co_await waiter.done.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    if (!waiter.result) co_return fail(Errc::cancelled, say({"đã dừng", "stopped"}));
    co_return std::move(*waiter.result);
}

asio::awaitable<Result<Hop>> Pinger::hop_at(Address target, unsigned ttl, Instant deadline, unsigned interface_index) {
    EchoPlan plan;
    plan.targets = {target};
    plan.wait = std::max<Span>(deadline - std::chrono::steady_clock::now(), 0ns);
    plan.ttl = ttl;
    plan.interface_index = interface_index;
    struct Urgent {
        explicit Urgent(unsigned& n) : count(n) { ++count; }
        ~Urgent() { --count; }
        Urgent(const Urgent&) = delete;
        unsigned& count;
    };
    const Urgent urgent(urgent_);
    auto round = co_await this->round(std::move(plan));
    if (!round) co_return round.error();
    const auto& echo = round->echoes.front();
    switch (echo.state) {
        case EchoState::answered:
        case EchoState::expired:
        case EchoState::unreachable: co_return Hop{echo.from, echo.from == target, echo.rtt};
        case EchoState::not_sent: co_return fail(Errc::unavailable, round->refusal);
        case EchoState::waiting:
        case EchoState::lost: break;
    }
    co_return fail(Errc::timed_out,
                   say({"không ai trả lời ở chặng {} trên đường tới {}", "nobody answered {} hops towards {}"}, ttl,
                       target.to_string()));
}

void Pinger::step() {
    const auto now = std::chrono::steady_clock::now();
    receive();
    machine_.expire(now);
    send_due(now);
    hand_over();
    arm(now);
}

void Pinger::receive() {
    if (!machine_.is_waiting()) return;
    for (auto& door : doors_) {
        if (!door.socket) continue;
        arrivals_.clear();
        door.socket->receive(arrivals_);
        for (const auto& arrival : arrivals_) {
            if (arrival.what == EchoState::answered)
                machine_.on_reply(arrival.sequence, arrival.cookie, arrival.from, arrival.at);
            else
                machine_.on_report(arrival.what, arrival.sequence, arrival.target, arrival.from, arrival.at);
        }
    }
}

void Pinger::send_due(Instant now) {
    std::array<EchoMachine::Outgoing, burst> due;
    for (std::size_t taken = burst; taken == burst;) {
        taken = machine_.take_due(now, due);
        for (std::size_t i = 0; i < taken; ++i) doors_[due[i].target->is_v6() ? 1 : 0].out.push_back(due[i]);
        for (auto& door : doors_) send(door);
        if (taken > 0) last_send_ = now;
        if (taken == burst) receive();  // a long burst would overrun the socket's buffer
    }
}

void Pinger::send(Door& door) {
    if (door.out.empty()) return;
    dispatches_.clear();
    door.socket->send(door.out, dispatches_);
    for (std::size_t i = 0; i < dispatches_.size(); ++i) {
        const auto& [at, error] = dispatches_[i];
        if (error == 0)
            machine_.on_sent(door.out[i].sequence, at);
        else
            machine_.on_not_sent(
                door.out[i].sequence,
                say({"máy này không gửi được gói ICMP: {}; hãy kiểm tra địa chỉ IP và cổng mặc định của máy này",
                     "this machine cannot send the echo: {}; check its own address and default gateway"},
                    system_words(error)));
    }
    door.out.clear();
}

void Pinger::hand_over() {
    for (auto& [id, round] : machine_.take_finished()) {
        const auto waiter = waiters_.find(id);
        if (waiter == waiters_.end()) continue;
        waiter->second->result = std::move(round);
        waiter->second->done.cancel();
    }
}

void Pinger::arm(Instant now) {
    if (machine_.is_idle()) return rest();
    auto wake = machine_.next_send();
    const bool sends_soon = wake && *wake < now + (urgent_ > 0 ? soon : soon_at_leisure);
    if (wake) wake = std::max(*wake, last_send_ + tick);
    if (const auto expiry = machine_.next_expiry(); expiry && (!wake || *expiry < *wake))
        wake = sends_soon ? wake : expiry;
    if (wake && (!timer_set_ || *wake < *timer_set_)) {
        timer_set_ = wake;
        timer_.expires_at(*wake);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (error) return;  // set anew or at rest
            timer_set_.reset();
            step();
        });
    }
    if (sends_soon || !machine_.is_waiting()) return;
    for (auto& door : doors_) watch(door);
}

// Nothing stays behind that would keep the io_context busy.
void Pinger::rest() {
    if (timer_set_) timer_.cancel();
    timer_set_.reset();
    for (auto& door : doors_)
        if (door.is_watched) door.socket->descriptor().cancel();
}

void Pinger::watch(Door& door) {
    if (!door.socket || door.is_watched) return;
    door.is_watched = true;
    door.socket->descriptor().async_wait(asio::posix::stream_descriptor::wait_read,
                                         [this, &door](const boost::system::error_code& error) {
                                             door.is_watched = false;
                                             if (!error) step();
                                         });
}

}  // namespace vg::probes
