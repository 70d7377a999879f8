#pragma once
// One run of the load from the first connection to the last ack. Owned by main; one thread.

#include "tests/load/virtual_agent.hpp"

namespace vg::load {

enum class Mode { sessions, flood };

struct RunOptions {
    Mode mode = Mode::sessions;
    Plan plan;
    std::size_t connects_per_second = 500;
    std::string acks_file;       // what the collector acknowledged is added to it, also when it went away in between
    std::string connected_file;  // written when everybody is connected, so that a script can look at the collector
};

[[nodiscard]] asio::awaitable<void> run(const RunOptions& options, std::vector<Member> members, Figures& figures);

}  // namespace vg::load
