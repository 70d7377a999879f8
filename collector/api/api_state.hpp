#pragma once
// What the application holds: shared by api.cpp (which way a request goes) and sign_in.cpp (passwords).

#include "collector/api/api.hpp"
#include "collector/api/live.hpp"
#include "collector/api/publisher.hpp"
#include "collector/api/routes.hpp"
#include "collector/http/static_files.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

namespace vg::collector::api {

struct Api::Impl {
    Impl(asio::io_context& context, Core& the_core, auth::Accounts accounts, Options options)
        : io(context), core(the_core), live(context), files(options.web_root), timer(context) {
        state->accounts = std::move(accounts);
        state->authority_fingerprint = std::move(options.authority_fingerprint);
    }

    asio::io_context& io;
    Core& core;
    Live live;
    http::StaticFiles files;
    asio::steady_timer timer;
    asio::thread_pool pool{1};  // passwords
    int password_checks = 0;    // network thread
    bool stopping = false;
    std::string nobodys_hash;  // checked for unknown users, so that they take as long

    // These two belong to the pipeline thread.
    std::shared_ptr<State> state = std::make_shared<State>();
    std::shared_ptr<Publisher> publisher = std::make_shared<Publisher>();

    // For run(): figures of the last look.
    std::uint64_t last_samples = 0, last_failures = 0;
    Time last_look{};
    std::string refused_register;  // told once, not every second

    // Runs work() on the password thread and comes back here with what it gave.
    template <class F>
    auto beside(F work) -> asio::awaitable<std::invoke_result_t<F&>> {
        using R = std::invoke_result_t<F&>;
        const auto here = asio::prefer(co_await asio::this_coro::executor, asio::execution::outstanding_work.tracked);
        auto initiate = [this, here](auto handler, F job) {  // named: see Core::ask
            asio::post(pool, [here, handler = std::move(handler), job = std::move(job)]() mutable {
                asio::post(here, [handler = std::move(handler), result = job()]() mutable {
                    std::move(handler)(std::move(result));
                });
            });
        };
        co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(R)>(
            std::move(initiate), asio::use_awaitable, std::move(work));
    }

    void publish(std::vector<LiveEntry> entries) {  // any thread
        if (entries.empty()) return;
        asio::post(io, [this, entries = std::move(entries)]() mutable {
            for (auto& entry : entries)
                live.publish(std::move(entry.name), std::move(entry.data), std::move(entry.unit));
        });
    }

    asio::awaitable<http::Response> api(const http::Request& request);
    asio::awaitable<http::Response> call(const http::Request& request, const Match& matched, std::string password_hash);
    asio::awaitable<std::optional<Answer>> objection_to(std::string user, std::string password, std::string address);
    asio::awaitable<http::Response> sign_in(const http::Request& request);
    asio::awaitable<http::Response> hash_first(const http::Request& request, const Match& matched);
    asio::awaitable<http::Response> open_live(const http::Request& request, const Route& route);
    asio::awaitable<http::Response> metrics(const http::Request& request);
    void look(Pipeline& pipeline);
};

}  // namespace vg::collector::api
