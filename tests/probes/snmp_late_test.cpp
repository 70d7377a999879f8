// Answers that come after their question was given up, from an agent on loopback that answers when the test says so.
#include "probes/snmp/session.hpp"
#include "tests/probes/running.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/udp.hpp>

#include <array>

namespace vg::probes::snmp {
namespace {

using namespace vg::probes::testing;
using asio::ip::udp;

const Oid sys_descr{1, 3, 6, 1, 2, 1, 1, 1, 0}, sys_name{1, 3, 6, 1, 2, 1, 1, 5, 0};

class SnmpLate : public ::testing::Test {
protected:
    void SetUp() override {
        open({}, 60s);  // nothing is sent twice
        if (session) listen();
    }
    void open(Access access, std::chrono::milliseconds patience) {
        access.address = "127.0.0.1:" + std::to_string(agent.local_endpoint().port());
        access.community = "canh";
        auto opened = open_session(io, access, patience);
        if (!opened) GTEST_SKIP() << opened.error().message;
        session = std::move(*opened);
    }
    void listen() {
        agent.async_receive_from(asio::buffer(buffer), asker, [this](boost::system::error_code error, std::size_t n) {
            if (error) return;
            questions.emplace_back(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(n));
            if (on_question) on_question();
            listen();
        });
    }
    // The same message as a response (RFC 3416: the PDU's tag), its values still null.
    void answer(std::size_t number) {
        auto message = questions.at(number);
        const auto tag = 2 + 3 + 2 + std::string_view("canh").size();
        ASSERT_EQ(message.at(tag), 0xA0);
        message[tag] = 0xA2;
        agent.send_to(asio::buffer(message), asker);
    }
    Result<Answer> ask(const Oid& oid, std::chrono::milliseconds time) {
        return run_until_done(io, session->ask({Ask::get, {oid}, 0}, in(time)));
    }

    asio::io_context io{1};
    udp::socket agent{io, udp::endpoint(asio::ip::make_address("127.0.0.1"), 0)};
    udp::endpoint asker;
    std::array<std::uint8_t, 2048> buffer{};
    std::vector<std::vector<std::uint8_t>> questions;
    std::function<void()> on_question;
    std::unique_ptr<Session> session;
};

TEST_F(SnmpLate, AnAnswerAfterItsDeadlineIsNotTakenForTheNextOnes) {
    const auto first = ask(sys_descr, 30ms);
    ASSERT_FALSE(first);
    EXPECT_EQ(first.error().code, Errc::timed_out);
    on_question = [this] {
        answer(0);
        answer(1);
    };
    const auto second = ask(sys_name, 10s);
    ASSERT_TRUE(second) << second.error().message;
    ASSERT_EQ(second->bindings.size(), 1u);
    EXPECT_EQ(second->bindings[0].oid, sys_name);
}

TEST_F(SnmpLate, ALateAnswerAloneIsNoAnswer) {
    ASSERT_FALSE(ask(sys_descr, 30ms));
    on_question = [this] { answer(0); };
    const auto second = ask(sys_name, 100ms);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::timed_out);
    ASSERT_EQ(questions.size(), 2u);
}

TEST_F(SnmpLate, NeitherIsTheAnswerToACancelledQuestion) {
    asio::cancellation_signal cancel;
    bool ended = false;
    on_question = [&] { cancel.emit(asio::cancellation_type::terminal); };
    asio::co_spawn(io, session->ask({Ask::get, {sys_descr}, 0}, in(10s)),
                   asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr, Result<Answer> result) {
                       EXPECT_FALSE(result);
                       ended = true;
                   }));
    while (!ended && io.run_one() > 0) {}
    ASSERT_TRUE(ended);
    on_question = [this] {
        answer(0);
        answer(1);
    };
    const auto second = ask(sys_name, 10s);
    ASSERT_TRUE(second) << second.error().message;
    EXPECT_EQ(second->bindings.at(0).oid, sys_name);
}

// The question for its engine is heard by an agent that lives on the same thread: it was not waited for within sending.
TEST_F(SnmpLate, ASilentAgentOfVersion3HoldsNobodyUp) {
    Access access;
    access.version = Version::v3;
    access.user.name = "canh";
    open(access, 100ms);
    const auto answer = ask(sys_descr, 150ms);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::timed_out) << answer.error().message;
    EXPECT_FALSE(questions.empty());
}

}  // namespace
}  // namespace vg::probes::snmp
