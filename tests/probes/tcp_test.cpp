#include "probes/tcp.hpp"
#include "probes/endpoint.hpp"
#include "tests/probes/running.hpp"

#include <sys/socket.h>

namespace vg::probes {
namespace {

using namespace testing;
using asio::ip::tcp;

class TcpTest : public ::testing::Test {
protected:
    wire::Observation run(const std::string& target, Deadline deadline) {
        Problems problems;
        auto probe = tcp_kind().make_probe(task_of("{ id: door, service: document, target: '" + target + "' }"),
                                           {io, system_clock()}, problems);
        EXPECT_TRUE(probe) << problems.text();
        auto seen = probe ? run_until_done(io, probe->run(deadline)) : wire::Observation{};
        expect_conform(tcp_kind(), seen);
        return seen;
    }
    static void expect(const wire::Observation& seen, Outcome outcome) {
        EXPECT_EQ(seen.error.en, "");
        EXPECT_EQ(value_of(seen, "tcp.outcome"), static_cast<double>(outcome));
        const auto* fact = fact_of(seen, wire::SubjectKind::service, "tcp_reachable");
        ASSERT_TRUE(fact);
        EXPECT_EQ(fact->value, wire::FactValue(outcome == Outcome::ok));
    }
    asio::io_context io;
};

TEST_F(TcpTest, AnOpenPortOfBothFamilies) {
    for (const auto& [address, text] :
         {std::pair<std::string, std::string>{"127.0.0.1", "127.0.0.1"}, {"::1", "[::1]"}}) {
        tcp::acceptor door(io, {asio::ip::make_address(address), 0});
        const auto seen = run(text + ":" + std::to_string(door.local_endpoint().port()), in(5s));
        expect(seen, Outcome::ok);
        EXPECT_GE(value_of(seen, "tcp.connect").value_or(-1), 0);
    }
}

TEST_F(TcpTest, AClosedPortIsRefused) {
    tcp::acceptor door(io, {asio::ip::address_v4::loopback(), 0});
    const auto port = std::to_string(door.local_endpoint().port());
    door.close();
    expect(run("127.0.0.1:" + port, in(5s)), Outcome::refused);
}

// A listener whose queue is full lets further connections wait.
TEST_F(TcpTest, SilenceIsTimedOut) {
    tcp::acceptor door(io, {asio::ip::address_v4::loopback(), 0});
    ASSERT_EQ(::listen(door.native_handle(), 0), 0);
    std::vector<tcp::socket> crowd;
    for (int i = 0; i < 4; ++i) {
        crowd.emplace_back(io);
        crowd.back().async_connect(door.local_endpoint(), [](const boost::system::error_code&) {});
    }
    io.poll();
    expect(run("127.0.0.1:" + std::to_string(door.local_endpoint().port()), in(100ms)), Outcome::timed_out);
}

TEST_F(TcpTest, ANameOfTheHostsFile) {
    tcp::acceptor door(io, {asio::ip::address_v4::loopback(), 0});
    expect(run("localhost:" + std::to_string(door.local_endpoint().port()), in(5s)), Outcome::ok);
}

TEST(HostPort, IsReadAsPeopleWriteIt) {
    EXPECT_EQ(parse_host_port("xa.vn:443", 0)->port, 443);
    EXPECT_EQ(parse_host_port("[::1]:22", 0)->host, "::1");
    EXPECT_EQ(parse_host_port("fd00::1", 53)->host, "fd00::1");
    EXPECT_EQ(parse_host_port("10.0.0.1", 53)->port, 53);
    for (const auto* text :
         {"", "xa.vn", "xa.vn:", "xa.vn:0", "xa.vn:70000", "xa.vn:8x", ":80", "[::1", "[::1]x", "fd00::1"})
        EXPECT_FALSE(parse_host_port(text, 0)) << text;
}

}  // namespace
}  // namespace vg::probes
