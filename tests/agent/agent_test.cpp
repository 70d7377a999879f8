// The whole agent beside a collector on loopback: how it begins and ends, what it does with an assignment, on a full
// disk, and when the line under it is another one all at once.
#include "agent/agent.hpp"
#include "agent/schedule.hpp"
#include "agent/spool.hpp"
#include "tests/agent/fake_collector.hpp"
#include "tests/agent/full_disk.hpp"
#include "tests/agent/temporary_directory.hpp"
#include "tests/probes/namespaces.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

namespace vg::agent {
namespace {

using namespace vg::agent::testing;
using ::testing::HasSubstr;

constexpr const char* agent_id = "0123456789abcdef";

// Tells at its first run that nobody listens, and gives a sample.
constexpr const char* nobody_listens =
    "  - { id: nobody, probe: tcp, target: '127.0.0.1:1', service: nobody, every: 1s }\n";

std::string assignment(const std::string& version, const std::string& probes, const std::string& seal = "1h") {
    return "version: " + version + "\nprofiles: { fibre: { heartbeat: 500ms, seal: " + seal + " } }\nprobes:\n" +
           probes;
}

std::string field(const wire::Event& event, std::string_view name) {
    for (const auto& [key, value] : event.fields)
        if (key == name) return value;
    return "no such field";
}

class AgentTest : public ::testing::Test {
protected:
    void SetUp() override { open_house(); }
    ~AgentTest() override {
        if (agent && !agent->is_stopped()) { EXPECT_TRUE(stop("shutdown")); }
    }
    void open_house() {
        collector = std::make_unique<FakeCollector>(io);
        const auto key = x509::make_key().value();
        const auto request = x509::make_request(key.private_pem, "x").value();
        identity = {agent_id,
                    {key.private_pem, sign_agent(collector->authority, request, agent_id)},
                    collector->authority.certificate_pem,
                    wall_now(),
                    wall_now() + hours{24}};
        config.collector = {"127.0.0.1", collector->port()};
        config.state_dir = directory.path();
    }
    void start() {
        agent = Agent::make(io, system_clock(), config, identity).value();
        agent->start();
    }
    // Less than the link would wait for a collector that never welcomes.
    bool stop(const std::string& reason) {
        agent->stop(reason);
        return run_until(
            io, [this] { return agent->is_stopped(); }, seconds{15});
    }
    bool until(const std::function<bool()>& condition) { return run_until(io, condition); }
    bool until_event(std::string_view kind) {
        return until([&] { return collector->has_event(kind); });
    }
    // Each agent that says hello gets this assignment, whatever it has.
    void assign(const std::string& version, const std::string& text) {
        collector->script = [=](FakeCollector& self, FakeCollector::Connection& connection, const wire::Frame& frame) {
            FakeCollector::answer_all(self, connection, frame);
            if (frame.type == wire::FrameType::hello)
                connection.send(wire::FrameType::assignment, wire::Assignment{version, text});
        };
    }
    // With its next heartbeat the agent gets this one.
    void assign_next(const std::string& version, const std::string& text) {
        collector->script = [=](FakeCollector& self, FakeCollector::Connection& connection, const wire::Frame& frame) {
            FakeCollector::answer_all(self, connection, frame);
            if (frame.type != wire::FrameType::heartbeat) return;
            connection.send(wire::FrameType::assignment, wire::Assignment{version, text});
            self.script = FakeCollector::answer_all;
        };
    }
    bool until_heartbeats(std::size_t more) {
        return until([&, from = collector->heartbeats.size()] { return collector->heartbeats.size() >= from + more; });
    }
    [[nodiscard]] std::size_t count(wire::BatchClass batch_class) const {
        std::size_t n = 0;
        for (const auto& [seq, batch] : collector->batches) n += batch.batch_class == batch_class ? 1 : 0;
        return n;
    }
    [[nodiscard]] std::optional<wire::FactValue> fact(std::string_view name) const {
        std::optional<wire::FactValue> last;
        for (const auto& [seq, batch] : collector->batches)
            if (batch.batch_class == wire::BatchClass::facts)
                for (const auto& told : wire::decode_facts(batch.body).value().facts)
                    if (told.fact.name == name) last = told.fact.value;
        return last;
    }
    [[nodiscard]] std::vector<wire::Event> events(std::string_view kind) const {
        auto all = collector->events();
        std::erase_if(all, [&](const wire::Event& event) { return event.kind != kind; });
        return all;
    }
    [[nodiscard]] SpoolGlance glance() const { return glance_at_spool(config.path("spool.db")).value(); }
    [[nodiscard]] std::string note(std::string_view key) const {
        for (const auto& [name, value] : glance().notes)
            if (name == key) return value;
        return {};
    }
    [[nodiscard]] std::string kept_assignment() const {
        std::ifstream in(config.path("assignment.yaml"));
        return {std::istreambuf_iterator<char>(in), {}};
    }

