#pragma once
// Ends what a socket waits for when the deadline passes. Lives in the coroutine's frame, declared after the socket.

#include "probes/probe.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>

namespace vg::probes {

template <class Socket>
class DeadlineGuard {
public:
    DeadlineGuard(Socket& socket, Deadline deadline)
        : state_(std::make_shared<State>(State{&socket})),
          deadline_(deadline),
          timer_(socket.get_executor(), deadline) {
        timer_.async_wait([state = state_](const boost::system::error_code& error) {
            boost::system::error_code ignored;
            if (!error && state->socket) state->socket->cancel(ignored);
        });
    }
    ~DeadlineGuard() { state_->socket = nullptr; }
    DeadlineGuard(const DeadlineGuard&) = delete;
    DeadlineGuard& operator=(const DeadlineGuard&) = delete;

    // Also true before the timer's handler has run: check it before each wait.
    [[nodiscard]] bool is_over() const { return std::chrono::steady_clock::now() >= deadline_; }

private:
    struct State {  // the handler may run after the guard has gone
        Socket* socket;
    };
    std::shared_ptr<State> state_;
    Deadline deadline_;
    asio::steady_timer timer_;
};

}  // namespace vg::probes
