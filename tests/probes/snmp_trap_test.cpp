// Traps and informs as net-snmp's own tools send them, and messages cut short.
#include "base/crypto.hpp"
#include "probes/snmp/session.hpp"
#include "probes/snmp/snmp.hpp"
#include "probes/snmp/trap.hpp"
#include "tests/probes/running.hpp"

#include <sys/wait.h>
#include <unistd.h>
#include <filesystem>

namespace vg::probes::snmp {
namespace {

using namespace testing;
namespace fs = std::filesystem;

std::string field(const wire::Event& event, std::string_view name) {
    for (const auto& [key, value] : event.fields)
        if (key == name) return value;
    return {};
}

TEST(SnmpTrap, Version1BecomesAnIdentifier) {
    Trap trap;
    trap.version = "1";
    trap.enterprise = {1, 3, 6, 1, 4, 1, 9};
    trap.generic = 2;
    EXPECT_EQ(trap_name(trap_oid(trap)), "linkDown");
    trap.generic = 6;
    trap.specific = 17;
    EXPECT_EQ(to_text(trap_oid(trap)), "1.3.6.1.4.1.9.0.17");
}

TEST(SnmpTrap, BindingsAreLimited) {
    Trap trap;
    trap.version = "2c";
    trap.source = "10.0.0.1";
    for (std::uint32_t i = 0; i < 50; ++i) trap.bindings.push_back({{1, 3, i}, std::string(5000, 'x')});
    const auto event = event_of(trap, Mono{});
    EXPECT_EQ(field(event, "left_out"), "30");
    EXPECT_LE(event.fields.size(), 30u);
    EXPECT_EQ(field(event, "1.3.3").size(), 200u);
}

TEST(SnmpTrap, SenderOfABrokenMessage) {
    const Bytes good{0x30, 29,  2, 1, 3, 0x30, 0, 4, 20, 0x30, 18,  4,   5, 'e', 'n', 'g',
                     'i',  'n', 2, 1, 0, 2,    1, 0, 4,  2,    'v', 'g', 0, 0,   0};
    const auto sender = v3_sender(good);
    ASSERT_TRUE(sender);
    EXPECT_EQ(sender->engine_id, "engin");
    EXPECT_EQ(sender->user, "vg");
    for (std::size_t n = 0; n < 26; ++n) EXPECT_FALSE(v3_sender(ByteView(good).first(n))) << n;
}

class SnmpTrapTools : public ::testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists("/usr/bin/snmptrap")) GTEST_SKIP() << "needs snmptrap";
        folder_ = fs::temp_directory_path() / ("vg-trap-" + crypto::random_text(8));
        TrapDoor door;
        door.address = "127.0.0.1";
        door.user.name = "vg";
        door.user.auth_password = "matkhau-mot";
        door.user.privacy_password = "matkhau-hai";
        auto opened = open_trap_socket(io_, door);
        ASSERT_TRUE(opened) << opened.error().message;
        socket_ = std::move(*opened);
    }
    void TearDown() override {
        std::error_code ignored;
        if (!folder_.empty()) fs::remove_all(folder_, ignored);
    }
    // Sends and receives; what the tool says by its exit is in status_.
    std::vector<ReceivedTrap> send(std::vector<std::string> words) {
        const auto place = "127.0.0.1:" + std::to_string(socket_->port());
        for (auto& word : words)
            if (word == "HERE") word = place;
        const pid_t pid = ::fork();
        if (pid == 0) {
            std::vector<char*> arguments;
            for (auto& word : words) arguments.push_back(word.data());
            arguments.push_back(nullptr);
            ::setenv("MIBS", "", 1);
            ::setenv("SNMP_PERSISTENT_DIR", folder_.c_str(), 1);
            ::execv(("/usr/bin/" + words[0]).c_str(), arguments.data());
            ::_exit(127);
        }
        auto got = run_until_done(io_, socket_->receive());
        ::waitpid(pid, &status_, 0);
        return got ? *got : std::vector<ReceivedTrap>{};
    }

    fs::path folder_;
    asio::io_context io_;
    std::unique_ptr<TrapSocket> socket_;
    int status_ = -1;
};

const std::vector<std::string> link_down{"HERE", "", "1.3.6.1.6.3.1.1.5.3", "1.3.6.1.2.1.2.2.1.1.7", "i", "7"};
std::vector<std::string> words(std::vector<std::string> first, const std::vector<std::string>& rest) {
    first.insert(first.end(), rest.begin(), rest.end());
    return first;
}

TEST_F(SnmpTrapTools, Version1) {
    const auto got = send({"snmptrap", "-v1", "-c", "canh", "HERE", "1.3.6.1.4.1.9", "10.0.0.1", "4", "0", "1"});
    ASSERT_EQ(got.size(), 1u);
    const auto event = event_of(got[0].trap, Mono{});
    EXPECT_EQ(field(event, "name"), "authenticationFailure");
    EXPECT_EQ(event.severity, wire::Severity::medium);
    EXPECT_EQ(event.subject.key, "snmp:127.0.0.1");
    EXPECT_EQ(got[0].community, "canh");
}

TEST_F(SnmpTrapTools, Version2cTrapAndInform) {
    const auto trap = send(words({"snmptrap", "-v2c", "-c", "canh"}, link_down));
    ASSERT_EQ(trap.size(), 1u);
    const auto event = event_of(trap[0].trap, Mono{});
    EXPECT_EQ(field(event, "name"), "linkDown");
    EXPECT_EQ(field(event, "interface"), "7");
    const auto inform = send(words({"snmpinform", "-v2c", "-c", "canh", "-r0", "-t5"}, link_down));
    ASSERT_EQ(inform.size(), 1u);
    EXPECT_TRUE(inform[0].trap.is_inform);
    EXPECT_EQ(status_, 0) << "the inform was not answered";
}

TEST_F(SnmpTrapTools, Version3TrapWithKeysOfAnUnknownEngine) {
    const auto got = send(words({"snmptrap", "-v3", "-e", "0x8000000001020304", "-u", "vg", "-l", "authPriv", "-a",
                                 "SHA-256", "-A", "matkhau-mot", "-x", "AES", "-X", "matkhau-hai"},
                                link_down));
    ASSERT_EQ(got.size(), 1u);
    EXPECT_EQ(got[0].trap.version, "3");
    EXPECT_EQ(trap_name(trap_oid(got[0].trap)), "linkDown");
}

TEST_F(SnmpTrapTools, Version3InformIsAnswered) {
    const auto got = send(words({"snmpinform", "-v3", "-r0", "-t5", "-u", "vg", "-l", "authPriv", "-a", "SHA-256", "-A",
                                 "matkhau-mot", "-x", "AES", "-X", "matkhau-hai"},
                                link_down));
    ASSERT_EQ(got.size(), 1u);
    EXPECT_TRUE(got[0].trap.is_inform);
    EXPECT_EQ(status_, 0) << "the inform was not answered";
}

}  // namespace
}  // namespace vg::probes::snmp
