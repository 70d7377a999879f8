#pragma once
// The one thread on which the machine is looked at: a disk in trouble or a child process may take seconds, and echoes
// must not wait for them. It begins with the first task. A task shares nothing with the io_context but a pipe, so a
// probe that goes before its task ends leaves nothing dangling.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>

namespace vg::probes::inventory {

enum class Aside {
    done,
    goes_on,  // the coroutine was cancelled: what the task writes into is still the task's
    refused,  // this process may open no more files: the task does not run
};

// The task owns all that it uses.
[[nodiscard]] boost::asio::awaitable<Aside> run_aside(boost::asio::io_context& io, std::function<void()> task);

}  // namespace vg::probes::inventory
