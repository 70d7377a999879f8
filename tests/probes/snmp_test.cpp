// The snmp probe against a real snmpd on a free port.
#include "probes/snmp/snmp.hpp"
#include "base/crypto.hpp"
#include "probes/once.hpp"
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

using namespace testing;
namespace fs = std::filesystem;

TEST(SnmpOptions, MistakesAreListed) {
    asio::io_context io;
    for (const auto* text : {"{ target: router.example, community: c }", "{ target: 10.0.0.1:0, community: c }",
                             "{ target: 10.0.0.1, community: c, version: 4 }", "{ target: 10.0.0.1, version: 3 }",
                             "{ target: 10.0.0.1, version: 3, user: u, auth_password: short }"}) {
        Problems problems;
        EXPECT_FALSE(snmp_kind().make_probe(task_of(text), {io, system_clock()}, problems)) << text;
        EXPECT_FALSE(problems.empty()) << text;
    }
}

TEST(SnmpOptions, WithoutACommunityASentenceSaysWhatToGive) {
    OnceRequest request;
    request.kind = "snmp";
    request.target = "127.0.0.1";
    Problems problems;
    const auto told = describe_once(request, system_clock(), problems);
    ASSERT_FALSE(told);
    const auto words = vg::told(told.error());
    EXPECT_NE(words.en.find("community"), std::string::npos) << words.en;
    EXPECT_NE(words.vi.find("chuỗi cộng đồng"), std::string::npos) << words.vi;
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
            << "sysLocation Xã Hòa An\ncreateUser vg SHA-256 matkhau-mot AES matkhau-hai\nrouser vg priv\n"
            << "createUser manh SHA-512 matkhau-mot AES-256 matkhau-hai\nrouser manh priv\n";
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
        const auto text =
            "{ id: r, target: \"127.0.0.1:" + std::to_string(port_) + "\", check_default: false, " + options + " }";
        const auto probe = snmp_kind().make_probe(task_of(text), {io, system_clock()}, problems);
        EXPECT_TRUE(probe) << problems.text();
        if (!probe) return {};
        return run_until_done(io, probe->run(in(time)));
    }
    static bool is_ok(const wire::Observation& o) {
        const auto* fact = fact_of(o, wire::SubjectKind::device, "snmp_ok");
        return fact && fact->value == wire::FactValue{true};
    }
    void wait_until_it_answers() {
        for (int i = 0; i < 100; ++i)
            if (is_ok(ask("community: canh", 200ms))) return;
        FAIL() << "snmpd never answered";
    }
    static void expect_whole(const wire::Observation& o) {
        ASSERT_TRUE(is_ok(o)) << o.error.en;
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

TEST_F(SnmpdTest, Version1) { expect_whole(ask("version: 1, community: canh", 8s)); }

TEST_F(SnmpdTest, Version3WithSha256AndAes) {
    expect_whole(ask("version: 3, user: vg, auth_password: matkhau-mot, privacy_password: matkhau-hai", 8s));
    const auto wrong = ask("version: 3, user: vg, auth_password: matkhau-sai, privacy_password: matkhau-hai", 8s);
    EXPECT_FALSE(is_ok(wrong));
    EXPECT_TRUE(wrong.error.is_whole());
}

TEST_F(SnmpdTest, Version3WithSha512AndAes256) {
    expect_whole(
        ask("version: 3, user: manh, auth_protocol: SHA-512, auth_password: matkhau-mot, "
            "privacy_protocol: AES-256, privacy_password: matkhau-hai",
            8s));
}

TEST_F(SnmpdTest, WrongCommunityAndSilenceKeepTheDeadline) {
    const auto start = std::chrono::steady_clock::now();
    const auto o = ask("community: sai", 1500ms);
    EXPECT_FALSE(is_ok(o));
    EXPECT_NE(fact_of(o, wire::SubjectKind::device, "snmp_ok"), nullptr);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 2500ms);
}

// Many devices, one thread: as long as they all wait for an answer that does not come, they wait together.
TEST_F(SnmpdTest, ManyAtOnceOnOneThread) {
    asio::io_context io;
    Problems problems;
    std::vector<std::unique_ptr<Probe>> probes;
    std::vector<wire::Observation> seen;
    const auto text =
        "{ id: r, target: \"127.0.0.1:" + std::to_string(port_) + "\", check_default: false, community: canh }";
    for (int i = 0; i < 40; ++i) {
        probes.push_back(snmp_kind().make_probe(task_of(text), {io, system_clock()}, problems));
        asio::co_spawn(io, probes.back()->run(in(8s)), [&](std::exception_ptr trouble, wire::Observation o) {
            EXPECT_FALSE(trouble);
            seen.push_back(std::move(o));
        });
    }
    io.run();
    ASSERT_EQ(seen.size(), 40u);
    for (const auto& o : seen) EXPECT_TRUE(is_ok(o)) << o.error.en;
}

TEST_F(SnmpdTest, SlowTablesAtTheirOwnPaceAndASecondVisit) {
    asio::io_context io;
    Problems problems;
    const auto text = "{ id: r, target: \"127.0.0.1:" + std::to_string(port_) + "\", community: canh }";
    const auto probe = snmp_kind().make_probe(task_of(text), {io, system_clock()}, problems);
    const auto first = run_until_done(io, probe->run(in(8s)));
    EXPECT_NE(fact_of(first, wire::SubjectKind::device, "interface/1"), nullptr);
    EXPECT_NE(fact_of(first, wire::SubjectKind::device, "address/127.0.0.1"), nullptr);
    EXPECT_EQ(fact_of(first, wire::SubjectKind::device, "snmp_public")->value, wire::FactValue{false});
    EXPECT_NE(fact_of(first, wire::SubjectKind::device, "engine_id"), nullptr);
    const auto second = run_until_done(io, probe->run(in(8s)));
    EXPECT_TRUE(is_ok(second));
    EXPECT_EQ(fact_of(second, wire::SubjectKind::device, "interface/1"), nullptr);
    expect_conform(snmp_kind(), second);
}

TEST_F(SnmpdTest, DescribedAsOneObject) {
    OnceRequest request;
    request.kind = "snmp";
    request.target = "udp:127.0.0.1:" + std::to_string(port_);
    request.options = {{"community", "canh"}};
    Problems problems;
    const auto told = describe_once(request, system_clock(), problems);
    ASSERT_TRUE(told) << told.error().message;
    EXPECT_TRUE(told->starts_with(R"({"sys_object_id":"1.3.6.1.4.1.8072)")) << *told;
    for (const auto* key : {"enterprise", "vendor", "hardware", "version", "serial", "name", "location", "interfaces",
                            "ipv4", "ipv6", "neighbours", "vlans", "entities"})
        EXPECT_NE(told->find('"' + std::string(key) + "\":"), std::string::npos) << key;
}

}  // namespace
}  // namespace vg::probes
