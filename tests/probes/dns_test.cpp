#include "probes/dns/dns.hpp"
#include "probes/dns/client.hpp"
#include "probes/resolve.hpp"
#include "tests/probes/name_server.hpp"

namespace vg::probes {
namespace {

using namespace testing;

class DnsTest : public ::testing::Test {
protected:
    void SetUp() override {
        server.records[{"dichvucong.tinh.vn", 1}] = {{10, 9, 0, 1}, {10, 9, 0, 2}};
        server.records[{"ipv6.tinh.vn", 28}] = {{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5}};
    }
    wire::Observation run(const std::string& options, Deadline deadline) {
        Problems problems;
        auto probe = dns_kind().make_probe(
            task_of("{ id: names, probe: dns, service: portal, server: '" + server.text() + "', " + options + " }"),
            {io, system_clock()}, problems);
        EXPECT_TRUE(probe) << problems.text();
        auto seen = probe ? run_until_done(io, probe->run(deadline)) : wire::Observation{};
        expect_conform(dns_kind(), seen);
        return seen;
    }
    NameSettings settings() const {
        NameSettings out;
        out.servers = {asio::ip::address_v4::loopback()};
        out.port = server.port();
        out.search = {"tinh.vn"};
        out.hosts = {{"printer", asio::ip::make_address("10.1.0.7")}};
        return out;
    }
    static void expect_ok(const wire::Observation& seen, bool ok, double outcome) {
        EXPECT_EQ(seen.error.en, "");
        EXPECT_EQ(value_of(seen, "dns.outcome"), outcome);
        const auto* fact = fact_of(seen, wire::SubjectKind::service, "dns_ok");
        ASSERT_TRUE(fact);
        EXPECT_EQ(fact->value, wire::FactValue(ok));
        EXPECT_EQ(fact->subject.key, "portal");
    }
    asio::io_context io;
    NameServer server{io};
};

TEST_F(DnsTest, TheExpectedAnswerIsMet) {
    const auto seen = run("target: DichVuCong.tinh.vn, expect: [10.9.0.1]", in(5s));
    expect_ok(seen, true, 0);
    EXPECT_TRUE(value_of(seen, "dns.time"));
}

TEST_F(DnsTest, AnotherAnswerIsTold) {
    expect_ok(run("target: dichvucong.tinh.vn, expect: 10.9.9.9", in(5s)), false, 1);
}

TEST_F(DnsTest, ANameThatDoesNotExist) { expect_ok(run("target: nobody.tinh.vn", in(5s)), false, 2); }

TEST_F(DnsTest, AServerInTrouble) {
    server.rcode_of_unknown = dns::rcode_server_failure;
    expect_ok(run("target: nobody.tinh.vn", in(5s)), false, 3);
}

TEST_F(DnsTest, SilenceEndsByTheDeadline) {
    server.is_silent = true;
    expect_ok(run("target: dichvucong.tinh.vn", in(50ms)), false, 4);
}

TEST_F(DnsTest, NobodyListens) {
    server.stop();
    expect_ok(run("target: dichvucong.tinh.vn", in(5s)), false, 5);
}

TEST_F(DnsTest, ACutReplyIsFetchedByTcp) {
    server.truncates = true;
    expect_ok(run("target: dichvucong.tinh.vn, expect: [10.9.0.1, 10.9.0.2]", in(5s)), true, 0);
}

TEST_F(DnsTest, ForgedRepliesAreNotBelieved) {
    server.forgeries = 3;
    expect_ok(run("target: dichvucong.tinh.vn, expect: [10.9.0.1]", in(5s)), true, 0);
}

TEST_F(DnsTest, ALostQuestionIsAskedAgain) {
    server.ignores = 1;
    expect_ok(run("target: dichvucong.tinh.vn", in(10s)), true, 0);
    EXPECT_EQ(server.questions, 2);
}

TEST_F(DnsTest, MistakesInTheEntryAreProblems) {
    for (const auto* text : {"{ id: a, target: xa.vn, type: LOC }", "{ id: a, target: xa..vn }", "{ id: a }",
                             "{ id: a, target: xa.vn, server: '1.2.3.4:0' }"}) {
        Problems problems;
        EXPECT_FALSE(dns_kind().make_probe(task_of(text), {io, system_clock()}, problems)) << text;
        EXPECT_EQ(problems.list().size(), 1u) << problems.text();
    }
}

TEST_F(DnsTest, NamesBecomeAddresses) {
    const auto addresses = [&](const std::string& name, Family family) {
        return run_until_done(io, resolve(name, family, in(5s), settings()));
    };
    EXPECT_EQ(addresses("dichvucong.tinh.vn", Family::any).value().size(), 2u);
    EXPECT_EQ(addresses("dichvucong", Family::any).value()[0].to_string(), "10.9.0.1") << "the search list is used";
    EXPECT_EQ(addresses("ipv6.tinh.vn", Family::any).value()[0].to_string(), "2001:db8::5");
    EXPECT_EQ(addresses("Printer", Family::any).value()[0].to_string(), "10.1.0.7") << "the hosts file is read";
    EXPECT_EQ(addresses("::1", Family::any).value()[0].to_string(), "::1");
    EXPECT_EQ(addresses("10.0.0.1", Family::v6).error().code, Errc::invalid_input);
    EXPECT_EQ(addresses("nobody.tinh.vn", Family::any).error().code, Errc::not_found);
    server.stop();
    EXPECT_EQ(addresses("dichvucong.tinh.vn", Family::any).error().code, Errc::unavailable);
}

TEST(NameSettings, AreReadAsTheSystemReadsThem) {
    const auto settings = read_name_settings(
        "# written by dhcp\nnameserver 10.0.0.53\nnameserver nonsense\nnameserver fd00::53 ; second\n"
        "nameserver 10.0.0.3\nnameserver 10.0.0.4\nsearch xa.vn tinh.vn\n",
        "127.0.0.1 localhost\n10.1.0.7 printer Printer.xa.vn # the big one\nbroken line\n");
    ASSERT_EQ(settings.servers.size(), 3u);
    EXPECT_EQ(settings.servers[1].to_string(), "fd00::53");
    EXPECT_EQ(settings.search, (std::vector<std::string>{"xa.vn", "tinh.vn"}));
    ASSERT_EQ(settings.hosts.size(), 3u);
    EXPECT_EQ(settings.hosts[2].first, "printer.xa.vn");
    EXPECT_EQ(read_name_settings("", "").servers.front().to_string(), "127.0.0.1");
}

}  // namespace
}  // namespace vg::probes
