#include "agent/link.hpp"
#include "agent/enrol.hpp"
#include "tests/agent/fake_collector.hpp"
#include "tests/agent/temporary_directory.hpp"

#include <gmock/gmock.h>

namespace vg::agent {
namespace {

using namespace vg::agent::testing;

// An enrolled agent's spool and link beside a fake collector.
class LinkTest : public ::testing::Test {
protected:
    LinkTest()
        : spool(Spool::open({":memory:", 1 << 20}, system_clock()).value()),
          host{spool, system_clock(), bytes, manner, "vonggac-agent test", "test-host", {}, {}, {}, {}} {
        const auto key = x509::make_key().value();
        const auto request = x509::make_request(key.private_pem, "x").value();
        identity = Identity{"0123456789abcdef",
                            {key.private_pem, sign_agent(collector.authority, request, "0123456789abcdef")},
                            collector.authority.certificate_pem,
                            wall_now(),
                            wall_now() + hours{24}};
        host.assignment_version = [] { return std::string("v0"); };
        host.take_assignment = [this](const wire::Assignment& message) { assignments.push_back(message); };
        host.renewal_due = [] { return std::optional<wire::Renew>{}; };
        host.take_certificate = [](const wire::Certificate&) {};
        host.began = Mono{Millis{1234}};
        link = std::make_unique<Link>(
            io, LinkOptions{{"127.0.0.1", collector.port()}, "127.0.0.1", Millis{20}, Millis{200}}, host,
            [this]() -> const Identity& { return identity; });
    }
    ~LinkTest() override {
        link->stop("shutdown", Millis{50});
        run_until(io, [this] { return !running; });
    }
    void start() {
        running = true;
        asio::co_spawn(io, link->run(), [this](const std::exception_ptr&) { running = false; });
    }
    std::uint64_t say(const std::string& kind) {
        const wire::Event event{kind, wire::Severity::info, {}, {}, system_clock().mono()};
        const auto seq = spool.append_events(std::span(&event, 1)).value();
        link->wake();
        return seq;
    }
    std::uint64_t measure(const std::string& metric, double value) {
        const wire::Sample sample{{metric, "t", "1"}, value};
        spool.add_samples(system_clock().mono(), std::span(&sample, 1));
        const auto seq = spool.seal_samples().value().value();
        link->wake();
        return seq;
    }
    bool until(const std::function<bool()>& condition) { return run_until(io, condition); }

