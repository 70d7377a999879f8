// vonggac-load: n virtual agents that speak the real protocol over real TLS with one collector; prints one JSON line.
#include "tests/load/run.hpp"

#include "wire/limits.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <sys/resource.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>

namespace {

using namespace vg;
using namespace vg::load;

struct Arguments {
    std::string connect, server_name, authority_dir, identities, mode = "sessions";
    std::vector<std::string> tokens;
    std::size_t agents = 100;
    std::size_t every_s = 60, seconds = 180;
    RunOptions run;
};

bool read_arguments(int argc, char** argv, Arguments& a, int& exit_code) {
    CLI::App app{"Load for a collector: virtual agents with real TLS and real batches"};
    app.add_option("--connect", a.connect, "The collector, ADDRESS:PORT")->required();
    app.add_option("--server-name", a.server_name, "Name in the collector's certificate (default: the address)");
    app.add_option("--agents", a.agents, "How many agents")->check(CLI::Range(1, 100'000));
    app.add_option("--mode", a.mode, "sessions (steady reports) or flood (as fast as acks allow)")
        ->check(CLI::IsMember({"sessions", "flood"}));
    app.add_option("--token", a.tokens, "Enrolment tokens, one for each site; the agents take turns")->delimiter(',');
    app.add_option("--ca", a.authority_dir, "Folder with ca.key and ca.crt: sign the certificates here");
    app.add_option("--identities", a.identities, "File that keeps the enrolled agents between runs");
    app.add_option("--connects-per-second", a.run.connects_per_second)->check(CLI::Range(1, 100'000));
    app.add_option("--connected-file", a.run.connected_file, "Written when all agents are welcomed");
    app.add_option("--acks-file", a.run.acks_file, "Every batch that was acknowledged is added: AGENT EPOCH SEQ");
    app.add_option("--wrong-clocks", a.run.plan.wrong_clocks, "So many of every ten agents believe in 1970 or 2038")
        ->check(CLI::Range(0, 10));
    app.add_option("--every", a.every_s, "sessions: seconds between reports")->check(CLI::Range(1, 86'400));
    app.add_option("--seconds", a.seconds, "sessions: for how long");
    app.add_option("--batches", a.run.plan.batches, "flood: batches of samples an agent");
    app.add_option("--points", a.run.plan.points, "flood: values a series in a batch")->check(CLI::Range(1, 25'000));
    app.add_option("--window", a.run.plan.window, "flood: batches on the way at once, an agent")
        ->check(CLI::Range(1, 1'000'000));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        exit_code = app.exit(error);
        return false;
    }
    a.run.plan.keeps_acks = !a.run.acks_file.empty();
    a.run.mode = a.mode == "flood" ? Mode::flood : Mode::sessions;
    a.run.plan.every = std::chrono::seconds(a.every_s);
    a.run.plan.reports = std::max<std::size_t>(1, a.seconds / a.every_s);
    return true;
}

Result<Collector> collector_of(const Arguments& a) {
    const auto colon = a.connect.rfind(':');
    boost::system::error_code bad;
    const auto address = asio::ip::make_address(a.connect.substr(0, colon), bad);
    const auto port = colon == std::string::npos ? 0 : std::atoi(a.connect.c_str() + colon + 1);
    if (bad || port < 1 || port > 65535) return fail(Errc::invalid_input, value_of("--connect wants ADDRESS:PORT"));
    return Collector{{address, static_cast<std::uint16_t>(port)},
                     a.server_name.empty() ? address.to_string() : a.server_name};
}

void allow_many_sockets(std::size_t agents) {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = std::max<rlim_t>(limit.rlim_cur, agents + 1000);
    limit.rlim_max = std::max(limit.rlim_max, limit.rlim_cur);
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) std::fprintf(stderr, "the limit of open files cannot be raised\n");
}

asio::awaitable<Result<std::vector<Member>>> members_of(const Arguments& a) {
    if (!a.identities.empty() && std::ifstream(a.identities)) {
        auto kept = read_members(a.identities);
        if (kept && kept->size() >= a.agents) {
            kept->resize(a.agents);
            co_return kept;
        }
    }
    auto made = a.authority_dir.empty() ? Result<std::vector<Member>>{} : sign_all(a.authority_dir, a.agents);
    if (a.authority_dir.empty()) made = co_await enrol(a.run.plan.collector, a.tokens, a.agents);
    if (made && !a.identities.empty())
        if (const auto written = write_members(a.identities, *made); written.has_error()) co_return written.error();
    co_return made;
}

asio::awaitable<void> everything(const Arguments& a, Figures& figures) {
    const auto start = Steady::now();
    auto members = co_await members_of(a);
    figures.enrol_seconds = std::chrono::duration<double>(Steady::now() - start).count();
    if (members.has_error())
        figures.error("enrolment: " + members.error().message);
    else
        co_await run(a.run, std::move(*members), figures);
}

}  // namespace

int main(int argc, char** argv) {
    Arguments a;
    int exit_code = 0;
    if (!read_arguments(argc, argv, a, exit_code)) return exit_code;
    const auto collector = collector_of(a);
    if (!collector) {
        std::fprintf(stderr, "%s\n", collector.error().message.c_str());
        return 2;
    }
    a.run.plan.collector = *collector;
    allow_many_sockets(a.agents);
    asio::io_context io(1);
    Figures figures;
    asio::co_spawn(io, everything(a, figures), [](std::exception_ptr thrown) {
        if (thrown) std::rethrow_exception(thrown);
    });
    io.run();
    std::printf("%s\n", figures.json(a.mode).c_str());
    return figures.first_error.empty() ? 0 : 1;
}
