#include "tests/load/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <fstream>

namespace vg::load {
namespace {

using Agents = std::vector<std::shared_ptr<VirtualAgent>>;

// Counts coroutines down and wakes whoever waits for the last.
struct Group {
    explicit Group(asio::any_io_executor with) : executor(with), done(with) {
        done.expires_at(Steady::time_point::max());
    }
    asio::any_io_executor executor;
    asio::steady_timer done;
    std::size_t running = 0;

    void spawn(asio::awaitable<void> work) {
        ++running;
        asio::co_spawn(executor, std::move(work), [this](std::exception_ptr thrown) {
            if (--running == 0) done.cancel();
            if (thrown) std::rethrow_exception(thrown);
        });
    }
    asio::awaitable<void> wait() {
        boost::system::error_code woken;
        if (running > 0) co_await done.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
};

asio::awaitable<void> rest(Millis time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<void> start_one(std::shared_ptr<VirtualAgent> agent, Group& listening) {
    const bool greeted = co_await agent->connect();
    if (greeted) listening.spawn(agent->listen());
}

asio::awaitable<void> connect_all(const RunOptions& options, const Agents& agents, Group& listening, Figures& figures) {
    const auto start = Steady::now();
    Group connecting(co_await asio::this_coro::executor);
    for (std::size_t i = 0; i < agents.size(); ++i) {
        const auto due = start + std::chrono::microseconds(1'000'000 * i / options.connects_per_second);
        if (due > Steady::now()) co_await rest(std::chrono::duration_cast<Millis>(due - Steady::now()) + Millis(1));
        connecting.spawn(start_one(agents[i], listening));
    }
    co_await connecting.wait();
    constexpr auto patience = std::chrono::seconds(60);
    for (const auto until = Steady::now() + patience; figures.welcomed < agents.size() && Steady::now() < until;) {
        if (figures.lost_connections + figures.welcomed >= agents.size()) break;
        co_await rest(Millis(2));
    }
    figures.connect_seconds = std::chrono::duration<double>(Steady::now() - start).count();
}

}  // namespace

asio::awaitable<void> run(const RunOptions& options, std::vector<Member> members, Figures& figures) {
    const auto executor = co_await asio::this_coro::executor;
    Agents agents;
    for (std::size_t i = 0; i < members.size(); ++i)
        agents.push_back(std::make_shared<VirtualAgent>(executor, options.plan, figures, std::move(members[i]), i));
    if (options.mode == Mode::flood)
        for (const auto& agent : agents) agent->prepare_flood();
    figures.agents = agents.size();
    Group listening(executor);
    co_await connect_all(options, agents, listening, figures);
    if (!options.connected_file.empty()) std::ofstream(options.connected_file) << figures.welcomed << '\n';

    const auto start = Steady::now();
    const auto cpu = process_cpu_seconds();
    Group working(executor);
    for (std::size_t i = 0; i < agents.size(); ++i) {
        const auto delay = options.plan.every * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(agents.size());
        working.spawn(options.mode == Mode::flood ? agents[i]->flood() : agents[i]->report(delay));
    }
    co_await working.wait();
    figures.seconds = std::chrono::duration<double>(Steady::now() - start).count();
    figures.cpu_seconds = process_cpu_seconds() - cpu;

    for (const auto& agent : agents) working.spawn(agent->farewell());
    co_await working.wait();
    co_await listening.wait();
    if (options.acks_file.empty()) co_return;
    std::ofstream acks(options.acks_file, std::ios::app);
    for (const auto& agent : agents) agent->write_acks(acks);
}

}  // namespace vg::load
