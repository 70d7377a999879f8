#include "probes/inventory/aside.hpp"

#include <boost/asio/connect_pipe.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/writable_pipe.hpp>

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
    boost::system::error_code end;
    asio::connect_pipe(done, *tell, end);
    if (end) co_return Aside::refused;
    asio::post(thread(), [tell, task = std::move(task)] {
        task();
        tell->close();  // the other end reads the end of the file
    });
    char nothing = 0;
    co_await done.async_read_some(asio::buffer(&nothing, 1), asio::redirect_error(asio::use_awaitable, end));
    co_return end == asio::error::eof ? Aside::done : Aside::goes_on;
}

}  // namespace vg::probes::inventory
