#pragma once
// The one sender of echoes of a process: one socket a family, all rounds together, arrivals by kernel time stamps.
// Belongs to an io_context, is made at first use and goes with it; used from its thread.

#include "probes/echo.hpp"
#include "probes/icmp_socket.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <map>
#include <memory>
#include <vector>

namespace vg::probes {

struct Hop {
    Address address;         // who answered
    bool is_target = false;  // the target itself, not a router on the way
    Span rtt{};
};

class Pinger {
public:
    [[nodiscard]] static Pinger& of(boost::asio::io_context& io);

    explicit Pinger(boost::asio::io_context& io, SocketKind kind = SocketKind::any);
    ~Pinger();
    Pinger(const Pinger&) = delete;
    Pinger& operator=(const Pinger&) = delete;

    void close();  // its sockets, when the io_context ends

    // Runs a round to its end, which comes at the latest plan.wait after the last echo. An Error only when no socket
    // is allowed; a target that does not answer is part of the round. Cancelled by the coroutine's slot.
    [[nodiscard]] boost::asio::awaitable<Result<EchoRound>> round(EchoPlan plan);

    // Who is `ttl` hops away on the way to the target (RFC 792 time exceeded): the router there or the target itself.
    // Errc::timed_out when nobody said so by the deadline, Errc::unavailable when there is no route.
    [[nodiscard]] boost::asio::awaitable<Result<Hop>> hop_at(Address target, unsigned ttl, Instant deadline,
                                                             unsigned interface_index = 0);

private:
    struct Door {  // one family's socket
        std::unique_ptr<IcmpSocket> socket;
        bool is_watched = false;
        std::vector<EchoMachine::Outgoing> out;
    };
    struct Waiter {
        Waiter(Pinger& owner, RoundId round);
        ~Waiter();
        Waiter(const Waiter&) = delete;
        Waiter& operator=(const Waiter&) = delete;
        Pinger& owner;
        RoundId round_id;
        boost::asio::steady_timer done;
        std::optional<EchoRound> result;
    };
    [[nodiscard]] Result<void> open_doors(const EchoPlan& plan);
    void step();
    void receive();
    void send_due(Instant now);
    void send(Door& door);
    void hand_over();
    void arm(Instant now);
    void watch(Door& door);
    void rest();

    boost::asio::io_context& io_;
    SocketKind kind_;
    EchoMachine machine_;
    std::array<Door, 2> doors_;  // IPv4, IPv6
    boost::asio::steady_timer timer_;
    std::optional<Instant> timer_set_;
    Instant last_send_{};
    unsigned urgent_ = 0;  // rounds whose answers are waited for
    std::map<RoundId, Waiter*> waiters_;
    std::vector<EchoArrival> arrivals_;
    std::vector<EchoDispatch> dispatches_;
};

}  // namespace vg::probes