    asio::io_context io{1};
    FakeCollector collector{io};
    Spool spool;
    ByteCount bytes;
    Manner manner;
    SessionHost host;
    Identity identity;
    std::vector<wire::Assignment> assignments;
    std::unique_ptr<Link> link;
    bool running = false;
};

TEST_F(LinkTest, DeliversNamesAndBatchesAndForgetsThemAfterTheAck) {
    measure("a", 1);
    say("hello");
    start();
    ASSERT_TRUE(until([&] { return spool.use().total().batches == 0; }));
    EXPECT_EQ(collector.batches.size(), 2U);
    EXPECT_EQ(collector.names.at(1).metric, "a");
    EXPECT_EQ(collector.hellos.at(0).software, "vonggac-agent test");
    EXPECT_EQ(collector.hellos.at(0).assignment_version, "v0");
    EXPECT_EQ(collector.hellos.at(0).began_ms, 1234);
    EXPECT_EQ(spool.boot().corrected_at_zero_ms, 1000);
}

TEST_F(LinkTest, TheAgentHearsThatASessionIsAtWork) {
    int welcomes = 0;
    host.welcomed = [&] {
        ++welcomes;
        EXPECT_TRUE(link->is_connected());
    };
    start();
    EXPECT_TRUE(until([&] { return welcomes == 1; }));
}

TEST_F(LinkTest, RenewalIsAskedByTheCorrectedClockAlone) {
    std::vector<bool> was_corrected;
    host.renewal_due = [&] {
        was_corrected.push_back(spool.boot().corrected_at_zero_ms.has_value());
        return std::optional<wire::Renew>{};
    };
    say("one");
    start();
    ASSERT_TRUE(until([&] { return spool.use().total().batches == 0; }));
    say("two");
    ASSERT_TRUE(until([&] { return !was_corrected.empty(); }));
    EXPECT_EQ(was_corrected, std::vector<bool>{true});
}

TEST_F(LinkTest, SendsEventsThenFactsThenSamples) {
    measure("a", 1);
    const wire::TimedFact fact{{{wire::SubjectKind::site, ""}, "internet", true}, system_clock().mono()};
    ASSERT_TRUE(spool.append_facts(std::span(&fact, 1)).has_value());
    say("late");
    start();
    ASSERT_TRUE(until([&] { return collector.order.size() == 3; }));
    EXPECT_EQ(collector.order[0].batch_class, wire::BatchClass::events);
    EXPECT_EQ(collector.order[1].batch_class, wire::BatchClass::facts);
    EXPECT_EQ(collector.order[2].batch_class, wire::BatchClass::samples);
}

TEST_F(LinkTest, SendsAgainWhatWasNotAcknowledgedAndTheSameBytes) {
    collector.script = [](FakeCollector& self, FakeCollector::Connection& connection, const wire::Frame& frame) {
        if (frame.type == wire::FrameType::batch && connection.number == 0) {
            self.keep(connection, frame, false);
            connection.stream.close();
            return;
        }
        FakeCollector::answer_all(self, connection, frame);
    };
    measure("a", 1);
    start();
    ASSERT_TRUE(until([&] { return spool.use().total().batches == 0; }));
    EXPECT_EQ(collector.duplicates, 1);
    EXPECT_EQ(collector.conflicts, 0);
}

TEST_F(LinkTest, TakesADuplicateOrForeignAckCalmly) {
    collector.script = [](FakeCollector& self, FakeCollector::Connection& connection, const wire::Frame& frame) {
        FakeCollector::answer_all(self, connection, frame);
        if (frame.type == wire::FrameType::batch)
            connection.send(wire::FrameType::ack, wire::Ack{{1, 1, 999}, 1000, 5});
    };
    say("one");
    start();
    ASSERT_TRUE(until([&] { return spool.use().total().batches == 0; }));
    say("two");
    ASSERT_TRUE(until([&] { return collector.batches.size() == 2 && spool.use().total().batches == 0; }));
    EXPECT_EQ(collector.connections.size(), 1U);
}

TEST_F(LinkTest, ConnectsAgainAfterTheCollectorHungUp) {
    start();
    say("one");
    ASSERT_TRUE(until([&] { return collector.batches.size() == 1; }));
    collector.hang_up();
    say("two");
    ASSERT_TRUE(until([&] { return collector.batches.size() == 2; }));
    EXPECT_GE(collector.connections.size(), 2U);
}

TEST_F(LinkTest, GivesUpABatchThatTheCollectorCannotReadAndTellsTheLoss) {
    collector.script = [](FakeCollector& self, FakeCollector::Connection& connection, const wire::Frame& frame) {
        if (frame.type == wire::FrameType::batch) {
            const auto batch = wire::decode<wire::Batch>(frame.payload).value();
            if (batch.batch_class == wire::BatchClass::samples) {
                connection.send(wire::FrameType::refuse,
                                wire::Refuse{wire::RefuseCode::malformed_body, "no", batch.seq, 0});
                return;
            }
        }
        FakeCollector::answer_all(self, connection, frame);
    };
    const auto seq = measure("a", 1);
    start();
    ASSERT_TRUE(until([&] { return collector.has_event("spool.lost"); }));
    const auto events = collector.events();
    EXPECT_EQ(events[0].fields[1].second, std::to_string(seq));
    ASSERT_TRUE(until([&] { return spool.lost(10)->empty(); }));
    EXPECT_EQ(collector.connections.size(), 1U);
}

TEST_F(LinkTest, SendsTheNamesAgainWhenTheCollectorDoesNotKnowThem) {
    bool refused = false;
    collector.script = [&](FakeCollector& self, FakeCollector::Connection& connection, const wire::Frame& frame) {
        if (frame.type == wire::FrameType::batch && !refused) {
            refused = true;
            self.names.clear();
            const auto batch = wire::decode<wire::Batch>(frame.payload).value();
            connection.send(wire::FrameType::refuse, wire::Refuse{wire::RefuseCode::unknown_series, "?", batch.seq, 0});
            return;
        }
        FakeCollector::answer_all(self, connection, frame);
    };
    measure("a", 1);
    start();
    ASSERT_TRUE(until([&] { return spool.use().total().batches == 0; }));
    EXPECT_EQ(collector.names.at(1).metric, "a");
    EXPECT_TRUE(spool.lost(1)->empty());
}

TEST_F(LinkTest, KeepsEverythingWhileTheStoreIsUnavailable) {
    int refusals = 0;
    collector.script = [&](FakeCollector& self, FakeCollector::Connection& connection, const wire::Frame& frame) {
        if (frame.type == wire::FrameType::batch && refusals < 3) {
            ++refusals;
            const auto batch = wire::decode<wire::Batch>(frame.payload).value();
            connection.send(wire::FrameType::refuse,
                            wire::Refuse{wire::RefuseCode::store_unavailable, "disk full", batch.seq, 30});
            return;
        }
        FakeCollector::answer_all(self, connection, frame);
    };
    measure("a", 1);
    start();
    ASSERT_TRUE(until([&] { return spool.use().total().batches == 0; }));
    EXPECT_EQ(refusals, 3);
    EXPECT_EQ(collector.batches.size(), 1U);
    EXPECT_TRUE(spool.lost(1)->empty());
}

TEST_F(LinkTest, EndsWhenTheCollectorSpeaksAnotherVersion) {
    int tries = 0;
    collector.script = [&](FakeCollector& self, FakeCollector::Connection& connection, const wire::Frame& frame) {
        if (frame.type == wire::FrameType::hello && ++tries < 3) {
            connection.send(wire::FrameType::welcome, wire::Welcome{99, 0, 0, {}});
            return;
        }
        FakeCollector::answer_all(self, connection, frame);
    };
    say("one");
    start();
    ASSERT_TRUE(until([&] { return collector.batches.size() == 1; }));
    EXPECT_EQ(tries, 3);
}

TEST_F(LinkTest, EndsTheConnectionOnBytesThatAreNoFrame) {
    int tries = 0;
    collector.script = [&](FakeCollector& self, FakeCollector::Connection& connection, const wire::Frame& frame) {
        if (frame.type == wire::FrameType::hello && ++tries == 1) {
            connection.out = {0x02, 0xEE, 0xEE};
            return;
        }
        FakeCollector::answer_all(self, connection, frame);
    };
    say("one");
    start();
    ASSERT_TRUE(until([&] { return collector.batches.size() == 1; }));
    EXPECT_EQ(tries, 2);
}

TEST_F(LinkTest, ReplacesAConnectionThatDoesNotAnswerAfterTheLineChanged) {
    collector.script = [](FakeCollector& self, FakeCollector::Connection& connection, const wire::Frame& frame) {
        if (connection.number == 0 && frame.type != wire::FrameType::hello && frame.type != wire::FrameType::heartbeat)
            return;  // as a line that has gone
        if (connection.number == 0 && frame.type == wire::FrameType::heartbeat && self.heartbeats.size() >= 1) return;
        FakeCollector::answer_all(self, connection, frame);
    };
    manner.profiles.fibre.heartbeat = Millis{60'000};
    start();
    ASSERT_TRUE(until([&] { return collector.heartbeats.size() == 1; }));
    say("uplink.changed");
    link->line_changed();
    const auto since = steady_clock::now();
    ASSERT_TRUE(until([&] { return collector.batches.size() == 1; }));
    EXPECT_LT(steady_clock::now() - since, seconds{4});
    EXPECT_EQ(collector.connections.size(), 2U);
}

TEST_F(LinkTest, SaysGoodbyeWithTheReason) {
    start();
    say("one");
    ASSERT_TRUE(until([&] { return collector.batches.size() == 1; }));
    link->stop("host_shutdown", Millis{500});
    ASSERT_TRUE(until([&] { return !running && !collector.byes.empty(); }));
    EXPECT_EQ(collector.byes.at(0), "host_shutdown");
}

TEST_F(LinkTest, HandsTheAssignmentOn) {
    collector.script = [](FakeCollector& self, FakeCollector::Connection& connection, const wire::Frame& frame) {
        FakeCollector::answer_all(self, connection, frame);
        if (frame.type == wire::FrameType::hello)
            connection.send(wire::FrameType::assignment, wire::Assignment{"v1", "version: v1\n"});
    };
    start();
    ASSERT_TRUE(until([&] { return !assignments.empty(); }));
    EXPECT_EQ(assignments[0].version, "v1");
}

TEST_F(LinkTest, SaysNothingBeyondBatchesOnAMeteredLine) {
    manner.line = LineClass::metered;
    start();
    for (int i = 0; i < 5; ++i) {
        measure("a", i);
        ASSERT_TRUE(until([&] { return collector.batches.size() == static_cast<std::size_t>(i + 1); }));
    }
    EXPECT_EQ(collector.heartbeats.size(), 1U);  // the one that tells the profile
    EXPECT_EQ(collector.heartbeats[0].metered, 1);
    EXPECT_EQ(collector.heartbeats[0].next_in_ms, 600'000U);
}

TEST_F(LinkTest, HoldsSamplesBackWhenTheDaysBytesAreUsedUp) {
    manner.profiles.fibre.budget_day = 1000;
    bytes.add(2000, system_clock().wall());
    start();
    measure("a", 1);
    say("urgent");
    ASSERT_TRUE(until([&] { return collector.batches.size() == 1; }));
    EXPECT_EQ(collector.order[0].batch_class, wire::BatchClass::events);
    EXPECT_EQ(spool.use().of(wire::BatchClass::samples).batches, 1U);
}

TEST_F(LinkTest, CountsWhatTheSocketReallyCost) {
    start();
    say("one");
    ASSERT_TRUE(until([&] { return collector.batches.size() == 1; }));
    link->stop("shutdown", Millis{100});
    ASSERT_TRUE(until([&] { return !running; }));
    const auto today = bytes.today(system_clock().wall());
    EXPECT_GT(today, 1500U);  // a handshake with two certificates
    EXPECT_LT(today, 10'000U);
}

TEST_F(LinkTest, TellsWhatIsAskedForButLongGone) {
    say("one");
    start();
    ASSERT_TRUE(until([&] { return spool.use().total().batches == 0; }));
    collector.missing = {{1, 1}};
    collector.hang_up();
    ASSERT_TRUE(until([&] { return collector.has_event("spool.lost"); }));
    EXPECT_EQ(collector.events().back().fields[5].second, "deleted_after_ack");
}

TEST(WaitAfter, FollowsTheReason) {
    SessionEnd end;
    end.kind = EndKind::refused;
    end.code = wire::RefuseCode::revoked_certificate;
    EXPECT_EQ(wait_after(end), std::chrono::minutes{10});
    end.retry_after = Millis{5};
    EXPECT_EQ(wait_after(end), Millis{5});
    EXPECT_THAT(advice_for(wire::RefuseCode::key_in_use), ::testing::HasSubstr("vonggac-agent enrol"));
    end = {};
    EXPECT_EQ(wait_after(end), Millis{0});
}

}  // namespace
}  // namespace vg::agent
