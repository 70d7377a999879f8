#include "agent/commands.hpp"

#include "agent/agent.hpp"
#include "agent/backoff.hpp"
#include "agent/enrol.hpp"
#include "agent/platform/files.hpp"
#include "agent/platform/machine.hpp"
#include "base/crypto.hpp"
#include "base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>

#include <cstdio>
#include <filesystem>
#include <optional>
#include <thread>

namespace vg::agent {
namespace {

constexpr int wrong_input = 2;

std::optional<Config> load(const CommonOptions& common) {
    Problems problems;
    auto config = load_config(common.config_file, problems);
    if (problems.empty()) return config;
    std::fputs(problems.text().c_str(), stderr);
    return std::nullopt;
}

Result<Identity> enrol_now(boost::asio::io_context& io, const EnrolOptions& options) {
    std::optional<Result<Identity>> outcome;
    boost::asio::co_spawn(io, enrol(io, options), [&](const std::exception_ptr& fault, Result<Identity> result) {
        outcome =
            fault ? Result<Identity>(fail(Errc::internal, say({"đăng ký không thành công", "the enrolment failed"})))
                  : std::move(result);
    });
    io.run();
    io.restart();
    return outcome ? std::move(*outcome)
                   : Result<Identity>(
                         fail(Errc::internal, say({"việc đăng ký không kết thúc", "the enrolment did not end"})));
}

EnrolOptions enrol_options(const Config& config, std::string token) {
    return {config.collector, config.expected_name(), config.state_dir,
            std::move(token), platform::host_name(),  platform::machine_id()};
}

// The identity on disk, or one for the token of the configuration.
Result<Identity> find_identity(boost::asio::io_context& io, const Config& config) {
    auto identity = load_identity(config.state_dir);
    if (identity.has_value() || identity.error().code != Errc::not_found || config.token_file.empty()) return identity;
    auto token = find_token({}, config);
    if (token.has_error()) return token.error();
    log::info("enrol", "enrolling with " + config.collector.host);
    // A collector that is away now is asked again; whatever it refuses is final.
    for (Backoff backoff(std::chrono::seconds(1), std::chrono::minutes(5));;) {
        identity = enrol_now(io, enrol_options(config, *token));
        if (identity.has_value() ||
            (identity.error().code != Errc::unavailable && identity.error().code != Errc::timed_out))
            return identity;
        log::warning("enrol", identity.error().message + "; trying again");
        std::this_thread::sleep_for(
            backoff.next(crypto::random_u64()));  // nothing else runs yet, and signals still end us
    }
}

void stop_on_signals(boost::asio::signal_set& signals, Agent& agent) {
    signals.async_wait([&](boost::system::error_code ec, int) {
        if (ec) return;
        agent.stop(platform::stop_reason());
        stop_on_signals(signals, agent);
    });
}

}  // namespace

int check_command(const CommonOptions& common) {
    if (!load(common)) return wrong_input;
    std::puts("Cấu hình hợp lệ. / The configuration is in order.");
    return 0;
}

int run_command(const CommonOptions& common) {
    const auto config = load(common);
    if (!config) return wrong_input;
    log::set_level(config->log_level);
    if (auto done = platform::make_private_directory(config->state_dir); done.has_error()) {
        log::error("agent", done.error().message);
        return 1;
    }
    auto lock = platform::DirectoryLock::take(config->state_dir);
    if (lock.has_error()) {
        log::error("agent", lock.error().message);
        return 1;
    }
    boost::asio::io_context io(1);
    auto identity = find_identity(io, *config);
    if (identity.has_error()) {
        log::error("agent", identity.error().message);
        if (identity.error().code == Errc::not_found)
            log::error("agent",
                       "Trạm gác chưa đăng ký; hãy chạy: vonggac-agent enrol --token MÃ\n"
                       "This agent is not enrolled yet; run: vonggac-agent enrol --token TOKEN");
        return 1;
    }
    auto agent = Agent::make(io, system_clock(), *config, std::move(*identity));
    if (agent.has_error()) {
        log::error("agent", agent.error().message);
        return 1;
    }
    boost::asio::signal_set signals(io, SIGTERM, SIGINT);
    stop_on_signals(signals, **agent);
    (*agent)->start();
    io.run();
    return (*agent)->is_stopped() ? 0 : 1;
}

int enrol_command(const CommonOptions& common, const EnrolCommand& command) {
    Config config;
    // Without a configuration file everything must stand on the command line.
    if (std::filesystem::exists(common.config_file)) {
        auto loaded = load(common);
        if (!loaded) return wrong_input;
        config = std::move(*loaded);
    }
    if (!command.collector.empty()) {
        config.server_name.clear();
        if (!parse_host_port(command.collector, config.collector)) {
            std::fputs("--collector: HOST:PORT\n", stderr);
            return wrong_input;
        }
    }
    if (!command.server_name.empty()) config.server_name = command.server_name;
    if (!command.state_dir.empty()) config.state_dir = command.state_dir;
    if (config.collector.host.empty()) {
        std::fputs("Thiếu --collector HOST:PORT. / --collector HOST:PORT is missing.\n", stderr);
        return wrong_input;
    }
    auto token = find_token(command.token, config);
    if (token.has_error()) {
        std::fprintf(stderr, "vonggac-agent enrol: %s\n", in_both(told(token.error())).c_str());
        return wrong_input;
    }
    boost::asio::io_context io(1);
    auto identity = enrol_now(io, enrol_options(config, std::move(*token)));
    if (identity.has_error()) {
        std::fprintf(stderr, "%s\n", in_both(told(identity.error())).c_str());
        return 1;
    }
    std::printf("Đã đăng ký với mã trạm gác %s. / Enrolled as agent %s.\n", identity->agent_id.c_str(),
                identity->agent_id.c_str());
    return 0;
}

}  // namespace vg::agent
