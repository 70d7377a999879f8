#include "probes/echo.hpp"
#include "probes/icmp_packet.hpp"
#include "probes/statistics.hpp"

#include <gtest/gtest.h>

#include <array>

namespace vg::probes {
namespace {

using namespace std::chrono_literals;

class EchoMachineTest : public ::testing::Test {
protected:
    static EchoPlan plan(std::vector<const char*> targets, unsigned count = 1) {
        EchoPlan out;
        for (const auto* target : targets) out.targets.push_back(boost::asio::ip::make_address(target));
        out.count = count;
        out.interval = 100ms;
        out.wait = 1s;
        return out;
    }
    std::vector<EchoMachine::Outgoing> send_due() {
        std::array<EchoMachine::Outgoing, 64> out;
        const auto n = machine.take_due(now, out);
        for (std::size_t i = 0; i < n; ++i) machine.on_sent(out[i].sequence, now);
        return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(n)};
    }
    EchoMachine machine{42};
    Instant now{1h};
};

TEST_F(EchoMachineTest, MeasuresTheAnswerOfEachEcho) {
    machine.start(plan({"10.0.0.1"}, 2), now);
    auto first = send_due();
    ASSERT_EQ(first.size(), 1u);
    machine.on_reply(first[0].sequence, first[0].cookie, *first[0].target, now + 7ms);
    EXPECT_TRUE(machine.take_finished().empty());
    EXPECT_EQ(machine.next_send(), now + 100ms);
    now += 100ms;
    auto second = send_due();
    ASSERT_EQ(second.size(), 1u);
    machine.on_reply(second[0].sequence, second[0].cookie, *second[0].target, now + 9ms);
    const auto done = machine.take_finished();
    ASSERT_EQ(done.size(), 1u);
    EXPECT_EQ(done[0].round.echo(0, 0).rtt, 7ms);
    EXPECT_EQ(done[0].round.echo(0, 1).rtt, 9ms);
    EXPECT_TRUE(machine.is_idle());
}

TEST_F(EchoMachineTest, EveryTargetHasItsTurnAndThePaceHolds) {
    auto spread = plan({"10.0.0.1", "10.0.0.2", "fe80::1"}, 2);
    spread.pace = 10ms;
    machine.start(spread, now);
    EXPECT_EQ(send_due().size(), 1u);
    EXPECT_EQ(machine.next_send(), now + 10ms);
    now += 25ms;
    EXPECT_EQ(send_due().size(), 2u);
    EXPECT_EQ(machine.next_send(), now - 25ms + 100ms);  // the interval is longer than three paces
}

TEST_F(EchoMachineTest, AnEchoWithoutAnswerIsLostAfterItsWait) {
    machine.start(plan({"10.0.0.1"}), now);
    send_due();
    EXPECT_EQ(machine.next_expiry(), now + 1s);
    machine.expire(now + 999ms);
    EXPECT_TRUE(machine.take_finished().empty());
    machine.expire(now + 1s);
    const auto done = machine.take_finished();
    ASSERT_EQ(done.size(), 1u);
    EXPECT_EQ(done[0].round.echo(0, 0).state, EchoState::lost);
}

TEST_F(EchoMachineTest, ForeignAnswersChangeNothing) {
    machine.start(plan({"10.0.0.1"}), now);
    const auto sent = send_due();
    machine.on_reply(sent[0].sequence, sent[0].cookie + 1, *sent[0].target, now);
    machine.on_reply(static_cast<std::uint16_t>(sent[0].sequence + 1), sent[0].cookie, *sent[0].target, now);
    machine.on_reply(sent[0].sequence, sent[0].cookie, boost::asio::ip::make_address("10.9.9.9"), now);
    machine.on_report(EchoState::expired, sent[0].sequence, boost::asio::ip::make_address("10.9.9.9"), {}, now);
    EXPECT_TRUE(machine.take_finished().empty());
    machine.on_reply(sent[0].sequence, sent[0].cookie, *sent[0].target, now);
    machine.on_reply(sent[0].sequence, sent[0].cookie, *sent[0].target, now);  // twice
    EXPECT_EQ(machine.take_finished().size(), 1u);
}

TEST_F(EchoMachineTest, ARouterOnTheWayNamesItself) {
    machine.start(plan({"10.0.0.1"}), now);
    const auto sent = send_due();
    const auto router = boost::asio::ip::make_address("10.7.7.7");
    machine.on_report(EchoState::expired, sent[0].sequence, *sent[0].target, router, now + 3ms);
    const auto done = machine.take_finished();
    ASSERT_EQ(done.size(), 1u);
    EXPECT_EQ(done[0].round.echo(0, 0).from, router);
    EXPECT_EQ(done[0].round.echo(0, 0).rtt, 3ms);
}

TEST_F(EchoMachineTest, ADroppedRoundLeavesNothingBehind) {
    const auto id = machine.start(plan({"10.0.0.1", "10.0.0.2"}), now);
    const auto sent = send_due();
    machine.drop(id);
    EXPECT_TRUE(machine.is_idle());
    EXPECT_FALSE(machine.is_waiting());
    machine.on_reply(sent[0].sequence, sent[0].cookie, boost::asio::ip::make_address("10.0.0.1"), now);
    EXPECT_FALSE(machine.next_send());
    EXPECT_FALSE(machine.next_expiry());
}

TEST_F(EchoMachineTest, MoreEchoesThanSequenceNumbersWaitTheirTurn) {
    EchoPlan big;
    big.targets.assign(70000, boost::asio::ip::make_address("10.0.0.1"));
    big.count = 1;
    big.wait = 1s;
    machine.start(big, now);
    std::size_t sent = 0;
    for (auto batch = send_due(); !batch.empty(); batch = send_due()) sent += batch.size();
    EXPECT_EQ(sent, 60000u);
    machine.expire(now + 1s);
    now += 1s;
    for (auto batch = send_due(); !batch.empty(); batch = send_due()) sent += batch.size();
    EXPECT_EQ(sent, 70000u);
}

TEST(IcmpPacket, AnEchoIsReadAsItWasWritten) {
    for (const bool v6 : {false, true}) {
        std::array<std::uint8_t, 24> bytes;
        write_echo_request(v6, 0x1234, 0xabcd, 77, bytes);
        const auto echo = read_echo(v6, bytes);
        ASSERT_TRUE(echo);
        EXPECT_TRUE(echo->is_request);
        EXPECT_EQ(echo->identifier, 0x1234);
        EXPECT_EQ(echo->sequence, 0xabcd);
        EXPECT_EQ(echo->cookie, 77u);
        EXPECT_FALSE(read_echo(!v6, bytes));
        EXPECT_FALSE(read_echo(v6, ByteView(bytes).first(7)));
        EXPECT_FALSE(read_echo(v6, ByteView(bytes).first(8))->cookie);
    }
}

TEST(IcmpPacket, ChecksumOfRfc792MakesTheSumOnes) {
    std::array<std::uint8_t, 16> bytes;
    write_echo_request(false, 1, 2, 0x0102030405060708, bytes);
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); i += 2) sum += static_cast<std::uint32_t>(bytes[i] << 8 | bytes[i + 1]);
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    EXPECT_EQ(sum, 0xffffu);
}

TEST(IcmpPacket, TheHeaderLengthIsNotBelieved) {
    const std::array<std::uint8_t, 4> cut{0x4f, 0, 0, 0};
    EXPECT_TRUE(behind_ipv4_header(cut).empty());
    EXPECT_TRUE(behind_ipv4_header({}).empty());
    const std::array<std::uint8_t, 20> small{0x41};
    EXPECT_TRUE(behind_ipv4_header(small).empty());
}

TEST(Statistics, OfARound) {
    const auto trips = round_trips({10, 14, 12, 20});
    ASSERT_TRUE(trips);
    EXPECT_EQ(trips->min, 10);
    EXPECT_EQ(trips->median, 13);
    EXPECT_EQ(trips->p95, 20);
    EXPECT_EQ(trips->max, 20);
    EXPECT_EQ(trips->jitter, (4 + 2 + 8) / 3.0);
    EXPECT_FALSE(round_trips({}));
    EXPECT_FALSE(round_trips({5})->jitter);
    EXPECT_EQ(round_to(1.23456, 0.01), 1.23);
}

}  // namespace
}  // namespace vg::probes
