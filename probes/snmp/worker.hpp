#pragma once
// The one thread on which net-snmp works, since its calls block. It begins with the first task. A task shares nothing
// with the io_context but a pipe, so a probe that goes before its task ends leaves nothing dangling.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>

namespace vg::probes::snmp {

// Returns when the task has run on the worker, or when the coroutine is cancelled; the task must own all that it uses.
[[nodiscard]] boost::asio::awaitable<void> run_on_worker(boost::asio::io_context& io, std::function<void()> task);

}  // namespace vg::probes::snmp