    asio::io_context io{1};
    TemporaryDirectory directory;
    std::unique_ptr<FakeCollector> collector;
    Config config;
    Identity identity;
    std::unique_ptr<Agent> agent;
};

TEST_F(AgentTest, BeforeItEndsEverythingIsSealedDeliveredAndForgotten) {
    assign("v1", assignment("v1", nobody_listens));
    start();
    ASSERT_TRUE(until([&] { return fact("tcp_reachable").has_value(); }));
    ASSERT_TRUE(stop("host_shutdown"));
    ASSERT_TRUE(until([&] { return !collector->byes.empty(); }));
    EXPECT_EQ(collector->byes.at(0), "host_shutdown");
    EXPECT_GE(count(wire::BatchClass::samples), 1U);  // the hour of their sealing has not come
    ASSERT_EQ(events("agent.stopping").size(), 1U);
    EXPECT_EQ(field(events("agent.stopping")[0], "reason"), "host_shutdown");
    EXPECT_EQ(glance().use.total().batches, 0U);
    EXPECT_EQ(note("ended"), "host_shutdown");
}

TEST_F(AgentTest, ItsStartTellsHowItEndedBefore) {
    start();
    ASSERT_TRUE(until_event("agent.started"));
    ASSERT_TRUE(stop("update"));
    start();
    ASSERT_TRUE(until([&] { return events("agent.started").size() == 2; }));
    ASSERT_TRUE(stop("host_shutdown"));
    {
        asio::io_context elsewhere{1};
        const auto killed = Agent::make(elsewhere, system_clock(), config, identity).value();
        killed->start();
    }
    start();
    ASSERT_TRUE(until([&] { return events("agent.started").size() == 4; }));
    std::vector<std::string> before;
    for (const auto& event : events("agent.started")) before.push_back(field(event, "before"));
    EXPECT_EQ(before, (std::vector<std::string>{"first", "update", "host_shutdown", "killed"}));
}

TEST_F(AgentTest, WhatNobodyAcknowledgedGoesAgainAfterTheNextStart) {
    bool deaf = true;
    collector->script = [&](FakeCollector& self, FakeCollector::Connection& connection, const wire::Frame& frame) {
        if (frame.type == wire::FrameType::batch) return self.keep(connection, frame, !deaf);
        FakeCollector::answer_all(self, connection, frame);
    };
    start();
    ASSERT_TRUE(until_event("agent.started"));
    ASSERT_TRUE(stop("update"));
    ASSERT_TRUE(until([&] { return !collector->byes.empty(); }));
    EXPECT_EQ(collector->byes.at(0), "update");
    EXPECT_EQ(glance().use.total().batches, 2U);  // that it started, and that it was stopping
    deaf = false;
    start();
    ASSERT_TRUE(until([&] { return events("agent.started").size() == 2 && collector->duplicates >= 2; }));
    EXPECT_EQ(collector->conflicts, 0);
    ASSERT_TRUE(stop("shutdown"));
    EXPECT_EQ(glance().use.total().batches, 0U);
}

TEST_F(AgentTest, ItStopsThoughTheCollectorNeverWelcomesIt) {
    int hellos = 0;
    collector->script = [&](FakeCollector&, FakeCollector::Connection&, const wire::Frame& frame) {
        hellos += frame.type == wire::FrameType::hello ? 1 : 0;
    };
    start();
    ASSERT_TRUE(until([&] { return hellos == 1; }));
    ASSERT_TRUE(stop("host_shutdown"));
    EXPECT_TRUE(collector->connections.at(0)->open);  // still waiting for its welcome
    EXPECT_EQ(note("ended"), "host_shutdown");
}

TEST_F(AgentTest, ItStopsThoughAProbeStillWaits) {
    // A server that takes a connection and never says a word.
    asio::ip::tcp::acceptor mute(io, {asio::ip::make_address("127.0.0.1"), 0});
    asio::ip::tcp::socket asked(io);
    bool waits = false;
    mute.async_accept(asked, [&](const boost::system::error_code& error) { waits = !error; });
    std::string id = "p";  // one whose first run comes soon
    while ((spread_hash(agent_id, id) >> 20) % 10'000 > 100) id += 'p';
    assign("v1",
           assignment("v1", "  - { id: " + id + ", probe: http, target: 'http://127.0.0.1:" +
                                std::to_string(mute.local_endpoint().port()) + "/', every: 10m, timeout: 5m }\n"));
    start();
    ASSERT_TRUE(until([&] { return waits; }));
    ASSERT_TRUE(stop("update"));
    EXPECT_EQ(note("ended"), "update");
    EXPECT_TRUE(until([&] { return !collector->byes.empty(); }));
}

TEST_F(AgentTest, AskedTwiceItStopsAtOnce) {
    collector->script = [](FakeCollector&, FakeCollector::Connection&, const wire::Frame&) {};
    start();
    ASSERT_TRUE(until([&] { return !collector->client_keys.empty(); }));
    agent->stop("host_shutdown");
    EXPECT_FALSE(io.stopped());
    agent->stop("host_shutdown");
    EXPECT_TRUE(io.stopped());
    agent.reset();
}

TEST_F(AgentTest, ARefusedAssignmentIsToldAndTheOldOneGoesOn) {
    const auto good = assignment("v1", nobody_listens, "1s");
    assign("v1", good);
    start();
    ASSERT_TRUE(until([&] { return fact("tcp_reachable").has_value(); }));
    assign_next("v2", assignment("v2", "  - { id: a, probe: no_such_probe }\n"));  // refused as it is read
    ASSERT_TRUE(until([&] { return events("agent.assignment_refused").size() == 1; }));
    assign_next("v3", assignment("v3", "  - { id: a, probe: tcp, target: 'no port' }\n"));  // by its probe
    ASSERT_TRUE(until([&] { return events("agent.assignment_refused").size() == 2; }));
    const auto refused = events("agent.assignment_refused");
    EXPECT_EQ(field(refused[0], "version"), "v2");
    EXPECT_THAT(field(refused[0], "problems"), HasSubstr("unknown probe 'no_such_probe'"));
    EXPECT_THAT(field(refused[0], "problems_vi"), HasSubstr("không có phép dò 'no_such_probe'"));
    EXPECT_EQ(field(refused[1], "version"), "v3");
    EXPECT_THAT(field(refused[1], "problems_vi"), HasSubstr("phép dò tcp cần đích"));
    EXPECT_EQ(kept_assignment(), good);
    // Its probe still runs, and it is what the agent says that it has, now and after a start.
    ASSERT_TRUE(
        until([&, from = count(wire::BatchClass::samples)] { return count(wire::BatchClass::samples) >= from + 2; }));
    collector->hang_up();
    ASSERT_TRUE(until([&] { return collector->hellos.size() == 2; }));
    ASSERT_TRUE(stop("update"));
    start();
    ASSERT_TRUE(until([&] { return collector->hellos.size() == 3; }));
    EXPECT_EQ(collector->hellos[0].assignment_version, "");
    EXPECT_EQ(collector->hellos[1].assignment_version, "v1");
    EXPECT_EQ(collector->hellos[2].assignment_version, "v1");
}

TEST_F(AgentTest, OnAFullDiskItTalksOnAndItsEventsGoWhenThereIsRoom) {
    assign("v1", assignment("v1", nobody_listens));
    start();
    ASSERT_TRUE(until([&] { return fact("tcp_reachable").has_value(); }));
    {
        const FullDisk full;
        assign_next("full", "no assignment");
        ASSERT_TRUE(until_heartbeats(3));
        EXPECT_FALSE(collector->has_event("agent.assignment_refused"));  // never sent before it is on disk
    }
    assign_next("room", "no assignment");
    ASSERT_TRUE(until([&] { return events("agent.assignment_refused").size() == 2; }));
    EXPECT_EQ(field(events("agent.assignment_refused")[0], "version"), "full");
    EXPECT_EQ(field(events("agent.assignment_refused")[1], "version"), "room");
    ASSERT_TRUE(stop("shutdown"));
    EXPECT_FALSE(collector->has_event("spool.lost"));
    crypto::Digest head{};
    std::uint64_t index = 1;
    for (const auto& [seq, batch] : collector->batches) {
        if (batch.batch_class != wire::BatchClass::events) continue;
        const auto body = wire::decode_events(batch.body).value();
        EXPECT_EQ(body.first_index, index);
        EXPECT_EQ(body.before, head);
        for (const auto& event : body.events) head = wire::chain(head, event);
        index += body.events.size();
    }
    EXPECT_EQ(glance().use.total().batches, 0U);
}

TEST_F(AgentTest, OnAFullDiskItStopsAndSaysGoodbyeAllTheSame) {
    assign("v1", assignment("v1", nobody_listens));
    start();
    ASSERT_TRUE(until([&] { return fact("tcp_reachable").has_value(); }));
    {
        const FullDisk full;
        ASSERT_TRUE(stop("host_shutdown"));
        ASSERT_TRUE(until([&] { return !collector->byes.empty(); }));
    }
    EXPECT_EQ(collector->byes.at(0), "host_shutdown");
    EXPECT_EQ(note("ended"), "killed");  // that is what the disk knows
}

// A machine with two lines, in namespaces of the test's own; the default route says which is in use.
class AgentOnTwoLines : protected probes::Namespaces, public AgentTest {
protected:
    AgentOnTwoLines() : Namespaces("vgag", {"pc", "f", "m"}) {}
    void SetUp() override {
        if (!can_make()) GTEST_SKIP() << "needs root and iproute2";
        make();
        join("pc", "f", {"10.97.1.1/24"}, {"10.97.1.2/24"});
        join("pc", "m", {"10.97.2.1/24"}, {"10.97.2.2/24"});
        ip("-n " + full("pc") + " route add default via 10.97.1.2");
        enter("pc");
        open_house();
        std::ofstream(config.path("assignment.yaml")) << assignment("v1",
                                                                    "  - id: lines\n"
                                                                    "    probe: uplink\n"
                                                                    "    uplinks:\n"
                                                                    "      - { name: a, kind: fibre, interface: tof }\n"
                                                                    "      - { name: b, kind: 4g, interface: tom }\n");
        start();
    }
    void change_line() { ip("-n " + full("pc") + " route replace default via 10.97.2.2"); }
    bool until_on_fibre() {
        return until([&] { return fact("active_uplink") == wire::FactValue{std::string("fibre")}; });
    }
};

TEST_F(AgentOnTwoLines, AnotherLineIsTriedAtOnceHoweverLongTheCollectorAskedToWait) {
    ASSERT_TRUE(until_on_fibre());
    collector->script = [](FakeCollector& self, FakeCollector::Connection& connection, const wire::Frame&) {
        connection.send(wire::FrameType::refuse, wire::Refuse{wire::RefuseCode::overloaded, "later", {}, 600'000});
        self.script = FakeCollector::answer_all;
    };
    ASSERT_TRUE(until([&] { return !collector->connections.at(0)->open; }));
    while (io.poll() > 0) {}
    EXPECT_EQ(collector->hellos.size(), 1U);
    change_line();
    ASSERT_TRUE(until_event("uplink.changed"));
    EXPECT_EQ(collector->hellos.size(), 2U);
    ASSERT_TRUE(until([&] { return collector->heartbeats.back().metered == 1; }));
    EXPECT_EQ(fact("active_uplink"), wire::FactValue{std::string("4g")});
}

TEST_F(AgentOnTwoLines, AConnectionThatWentWithItsLineIsReplaced) {
    ASSERT_TRUE(until_on_fibre());
    collector->script = [](FakeCollector& self, FakeCollector::Connection& connection, const wire::Frame& frame) {
        if (connection.number > 0) FakeCollector::answer_all(self, connection, frame);
    };
    change_line();
    ASSERT_TRUE(until_event("uplink.changed"));
    EXPECT_EQ(collector->connections.size(), 2U);
    EXPECT_EQ(collector->conflicts, 0);
}

}  // namespace
}  // namespace vg::agent
