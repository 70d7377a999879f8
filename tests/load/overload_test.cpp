// A collector whose disk does not keep up, and agents that have more to say than it can hold: memory stays within its
// bound, the agents keep what was not acknowledged and come back, and nothing that was acknowledged is lost.
#include "agent/link.hpp"
#include "tests/agent/fake_collector.hpp"
#include "tests/collector/gated_store.hpp"
#include "tests/collector/house.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace vg {
namespace {

namespace asio = boost::asio;
using collector::test::Gate;
using collector::test::House;
using wire::RefuseCode;

constexpr std::size_t agents = 12, batches_each = 60;
constexpr std::uint64_t room = 384 * 1024;

// What an agent has on its machine: a spool that holds more than the collector has room for, and a link.
class Office {
public:
    Office(asio::io_context& io, House& house)
        : io_(io),
          spool_(agent::Spool::open({":memory:", 64 << 20}, system_clock()).value()),
          host_{spool_, system_clock(), bytes_, manner_, "vonggac-agent test", "pc", {}, {}, {}, {}} {
        const auto who = collector::test::enrolled(house);
        identity_ = {who.id, who.identity, house.authority->certificate_pem(), {}, Time::max()};
        host_.assignment_version = [] { return std::string(); };
        host_.take_assignment = [](const wire::Assignment&) {};
        host_.renewal_due = [] { return std::optional<wire::Renew>{}; };
        host_.take_certificate = [](const wire::Certificate&) {};
        link_ = std::make_unique<agent::Link>(
            io, agent::LinkOptions{{"127.0.0.1", house.listener->port()}, "127.0.0.1", Millis{20}, Millis{200}}, host_,
            [this]() -> const agent::Identity& { return identity_; });
        asio::co_spawn(io, link_->run(), [this](const std::exception_ptr&) { runs_ = false; });
    }
    void speak() {
        for (std::size_t i = 0; i < batches_each; ++i) say(i);
        link_->wake();
    }
    void stop() { link_->stop("shutdown", Millis{50}); }
    [[nodiscard]] bool runs() const { return runs_; }
    [[nodiscard]] std::uint64_t waiting() const { return spool_.use().total().batches; }
    [[nodiscard]] std::uint64_t told() const { return spool_.next_seq() - 1; }
    [[nodiscard]] const std::string& id() const { return identity_.agent_id; }
    [[nodiscard]] std::uint64_t epoch() const { return spool_.epoch(); }

private:
    void say(std::size_t i) {
        wire::Event event{
            "test.said", wire::Severity::info, {}, {{"number", std::to_string(i)}}, system_clock().mono()};
        for (const char* name : {"a", "b", "c", "d"}) event.fields.emplace_back(name, crypto::random_text(4'000));
        ASSERT_TRUE(spool_.append_events(std::span(&event, 1)));
    }
    asio::io_context& io_;
    agent::Spool spool_;
    agent::ByteCount bytes_;
    agent::Manner manner_;
    agent::SessionHost host_;
    agent::Identity identity_;
    std::unique_ptr<agent::Link> link_;
    bool runs_ = true;
};

class Overload : public testing::Test {
protected:
    Overload() {
        for (std::size_t i = 0; i < agents; ++i) offices.push_back(std::make_unique<Office>(io, house));
    }
    ~Overload() override {
        gate->open();
        for (const auto& office : offices) office->stop();
        EXPECT_TRUE(until([&] {
            return std::none_of(offices.begin(), offices.end(), [](const auto& office) { return office->runs(); });
        }));
    }
    static collector::FrameLimits limits() {
        collector::FrameLimits out;
        out.waiting_bytes = room;
        out.overloaded_rest = Millis{100};
        return out;
    }
    // Runs the agents, and looks all the time at what the collector holds.
    template <class Condition>
    bool until(Condition condition) {
        return agent::testing::run_until(
            io,
            [&] {
                most_held = std::max<std::uint64_t>(most_held, house.counters.queue_bytes);
                return condition();
            },
            std::chrono::seconds{60});
    }
    [[nodiscard]] std::uint64_t refusals() const { return house.counters.refusals(RefuseCode::overloaded); }
    [[nodiscard]] std::uint64_t waiting() const {
        std::uint64_t out = 0;
        for (const auto& office : offices) out += office->waiting();
        return out;
    }

    std::shared_ptr<Gate> gate = std::make_shared<Gate>();
    House house{limits(), std::nullopt, [this](std::unique_ptr<collector::Store> store) {
                    return std::make_unique<collector::test::GatedStore>(std::move(store), gate);
                }};
    asio::io_context io{1};
    std::vector<std::unique_ptr<Office>> offices;
    std::uint64_t most_held = 0;
};

TEST_F(Overload, AgentsKeepWhatASlowDiskCannotTakeAndNothingIsLost) {
    ASSERT_TRUE(until([&] { return house.counters.sessions_open == agents; }));
    gate->close();
    for (const auto& office : offices) office->speak();
    // Nobody is acknowledged; whoever finds no room goes, keeps all of it and comes again to hear the same.
    ASSERT_TRUE(until([&] { return refusals() >= 3 * agents; }));
    EXPECT_EQ(waiting(), agents * batches_each);
    ASSERT_TRUE(until([&] { return gate->is_waited_at(); }));
    EXPECT_GT(most_held, room) << "the room was used";
    // A disk that does something now and then: some of it is taken, and there are more refusals than before.
    for (int i = 0; i < 3; ++i) {
        const auto before = refusals();
        gate->let(1);
        ASSERT_TRUE(until([&] { return refusals() >= before + agents; }));
    }
    // Whoever has gone meanwhile hears of it when it comes again.
    EXPECT_TRUE(until([&] { return house.counters.batches > 0; }));
    EXPECT_LE(most_held, room * 5 / 4 + wire::limits::max_frame);

    gate->open();
    ASSERT_TRUE(until([&] { return waiting() == 0; }));
    for (const auto& office : offices) {
        const auto [ranges, events] = house.in_pipeline([&](collector::Pipeline& pipeline) {
            auto& store = pipeline.store();
            collector::Store::EventQuery query;
            query.agent = office->id();
            query.limit = 10'000;
            return std::pair(store.received(office->id(), office->epoch()).value(), store.events(query).value());
        });
        ASSERT_EQ(ranges.size(), 1U) << "no hole";
        EXPECT_EQ(ranges[0], (wire::SeqRange{1, office->told()}));
        EXPECT_EQ(events.size(), batches_each) << "each once";
    }
    EXPECT_EQ(house.counters.chain_breaks, 0U);
    EXPECT_TRUE(until([&] { return house.counters.queue_bytes == 0; })) << "what was held is free again";
}

}  // namespace
}  // namespace vg
