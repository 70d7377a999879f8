#pragma once
// Decides which line carries the traffic now, from default routes, interfaces and echoes that die on the way (the
// router that answers a TTL-limited echo names the path). Pure: time and evidence are arguments, echoes are orders to
// the caller. Owned by the uplink watcher; one thread.
//
// A lost answer is no news. An answer from another router is confirmed by a second echo at once and then believed.
// Echoes go out faster as soon as one is late, so that a silence is known quickly and yet from many losses in a row.

#include "base/clock.hpp"
#include "probes/uplink/evidence.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vg::probes::uplink {

struct JudgeOptions {
    std::vector<Line> lines;
    bool has_target = false;  // echoes are possible
    bool v6 = false;          // the target's family; its default routes come first
    unsigned hop = 2;         // how far away the provider's router answers for a machine behind the site's router
    Millis every{3000};       // between two echoes
    Millis metered_every{15'000};
    Millis quick{250};        // between two echoes while one is late
    Millis down_after{2500};  // of silence in spite of the quick echoes
    Millis hop_hold{15'000};  // a router that stops answering while the target does is believed this long
};

enum class Asked : std::uint8_t {
    hop,      // who is there at the distance that names the line
    gateway,  // does the site's own router answer
    target,   // does the far end answer
};

struct EchoOrder {
    std::uint64_t id = 0;
    Asked asked{};
    unsigned ttl = 0;
};

struct State {
    std::string kind;      // as Line::kind, or "none"; empty: not known (the fault may lie on this machine's own side)
    std::string name;      // of the line; an interface or an address where the register has no line for it
    std::string evidence;  // short text, "hop 10.1.0.1"
    bool metered = false;

    [[nodiscard]] bool is_down() const { return kind.empty() || kind == "none"; }
};

enum class Up : std::uint8_t { yes, no, not_known };
struct LineState {
    std::string name;
    Up up = Up::not_known;
    std::optional<bool> carrier;  // only where the line ends at this machine
};

class Judge {
public:
    explicit Judge(JudgeOptions options);

    void found_target(bool v6);  // its name was resolved: echoes are possible from now on
    void network(Network network, Mono now);
    void answered(std::uint64_t id, const std::string& address, Mono now);
    void lost(std::uint64_t id, Mono now);  // its deadline passed without an answer

    // What to send now. Every order must be ended by answered() or lost().
    [[nodiscard]] std::vector<EchoOrder> due(Mono now);
    // When to call due() and check() again, unless something happens before.
    [[nodiscard]] Mono wake(Mono now) const;

    struct Change {
        State from, to;
        Mono at{};           // when it happened, as well as the evidence can tell
        bool first = false;  // nothing was concluded before
    };
    // Draws the conclusion; a change is given once.
    [[nodiscard]] std::optional<Change> check(Mono now);
    [[nodiscard]] const std::optional<State>& state() const { return state_; }
    [[nodiscard]] std::vector<LineState> lines() const;

private:
    struct Echo {
        std::uint64_t id = 0;
        Asked asked{};
        Mono sent{};
    };
    // Nobody beyond the site's router answers; begins with the first hop echo after the newest answer.
    struct Silence {
        Mono since{};
        unsigned count = 0;  // hop echoes sent since
    };

    void ask(Asked asked, unsigned ttl, Mono now, std::vector<EchoOrder>& orders);
    void hop_answered(const Echo& echo, const std::string& address, Mono now);
    void end_silence(Mono sent);
    void calm(Mono sent);
    void hasten(Mono now);
    void forget_path();
    [[nodiscard]] Millis interval() const;
    [[nodiscard]] Mono next_echo(Mono sent) const;
    [[nodiscard]] Millis patience() const;
    [[nodiscard]] bool is_late(Mono now) const;
    [[nodiscard]] std::optional<Mono> first_late() const;
    [[nodiscard]] bool is_silent(Mono now) const;
    [[nodiscard]] Mono silence_over() const;
    [[nodiscard]] bool is_hop_stale() const;
    [[nodiscard]] const DefaultRoute* route() const;
    [[nodiscard]] const Line* local_line() const;
    [[nodiscard]] const Line* line_by_hop(const std::string& address) const;
    [[nodiscard]] const Line* only_silent_line() const;
    [[nodiscard]] std::optional<State> conclude(Mono now) const;
    [[nodiscard]] std::optional<State> conclude_local(const Line& line, Mono now) const;
    [[nodiscard]] std::optional<State> conclude_path(Mono now) const;
    [[nodiscard]] std::optional<State> conclude_silence(Mono now) const;
    [[nodiscard]] State by_line(const Line& line, std::string evidence) const;
    [[nodiscard]] Mono when(const State& to, Mono now) const;

    JudgeOptions options_;
    Network network_;
    std::optional<State> state_;
    bool owns_lines_ = false;  // a line of the register ends at this machine

    std::vector<Echo> echoes_;  // on their way
    std::uint64_t next_id_ = 1;
    Mono next_at_{}, first_sent_{};
    std::optional<Mono> quick_since_;
    unsigned beat_ = 0;
    unsigned refusals_ = 0;  // in a row

    std::string hop_, candidate_;
    Mono hop_since_{}, candidate_since_{};                       // when the first echo was sent that it answered
    std::optional<Mono> hop_sent_, target_sent_, gateway_sent_;  // newest echo that was answered
    std::optional<Silence> silence_;
    Millis round_trip_{100};
};

}  // namespace vg::probes::uplink
