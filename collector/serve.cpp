#include "base/log.hpp"
#include "base/system_words.hpp"
#include "base/usage.hpp"
#include "collector/api/api.hpp"
#include "collector/commands.hpp"
#include "collector/listener.hpp"
#include "collector/register/versions.hpp"
#include "collector/rule_files.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <cstdio>
#include <filesystem>

namespace vg::collector::commands {
namespace {

namespace fs = std::filesystem;

int complain(const Error& error) {
    log::error("collector", error.message);
    return 1;
}

// Printed, not logged: a log is kept and read by others.
void show_first_password(const std::string& password) {
    std::printf(
        "\n  Tài khoản quản trị đầu tiên / the first administrator\n"
        "    tên đăng nhập / user:     admin\n    mật khẩu / password:      %s\n"
        "  Chỉ hiện một lần này. Hãy đổi ngay. / Shown this once. Change it soon.\n\n",
        password.c_str());
    std::fflush(stdout);
}

Result<std::unique_ptr<Store>> open_store(const Config& config, std::shared_ptr<const Authority> authority) {
    StoreOptions options;
    options.keep_samples = std::chrono::floor<std::chrono::days>(Millis(config.samples_kept_ms));
    options.keep_events = std::chrono::floor<std::chrono::days>(Millis(config.events_kept_ms));
    options.seal = [authority](ByteView data) { return authority->seal(data); };
    return open_sqlite_store((fs::path(config.data_dir) / "vonggac.db").string(), std::move(options));
}

std::shared_ptr<const rules::RuleSet> load_rules(const Config& config) {
    Problems problems;
    auto rules = load_rule_files(config.rules_dirs, problems);
    for (const auto& problem : problems.list())
        log::error("rules", to_string(problem.place) + ": " + problem.message.en);
    if (!problems.empty()) log::error("rules", "only the rules that are in order are judged until this is mended");
    return rules;
}

// On SIGHUP: the rule files again; a mistake leaves the old ones in force.
asio::awaitable<void> reload_rules(Core& core, const Config& config) {
    Problems problems;
    auto rules = load_rule_files(config.rules_dirs, problems);
    for (const auto& problem : problems.list())
        log::error("rules", to_string(problem.place) + ": " + problem.message.en);
    if (!problems.empty()) {
        log::error("rules", "the old rules stay in force");
        co_return;
    }
    auto work = [rules](Pipeline& pipeline) { return pipeline.put_rules(rules); };
    const auto put = co_await core.ask(std::move(work));
    if (put)
        log::info("rules", "rules " + rules->version + " are in force");
    else
        log::error("rules", put.error().message);
}

// The server's certificate is good for a year, and a collector may run for longer.
asio::awaitable<void> keep_certificate(asio::io_context& io, Listener& listener) {
    asio::steady_timer timer(io);
    for (;;) {
        timer.expires_after(std::chrono::hours(1));
        co_await timer.async_wait(asio::use_awaitable);
        const auto renewed = listener.renew_certificate(system_clock().wall());
        if (!renewed)
            log::error("collector", "the server's certificate cannot be renewed: " + renewed.error().message);
        else if (*renewed)
            log::info(
                "collector",
                "the server's certificate was renewed for a year; a browser that was told to trust the old one by "
                "itself, and not ca.crt, asks again");
    }
}

struct Running {  // what stops together
    asio::io_context& io;
    Core& core;
    Listener& listener;
    http::Server& http;
    api::Api& api;
};

asio::awaitable<void> wait_for_signals(Running& running, const Config& config) {
    asio::signal_set signals(running.io, SIGINT, SIGTERM, SIGHUP);
    for (;;) {
        const int signal = co_await signals.async_wait(asio::use_awaitable);
        if (signal != SIGHUP) break;
        co_await reload_rules(running.core, config);
    }
    log::info("collector", "stopping");
    running.listener.stop();
    running.api.stop();
    running.http.stop();
    asio::steady_timer breath(running.io);
    const auto last_call = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (running.core.counters().connections_open.load() > 0 && std::chrono::steady_clock::now() < last_call) {
        breath.expires_after(std::chrono::milliseconds(20));
        co_await breath.async_wait(asio::use_awaitable);
    }
    running.io.stop();
}

void rethrow(std::exception_ptr failed) {
    if (failed) std::rethrow_exception(failed);
}

}  // namespace

int serve(const Config& config) {
    log::set_level(config.log_level);
    if (auto readable = can_read_rules(config.rules_dirs); !readable) {  // before anything is made
        std::fprintf(stderr, "vonggac-collector: %s\n", in_both(told(readable.error())).c_str());
        return wrong_usage;
    }
    std::error_code ec;
    fs::create_directories(config.data_dir, ec);
    if (ec)
        return complain(
            fail(Errc::permission, say({"không tạo được thư mục {}: {}", "the folder {} cannot be made: {}"},
                                       config.data_dir, system_words(ec))));
    fs::permissions(config.data_dir, fs::perms::owner_all, ec);  // keys and hashes live there
    const auto now = system_clock().wall();
    auto opened = Authority::open(config.data_dir, config.names, now);
    if (!opened) return complain(opened.error());
    auto authority = std::make_shared<Authority>(std::move(*opened));
    auto store = open_store(config, authority);
    if (!store) return complain(store.error());
    auto first = auth::make_first_administrator(**store, now);
    if (!first) return complain(first.error());
    if (*first) show_first_password(**first);
    auto accounts = auth::Accounts::load(**store, now);
    if (!accounts) return complain(accounts.error());
    auto reg = registry::load_latest(**store);
    if (!reg) return complain(reg.error());

    asio::io_context io(1);
    Counters counters;
    Pipeline::Parts parts;
    parts.store = std::move(*store);
    parts.authority = authority;
    parts.clock = &system_clock();
    parts.reg = *reg != nullptr ? *reg : std::make_shared<const registry::Register>();
    parts.rules = load_rules(config);
    parts.address = config.seen_address(config.port);
    auto core = Core::start(io.get_executor(), std::move(parts), counters);
    if (!core) return complain(core.error());

    api::Api application(io, **core, std::move(*accounts), {config.web_root, authority->fingerprint()});
    http::Server http(application);
    Listener::Options options;
    options.address = config.address;
    options.port = config.port;
    auto listener = Listener::open(io, options, **core, authority,
                                   [&http](tls::Stream stream) { return http.serve(std::move(stream)); });
    if (!listener) return complain(listener.error());
    Running running{io, **core, **listener, http, application};
    asio::co_spawn(io, (*listener)->run(), rethrow);
    asio::co_spawn(io, application.run(), rethrow);
    asio::co_spawn(io, wait_for_signals(running, config), rethrow);
    asio::co_spawn(io, keep_certificate(io, **listener), rethrow);
    log::info("collector", "listening on " + config.address + ":" + std::to_string((*listener)->port()));
    io.run();
    (*core)->stop();
    return 0;
}

}  // namespace vg::collector::commands
