#pragma once
// The whole agent: runner → spool → link, with the assignment that says what to watch and the profile that says how to
// talk. One io_context, one thread.

#include "agent/config.hpp"
#include "agent/identity.hpp"
#include "base/clock.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

namespace vg::agent {

class Agent {
public:
    // The identity must be there already. A spool that cannot be opened is an Error.
    [[nodiscard]] static Result<std::unique_ptr<Agent>> make(boost::asio::io_context& io, Clock& clock, Config config,
                                                             Identity identity);
    ~Agent();

    void start();                   // returns at once; the work is on the io_context
    void stop(std::string reason);  // seals, sends what it can within a few seconds, says goodbye
    [[nodiscard]] bool is_stopped() const;

private:
    struct Impl;
    explicit Agent(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

}  // namespace vg::agent
