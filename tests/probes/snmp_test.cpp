// The snmp probe against a real snmpd on a free port, and its pure parts against agents that misbehave.
#include "probes/snmp/snmp.hpp"
#include "base/crypto.hpp"
#include "probes/snmp/device.hpp"
#include "probes/snmp/walk.hpp"
#include "tests/probes/running.hpp"
#include "wire/fact_table.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <filesystem>
#include <fstream>

namespace vg::probes {
namespace {

using namespace snmp;
using namespace testing;
namespace fs = std::filesystem;

const Oid table{1, 3, 9};
Oid cell(std::uint32_t column, std::uint32_t row) { return {1, 3, 9, column, row}; }

TEST(SnmpWalk, ColumnsSideBySide) {
    Walk walk(table, {1, 2});
    EXPECT_EQ(walk.next(), (std::vector<Oid>{{1, 3, 9, 1}, {1, 3, 9, 2}}));
    const std::vector<Binding> answer{{cell(1, 5), std::int64_t{7}}, {cell(2, 5), std::string("x")}};
    walk.take(answer);
    EXPECT_EQ(walk.next(), (std::vector<Oid>{cell(1, 5), cell(2, 5)}));
    walk.take(std::vector<Binding>{{cell(2, 5), std::int64_t{7}}, {{1, 3, 9, 3, 5}, std::int64_t{1}}});
    EXPECT_TRUE(walk.next().empty());
    ASSERT_EQ(walk.rows().size(), 1u);
    EXPECT_EQ(walk.rows().begin()->second.size(), 2u);
}

TEST(SnmpWalk, CirclesEnd) {
    Walk walk(table, {1});
    int asked = 0;
    for (; !walk.next().empty(); ++asked) {
        const std::uint32_t row = asked % 2 == 0 ? 5 : 4;
        walk.take(std::vector<Binding>{{cell(1, row), std::int64_t{1}}});
    }
    EXPECT_EQ(asked, 2);
}

TEST(SnmpWalk, EndlessTablesEnd) {
    Walk walk(table, {1});
    std::uint32_t row = 0;
    while (!walk.next().empty()) {
        std::vector<Binding> answer;
        for (int i = 0; i < 50; ++i) answer.push_back({cell(1, ++row), std::int64_t{1}});
        walk.take(answer);
        ASSERT_LT(row, 200'000u);
    }
    EXPECT_LE(walk.rows().size(), 40'000u);
}

TEST(SnmpWalk, EmptyAndForeignAnswersEnd) {
    for (const auto& answer : std::vector<std::vector<Binding>>{{},
                                                                {{{1, 3, 8, 1, 1}, std::int64_t{1}}},
                                                                {{{1, 3, 9, 1, 1}, {}}},
                                                                {{{1, 3, 9}, std::int64_t{1}}},
                                                                {{{}, {}}}}) {
        Walk walk(table, {1});
        walk.take(answer);
        EXPECT_TRUE(walk.next().empty());
        EXPECT_TRUE(walk.rows().empty());
    }
}

Answers visit_with(std::uint64_t rx, std::uint64_t ticks) {
    Answers a;
    a.system = {{system_oids()[0], std::string("Switch\r\n\x01 v1")}, {system_oids()[2], ticks}};
    auto& row = a.interfaces[{3}];
    row[2] = std::string("GigabitEthernet0/3\0", 19);
    row[8] = std::int64_t{1};
    row[5] = std::uint64_t{0xffffffff};
    row[10] = rx;
    row[16] = std::uint64_t{0};
    a.extensions[{3}][15] = std::uint64_t{10'000};
    a.interfaces[{4}][2] = std::int64_t{9};  // a name that is a number
    a.interfaces[{4, 1}][2] = std::string("no port");
    return a;
}

TEST(SnmpDevice, FactsAndRates) {
    Device device("snmp:10.0.0.1");
    wire::Observation first, second;
    device.add(visit_with(0xffffff00u, 100), Mono{Millis(1000)}, true, first);
    EXPECT_TRUE(first.samples.empty());
    device.add(visit_with(0x00007400u, 3100), Mono{Millis(31000)}, true, second);
    EXPECT_EQ(value_of(second, "snmp.if_rx"), 1000) << "a 32-bit counter went round";
    EXPECT_EQ(std::get<std::string>(fact_of(second, wire::SubjectKind::device, "description")->value), "Switch  ? v1");
    const auto json = std::get<std::string>(fact_of(second, wire::SubjectKind::device, "interfaces_json")->value);
    EXPECT_EQ(json, R"([{"index":3,"name":"GigabitEthernet0/3","oper":1,"admin":0,"speed_bps":10000000000},)"
                    R"({"index":4,"name":"4","oper":0,"admin":0,"speed_bps":0}])");
    wire::Observation restarted;
    device.add(visit_with(5, 10), Mono{Millis(61000)}, true, restarted);
    EXPECT_TRUE(restarted.samples.empty()) << "a restart sets every counter back";
}

TEST(SnmpOptions, MistakesAreListed) {
    asio::io_context io;
    for (const auto* text :
         {"target: router.example", "target: 10.0.0.1:0", "{ target: 10.0.0.1, version: 1 }",
          "{ target: 10.0.0.1, version: 3 }", "{ target: 10.0.0.1, version: 3, user: u, auth_password: short }"}) {
        Problems problems;
        EXPECT_FALSE(snmp_kind().make_probe(task_of(text), {io, system_clock()}, problems)) << text;
        EXPECT_FALSE(problems.empty()) << text;
    }
}

class SnmpdTest : public ::testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists("/usr/sbin/snmpd")) GTEST_SKIP() << "needs snmpd";
        folder_ = fs::temp_directory_path() / ("vg-snmp-" + crypto::random_text(8));
        fs::create_directory(folder_);
        port_ = free_port();
        const auto file = (folder_ / "snmpd.conf").string();
        std::ofstream(file)
            << "agentaddress udp:127.0.0.1:" << port_ << "\nrocommunity canh\nsysName bo-dinh-tuyen\n"
            << "sysLocation Xã Hòa An\ncreateUser vg SHA-256 matkhau-mot AES matkhau-hai\nrouser vg priv\n";
        pid_ = ::fork();
        if (pid_ == 0) {
            ::setenv("SNMP_PERSISTENT_DIR", folder_.c_str(), 1);
            if (!std::freopen("/dev/null", "w", stdout) || !std::freopen("/dev/null", "w", stderr)) ::_exit(1);
            ::execl("/usr/sbin/snmpd", "snmpd", "-f", "-Lo", "-C", "-c", file.c_str(), "-I", "-smux", nullptr);
            ::_exit(127);
        }
        wait_until_it_answers();
    }
    void TearDown() override {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
        std::error_code ignored;
        if (!folder_.empty()) fs::remove_all(folder_, ignored);
    }
    static std::uint16_t free_port() {
        const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
        ::close(fd);
        return ntohs(address.sin_port);
    }
    wire::Observation ask(const std::string& options, std::chrono::milliseconds time) {
        asio::io_context io;
        Problems problems;
        const auto text = "{ id: r, target: \"127.0.0.1:" + std::to_string(port_) + "\", " + options + " }";
        const auto probe = snmp_kind().make_probe(task_of(text), {io, system_clock()}, problems);
        EXPECT_TRUE(probe) << problems.text();
        return run_until_done(io, probe->run(in(time)));
    }
    static bool is_ok(const wire::Observation& o) {
        const auto* fact = fact_of(o, wire::SubjectKind::device, "snmp_ok");
        return fact && fact->value == wire::FactValue{true};
    }
    void wait_until_it_answers() {
        for (int i = 0; i < 20; ++i)
            if (is_ok(ask("community: canh", 1s))) return;
        FAIL() << "snmpd never answered";
    }
    static void expect_whole(const wire::Observation& o) {
        ASSERT_TRUE(is_ok(o)) << o.error;
        for (const auto& f : o.facts) {
            const auto* row = wire::find_fact(f.subject.kind, f.name);
            ASSERT_NE(row, nullptr) << f.name;
            EXPECT_EQ(row->producer, "snmp");
            EXPECT_EQ(f.subject.key, "snmp:127.0.0.1");
        }
        EXPECT_EQ(fact_of(o, wire::SubjectKind::device, "name")->value, wire::FactValue{std::string("bo-dinh-tuyen")});
        EXPECT_EQ(fact_of(o, wire::SubjectKind::device, "location")->value, wire::FactValue{std::string("Xã Hòa An")});
        EXPECT_GE(std::get<std::int64_t>(fact_of(o, wire::SubjectKind::device, "interfaces_up")->value), 1);
    }

    fs::path folder_;
    std::uint16_t port_ = 0;
    pid_t pid_ = -1;
};

TEST_F(SnmpdTest, Version2c) { expect_whole(ask("community: canh", 5s)); }

TEST_F(SnmpdTest, Version3WithSha256AndAes) {
    expect_whole(ask("version: 3, user: vg, auth_password: matkhau-mot, privacy_password: matkhau-hai", 8s));
    const auto wrong = ask("version: 3, user: vg, auth_password: matkhau-sai, privacy_password: matkhau-hai", 8s);
    EXPECT_FALSE(is_ok(wrong));
    EXPECT_FALSE(wrong.error.empty());
}

TEST_F(SnmpdTest, WrongCommunityAndSilenceKeepTheDeadline) {
    const auto start = std::chrono::steady_clock::now();
    const auto o = ask("community: sai", 1500ms);
    EXPECT_FALSE(is_ok(o));
    EXPECT_NE(fact_of(o, wire::SubjectKind::device, "snmp_ok"), nullptr);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 2500ms);
}

}  // namespace
}  // namespace vg::probes
