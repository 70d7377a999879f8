#pragma once
// The collector's heart: one pipeline thread that owns store, fact base, rules and gaps, and the ways to it from the
// io thread. Sessions submit() what agents send and get replies by post; HTTP handlers ask() and continue where they
// were. Made and destroyed by main on the io thread; destroying it stops the pipeline after what it has begun.

#include "base/clock.hpp"
#include "collector/counters.hpp"
#include "collector/delivery.hpp"
#include "collector/pipeline.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>

namespace vg::collector {

namespace asio = boost::asio;

class Core {
public:
    // Everything that the pipeline needs is loaded before the thread starts.
    // Mailboxes are called on `io`.
    [[nodiscard]] static Result<std::unique_ptr<Core>> start(asio::any_io_executor io, Pipeline::Parts parts,
                                                             Counters& counters);
    ~Core();
    Core(const Core&) = delete;

    // From any thread. The reply comes through the delivery's own mailbox.
    void submit(Delivery delivery);

    // Runs fn(Pipeline&) on the pipeline thread soon; from any thread.
    template <class F>
    void post(F fn) {
        asio::post(context_, [this, fn = std::move(fn)]() mutable { fn(*pipeline_); });
    }

    // Runs fn(Pipeline&) on the pipeline thread and resumes the caller, where it was, with what fn gave (not void).
    // Name the closure before the co_await: GCC 12 copies the captures of one that is written inside the expression bit
    // by bit and destroys them twice.
    template <class F>
    auto ask(F&& fn) {
        return answer(std::make_shared<std::decay_t<F>>(std::forward<F>(fn)));
    }

    [[nodiscard]] Counters& counters() { return counters_; }
    [[nodiscard]] Clock& clock() { return clock_; }
    // No more deliveries are taken; those that were are finished. Then the thread ends.
    void stop();

private:
    template <class F>
    auto answer(std::shared_ptr<F> fn) -> asio::awaitable<std::invoke_result_t<F&, Pipeline&>> {
        using R = std::invoke_result_t<F&, Pipeline&>;
        // Keeps the io_context running while the answer is on its way.
        const auto here = asio::prefer(co_await asio::this_coro::executor, asio::execution::outstanding_work.tracked);
        auto start = [this, &here, &fn](auto handler) {
            asio::post(context_, [this, here, fn, handler = std::move(handler)]() mutable {
                asio::post(here, [handler = std::move(handler), result = (*fn)(*pipeline_)]() mutable {
                    std::move(handler)(std::move(result));
                });
            });
        };
        co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(R)>(start, asio::use_awaitable);
    }

    struct Group {  // at most so much in one turn
        std::size_t batches, bytes;
    };
    Core(asio::any_io_executor io, std::unique_ptr<Pipeline> pipeline, Clock& clock, Counters& counters, Group most);
    void drain();
    [[nodiscard]] Time heard_until();
    void send(std::vector<Post> posts);
    void tick();

    asio::any_io_executor io_;
    std::unique_ptr<Pipeline> pipeline_;
    Clock& clock_;
    Counters& counters_;
    asio::io_context context_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
    asio::steady_timer ticker_;
    bool stopping_ = false;  // pipeline thread
    std::mutex mutex_;
    std::deque<Delivery> inbox_;
    Group most_;
    std::thread thread_;
};

}  // namespace vg::collector
