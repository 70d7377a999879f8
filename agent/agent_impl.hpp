#pragma once
// What the agent holds, shared by its own source files only: agent.cpp, agent_intake.cpp. On the agent's one thread.

#include "agent/agent.hpp"
#include "agent/fact_gate.hpp"
#include "agent/link.hpp"
#include "agent/runner.hpp"

#include <boost/asio/steady_timer.hpp>

#include <map>

namespace vg::agent {

struct Agent::Impl : std::enable_shared_from_this<Agent::Impl> {
    Impl(boost::asio::io_context& io_, Clock& clock_, Config config_, Identity identity_, Spool spool_);

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

    // agent.cpp: its life.
    void wire_up();
    void load_assignment();
    bool adopt(const std::string& text, const std::string& version, const std::string& file);
    void take_assignment(const wire::Assignment& message);
    asio::awaitable<void> work();
    asio::awaitable<void> say_goodbye();

    // agent_intake.cpp: what the probes told, on its way to the disk.
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
    template <class T>
    bool note(const Result<T>& done) {
        return note(done.has_error() ? Result<void>(done.error()) : Result<void>());
    }
    [[nodiscard]] Millis seal_period() const;
    [[nodiscard]] Mono next_seal(Mono after) const;
    asio::awaitable<void> keep();
};

}  // namespace vg::agent
