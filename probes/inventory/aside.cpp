#include "probes/inventory/aside.hpp"

#include <boost/asio/connect_pipe.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/writable_pipe.hpp>

#include <atomic>
#include <memory>

namespace vg::probes::inventory {
namespace {

namespace asio = boost::asio;

asio::thread_pool& thread() {
    static asio::thread_pool pool(1);
    return pool;
}

}  // namespace

asio::awaitable<Aside> run_aside(asio::io_context& io, std::function<void()> task) {
    asio::readable_pipe done(io);
    const auto tell = std::make_shared<asio::writable_pipe>(thread());
    // The pipe wakes; what the task wrote is handed over by this, as the language has it.
    const auto ended = std::make_shared<std::atomic<bool>>(false);
    boost::system::error_code end;
    asio::connect_pipe(done, *tell, end);
    if (end) co_return Aside::refused;
    asio::post(thread(), [tell, ended, task = std::move(task)] {
        task();
        ended->store(true, std::memory_order_release);
        tell->close();  // the other end reads the end of the file
    });
    char nothing = 0;
    co_await done.async_read_some(asio::buffer(&nothing, 1), asio::redirect_error(asio::use_awaitable, end));
    const bool is_done = end == asio::error::eof && ended->load(std::memory_order_acquire);
    co_return is_done ? Aside::done : Aside::goes_on;
}

}  // namespace vg::probes::inventory
