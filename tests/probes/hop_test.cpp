// Who is a number of hops away: three namespaces in a row (near, router, far), made and removed by the test. Needs
// root.

#include "probes/pinger.hpp"
#include "tests/probes/namespaces.hpp"
#include "tests/probes/running.hpp"

#include <string>

namespace vg::probes {
namespace {

using namespace testing;

class HopTest : public ::testing::TestWithParam<SocketKind>, protected Namespaces {
protected:
    HopTest() : Namespaces("vghop", {"a", "b", "c"}) {}
    void SetUp() override {
        if (!can_make()) GTEST_SKIP() << "needs root and iproute2";
        make();
        join("a", "b", {"10.95.1.1/24", "fd95:1::1/64"}, {"10.95.1.2/24", "fd95:1::2/64"});
        join("b", "c", {"10.95.2.1/24", "fd95:2::1/64"}, {"10.95.2.2/24", "fd95:2::2/64"});
        ip("-n " + full("a") + " route add default via 10.95.1.2");
        ip("-n " + full("a") + " -6 route add default via fd95:1::2");
        ip("-n " + full("c") + " route add default via 10.95.2.1");
        ip("-n " + full("c") + " -6 route add default via fd95:2::1");
        enter("b");
        set("net/ipv4/ip_forward", "1");
        set("net/ipv6/conf/all/forwarding", "1");
        set("net/ipv6/icmp/ratelimit", "0");
        enter("a");
        set("net/ipv4/ping_group_range", "0 2147483647");
    }
};

TEST_P(HopTest, TheRouterAndTheTargetNameThemselves) {
    struct Case {
        const char *target, *first;
    };
    for (const auto& [target, first] : {Case{"10.95.2.2", "10.95.1.2"}, Case{"fd95:2::2", "fd95:1::2"}}) {
        asio::io_context io;
        Pinger pinger(io, GetParam());
        const auto far = asio::ip::make_address(target);
        const auto router = run_until_done(io, pinger.hop_at(far, 1, in(3s)));
        ASSERT_TRUE(router) << router.error().message;
        EXPECT_EQ(router->address.to_string(), first);
        EXPECT_FALSE(router->is_target);
        EXPECT_GT(router->rtt, 0ns);
        const auto end = run_until_done(io, pinger.hop_at(far, 2, in(3s)));
        ASSERT_TRUE(end) << end.error().message;
        EXPECT_TRUE(end->is_target);
    }
}

TEST_P(HopTest, SilenceEndsByTheDeadlineAndNoRouteAtOnce) {
    asio::io_context io;
    Pinger pinger(io, GetParam());
    enter("c");
    set("net/ipv4/icmp_echo_ignore_all", "1");
    enter("a");
    const auto silent = run_until_done(io, pinger.hop_at(asio::ip::make_address("10.95.2.2"), 9, in(50ms)));
    ASSERT_FALSE(silent);
    EXPECT_EQ(silent.error().code, Errc::timed_out);
    ip("-n " + full("a") + " route del default");
    const auto lost = run_until_done(io, pinger.hop_at(asio::ip::make_address("10.95.2.2"), 9, in(3s)));
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, Errc::unavailable);
}

INSTANTIATE_TEST_SUITE_P(Kinds, HopTest, ::testing::Values(SocketKind::datagram, SocketKind::raw),
                         [](const auto& kind) { return kind.param == SocketKind::raw ? "raw" : "datagram"; });

}  // namespace
}  // namespace vg::probes
