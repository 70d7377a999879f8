#pragma once
// Echo rounds as a pure machine: which echo is due, what an arrival means, what is lost. No socket and no clock of its
// own: instants are arguments. Owned by the Pinger, used from one thread.

#include "base/result.hpp"

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace vg::probes {

using Address = boost::asio::ip::address;
using Instant = std::chrono::steady_clock::time_point;
using Span = std::chrono::nanoseconds;
using RoundId = std::uint64_t;

// What a round is: every target gets its first echo, then every target its second, and so on.
struct EchoPlan {
    std::vector<Address> targets;
    unsigned count = 1;            // echoes to each target
    Span interval{};               // at least this between two echoes to one target
    Span pace{};                   // and this between any two echoes of the round
    Span wait{};                   // for the answer of each echo
    unsigned payload = 16;         // bytes of data in an echo, 8 to 1400
    unsigned ttl = 0;              // 1 to 255; 0: the system's
    unsigned interface_index = 0;  // leave by this interface; 0: as the routes say
};

enum class EchoState : std::uint8_t {
    waiting,      // not yet decided
    answered,     // echo reply
    lost,         // nothing came in time
    expired,      // a router on the way answered time exceeded
    unreachable,  // a router or the target answered unreachable
    not_sent,     // the system refused to send it
};

struct Echo {
    EchoState state = EchoState::waiting;
    Span rtt{};    // answered and expired
    Address from;  // who answered; unspecified when nobody did
};

struct EchoRound {
    EchoPlan plan;
    std::vector<Echo> echoes;  // [turn * targets + target]
    Text refusal;              // why the system refused to send, if it did

    [[nodiscard]] const Echo& echo(std::size_t target, unsigned turn) const {
        return echoes[turn * plan.targets.size() + target];
    }
};

class EchoMachine {
public:
    // `secret` marks our echoes, so that an answer cannot be guessed.
    explicit EchoMachine(std::uint64_t secret) : secret_(secret) {}

    RoundId start(EchoPlan plan, Instant now);
    void drop(RoundId round);  // nobody waits for it any more

    // An echo to be sent; the target points into the round's plan: valid until the round is taken or dropped.
    struct Outgoing {
        std::uint16_t sequence = 0;
        std::uint64_t cookie = 0;  // first bytes of the data
        const Address* target = nullptr;
        unsigned payload = 0, ttl = 0, interface_index = 0;
    };
    // Fills `out` with echoes that are due; returns how many. Each is followed by on_sent or on_not_sent.
    std::size_t take_due(Instant now, std::span<Outgoing> out);
    void on_sent(std::uint16_t sequence, Instant at);
    void on_not_sent(std::uint16_t sequence, Text why);

    void on_reply(std::uint16_t sequence, std::uint64_t cookie, const Address& from, Instant at);
    // An ICMP error that quotes our echo; `quoted_target` is whom that echo went to.
    void on_report(EchoState what, std::uint16_t sequence, const Address& quoted_target, const Address& from,
                   Instant at);
    void expire(Instant now);

    [[nodiscard]] std::optional<Instant> next_send() const;
    [[nodiscard]] std::optional<Instant> next_expiry() const;
    [[nodiscard]] bool is_waiting() const { return !in_flight_.empty(); }
    [[nodiscard]] bool is_idle() const { return running_.empty(); }

    struct Finished {
        RoundId id = 0;
        EchoRound round;
    };
    [[nodiscard]] std::vector<Finished> take_finished();

private:
    struct Sent {
        Instant at{};
        std::uint16_t sequence = 0;
    };
    struct Running {
        EchoRound round;
        std::vector<Sent> sent;  // beside round.echoes
        Instant start{};
        std::size_t next = 0;    // to be sent
        std::size_t oldest = 0;  // first that may still be waiting
        std::size_t decided = 0;
    };
    struct Flight {
        RoundId round = 0;
        std::size_t echo = 0;
    };
    [[nodiscard]] static Instant due(const Running& running);
    [[nodiscard]] std::uint64_t cookie_of(RoundId round, std::size_t echo) const;
    Running* find(std::uint16_t sequence, std::size_t& echo);
    void decide(Running& running, std::size_t echo, EchoState state, Span rtt, const Address& from);
    std::uint16_t free_sequence();

    std::uint64_t secret_;
    RoundId last_round_ = 0;
    std::uint16_t last_sequence_ = 0;
    std::map<RoundId, Running> running_;
    std::unordered_map<std::uint16_t, Flight> in_flight_;
};

}  // namespace vg::probes
