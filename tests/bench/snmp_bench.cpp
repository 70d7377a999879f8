// For tests/bench/snmp_walk.py. `bench_snmp walk ADDRESS:PORT COMMUNITY TIMES` walks all of ifTable and ifXTable and
// prints "values cpu_us"; `bench_snmp poll ADDRESS:PORT COMMUNITY DEVICES` visits that many devices at once on one
// thread, twice, and prints "answered first_cpu_us second_cpu_us": a first visit takes inventory, a second one counts.

#include "base/clock.hpp"
#include "probes/snmp/reader.hpp"
#include "probes/snmp/snmp.hpp"
#include "probes/snmp/tables.hpp"

#include <boost/asio/co_spawn.hpp>

#include <ctime>
#include <iostream>
#include <numeric>

namespace {

using namespace vg::probes;
using namespace vg::probes::snmp;
using namespace std::chrono_literals;

long cpu_us() {
    timespec t{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1'000'000L + t.tv_nsec / 1000;
}

boost::asio::awaitable<std::size_t> walk_all(Session& session, int times) {
    std::size_t values = 0;
    std::vector<std::uint32_t> plain(22), wide(19);
    std::iota(plain.begin(), plain.end(), 1);
    std::iota(wide.begin(), wide.end(), 1);
    for (int i = 0; i < times; ++i) {
        Reader reader(session, std::chrono::steady_clock::now() + 30s);
        const auto table = co_await reader.table(if_table().entry, plain);
        const auto extensions = co_await reader.table(if_x_table().entry, wide);
        for (const auto* rows : {&table.rows, &extensions.rows})
            for (const auto& [index, row] : *rows) values += row.size();
    }
    co_return values;
}

int walk(const Access& access, int times) {
    boost::asio::io_context io(1);
    auto session = open_session(io, access);
    if (!session) {
        std::cerr << session.error().message << '\n';
        return 1;
    }
    std::size_t values = 0;
    const auto run = [&](int n) {
        boost::asio::co_spawn(io, walk_all(**session, n), [&](std::exception_ptr trouble, std::size_t got) {
            if (trouble) std::rethrow_exception(trouble);
            values = got;
        });
        io.restart();
        io.run();
    };
    run(3);  // warm-up
    const auto before = cpu_us();
    run(times);
    std::cout << values / static_cast<std::size_t>(times) << ' ' << (cpu_us() - before) / times << '\n';
    return 0;
}

int poll(const std::string& target, const std::string& community, int devices) {
    boost::asio::io_context io(1);
    vg::Problems problems;
    auto documents = vg::yaml::parse("{ community: " + community + ", check_default: false }", "bench", problems);
    std::vector<std::unique_ptr<Probe>> probes;
    for (int i = 0; i < devices; ++i) {
        Task task{"p" + std::to_string(i), target, "", documents.at(0)};
        probes.push_back(snmp_kind().make_probe(task, {io, vg::system_clock()}, problems));
        if (!probes.back()) {
            std::cerr << problems.text();
            return 1;
        }
    }
    int answered = 0;
    const auto visit = [&] {
        answered = 0;
        const auto before = cpu_us();
        // As a runner does: not all in one instant, thirty at a time.
        std::size_t next = 0;
        std::function<void()> start = [&] {
            if (next == probes.size()) return;
            auto& probe = *probes[next++];
            boost::asio::co_spawn(io, probe.run(std::chrono::steady_clock::now() + 50s),
                                  [&](std::exception_ptr trouble, vg::wire::Observation seen) {
                                      if (trouble) std::rethrow_exception(trouble);
                                      answered += seen.error.empty() && seen.facts.size() > 3;
                                      start();
                                  });
        };
        for (int i = 0; i < 30; ++i) start();
        io.restart();
        io.run();
        return cpu_us() - before;
    };
    const auto first = visit();
    const auto second = visit();
    std::cout << answered << ' ' << first << ' ' << second << '\n';
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) return 2;
    const std::string mode = argv[1];
    if (mode == "poll") return poll(argv[2], argv[3], std::atoi(argv[4]));
    Access access;
    access.address = argv[2];
    access.community = argv[3];
    return walk(access, std::atoi(argv[4]));
}
