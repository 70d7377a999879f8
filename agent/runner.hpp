#pragma once
// Runs what the assignment names: probes at their times with a deadline and a limit on how many at once, watchers for
// as long as they live, started again with back-off. What they see goes to one function. On the agent's one thread.

#include "agent/assignment.hpp"
#include "probes/probe.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

namespace vg::agent {

namespace asio = boost::asio;

struct RunnerOptions {
    std::string agent_id;       // spreads the schedule
    std::size_t at_once = 8;    // probes running
    Millis watcher_wait{1000};  // before a watcher that ended is started again; doubles
    Millis watcher_longest{60'000};
    std::string state_dir = {};  // for what probes keep; empty: nothing is kept
};

class Runner {
public:
    Runner(asio::io_context& io, Clock& clock, RunnerOptions options, probes::Emit emit);
    ~Runner();

    // Makes every probe of the assignment; with any problem nothing changes and the old ones go on.
    [[nodiscard]] bool adopt(const Assignment& assignment, Problems& problems);
    void set_metered(bool metered);  // kinds that are not cheap on a metered line pause
    void tell_all();                 // what the probes told may be lost

    [[nodiscard]] asio::awaitable<void> run();  // until stop(); everything it started has ended then
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace vg::agent
