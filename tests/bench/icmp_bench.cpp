// One echo round with the agent's engine, for tests/bench/icmp.py: reads addresses (one a line) from standard input.
// Usage: bench_icmp COUNT PACE_US WAIT_MS. Prints "sent answered median_us".

#include "probes/pinger.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>

namespace {

using namespace vg::probes;

void print(const EchoRound& round) {
    std::vector<long> times;
    for (const auto& echo : round.echoes)
        if (echo.state == EchoState::answered) times.push_back(static_cast<long>(echo.rtt.count() / 1000));
    std::sort(times.begin(), times.end());
    std::cout << round.echoes.size() << ' ' << times.size() << ' ' << (times.empty() ? 0 : times[times.size() / 2])
              << '\n';
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    EchoPlan plan;
    plan.count = static_cast<unsigned>(std::strtoul(argv[1], nullptr, 10));
    plan.pace = std::chrono::microseconds{std::strtol(argv[2], nullptr, 10)};
    plan.wait = std::chrono::milliseconds{std::strtol(argv[3], nullptr, 10)};
    plan.interval = std::chrono::seconds{1};
    plan.payload = 56;  // as fping
    for (std::string line; std::getline(std::cin, line);) plan.targets.push_back(boost::asio::ip::make_address(line));
    boost::asio::io_context io(1);
    int code = 0;
    boost::asio::co_spawn(io, Pinger::of(io).round(std::move(plan)),
                          [&code](std::exception_ptr trouble, vg::Result<EchoRound> round) {
                              if (trouble) std::rethrow_exception(trouble);
                              if (round) {
                                  print(*round);
                              } else {
                                  std::cerr << round.error().message << '\n';
                                  code = 1;
                              }
                          });
    io.run();
    return code;
}
