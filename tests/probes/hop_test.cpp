// Who is a number of hops away: three namespaces in a row (near, router, far), made and removed by the test. Needs
// root.

#include "probes/pinger.hpp"
#include "tests/probes/running.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>
#include <cstdlib>
#include <fstream>
#include <string>

namespace vg::probes {
namespace {

using namespace testing;

class HopTest : public ::testing::TestWithParam<SocketKind> {
protected:
    void SetUp() override {
        if (::geteuid() != 0 || std::system("ip -V >/dev/null 2>&1") != 0) GTEST_SKIP() << "needs root and iproute2";
        home_ = ::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
        for (const auto* name : {"a", "b", "c"}) ip("netns add " + full(name));
        join("a", "b", "10.95.1.1/24", "10.95.1.2/24", "fd95:1::1/64", "fd95:1::2/64");
        join("b", "c", "10.95.2.1/24", "10.95.2.2/24", "fd95:2::1/64", "fd95:2::2/64");
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
    void TearDown() override {
        if (home_ < 0) return;
        EXPECT_EQ(::setns(home_, CLONE_NEWNET), 0);
        ::close(home_);
        for (const auto* name : {"a", "b", "c"}) ip("netns del " + full(name));
    }
    static std::string full(const std::string& name) { return "vghop" + std::to_string(::getpid()) + name; }
    static void ip(const std::string& words) { EXPECT_EQ(std::system(("ip " + words).c_str()), 0) << words; }
    static void set(const std::string& key, const std::string& value) { std::ofstream("/proc/sys/" + key) << value; }
    static void join(const std::string& left, const std::string& right, const std::string& left4,
                     const std::string& right4, const std::string& left6, const std::string& right6) {
        ip("-n " + full(left) + " link add to" + right + " type veth peer name to" + left + " netns " + full(right));
        end(full(left), "to" + right, left4, left6);
        end(full(right), "to" + left, right4, right6);
    }
    static void end(const std::string& space, const std::string& device, const std::string& v4, const std::string& v6) {
        ip("-n " + space + " addr add " + v4 + " dev " + device);
        ip("-n " + space + " addr add " + v6 + " dev " + device + " nodad");
        ip("-n " + space + " link set " + device + " up");
        ip("-n " + space + " link set lo up");
    }
    static void enter(const std::string& name) {
        const int space = ::open(("/run/netns/" + full(name)).c_str(), O_RDONLY | O_CLOEXEC);
        EXPECT_EQ(::setns(space, CLONE_NEWNET), 0);
        ::close(space);
    }
    int home_ = -1;
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
