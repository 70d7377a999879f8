// The uplink watcher on a real path: a PC behind a router with two providers, in namespaces that the test makes and
// removes. Needs root.
#include "probes/uplink/uplink.hpp"
#include "probes/uplink/settings.hpp"
#include "tests/probes/namespaces.hpp"
#include "tests/probes/running.hpp"
#include "wire/fact_table.hpp"

#include <gmock/gmock.h>
#include <boost/asio/co_spawn.hpp>

namespace vg::probes {
namespace {

using namespace testing;

constexpr auto lines_yaml = R"(
uplinks:
  - { name: fibre, kind: fibre, interface: eth0, next_hop: 10.96.1.2, primary: true }
  - { name: mobile, kind: 3g, next_hop: 10.96.2.2 }
)";

Task task_with(const std::string& yaml, const std::string& target) {
    Problems problems;
    auto documents = yaml::parse(yaml, "assignment.yaml", problems);
    EXPECT_TRUE(problems.empty()) << problems.text();
    return {"uplink", target, "", documents.empty() ? yaml::Node{} : documents.front()};
}

TEST(UplinkSettings, EveryMistakeIsListed) {
    Problems problems;
    const auto task = task_with(R"(
uplinks:
  - { name: a, kind: fiber, next_hop: here }
  - { name: a, colour: red }
hop: 99
)",
                                "");
    asio::io_context io;
    EXPECT_FALSE(uplink_kind().make_watcher(task, {io, system_clock()}, problems));
    EXPECT_GE(problems.list().size(), 5u) << problems.text();
}

class UplinkTest : public ::testing::Test, protected Namespaces {
protected:
    UplinkTest() : Namespaces("vgup", {"pc", "r", "f", "m", "t"}) {}
    void SetUp() override {
        if (!can_make()) GTEST_SKIP() << "needs root and iproute2";
        make();
        join("pc", "r", {"10.96.0.2/24"}, {"10.96.0.1/24"});
        join("r", "f", {"10.96.1.1/24"}, {"10.96.1.2/24"});
        join("r", "m", {"10.96.2.1/24"}, {"10.96.2.2/24"});
        join("f", "t", {"10.96.3.1/24"}, {"10.96.3.2/24"});
        join("m", "t", {"10.96.4.1/24"}, {"10.96.4.2/24"});
        ip("-n " + full("pc") + " route add default via 10.96.0.1");
        for (const auto* name : {"f", "m"}) {
            const std::string n = *name == 'f' ? "1" : "2";
            ip("-n " + full(name) + " route add 10.96.0.0/24 via 10.96." + n + ".1");
            ip("-n " + full(name) + " route add 10.99.0.1 via 10.96." + (*name == 'f' ? "3" : "4") + ".2");
        }
        ip("-n " + full("t") + " addr add 10.99.0.1/32 dev lo");
        ip("-n " + full("t") + " route add 10.96.0.0/24 via 10.96.3.1");
        for (const auto* name : {"r", "f", "m"}) {
            enter(name);
            set("net/ipv4/ip_forward", "1");
        }
        by("1");
        enter("pc");
        set("net/ipv4/ping_group_range", "0 2147483647");
    }
    // The router sends by provider 1 or 2.
    void by(const std::string& n) {
        ip("-n " + full("r") + " route replace default via 10.96." + n + ".2");
        ip("-n " + full("t") + " route replace 10.96.0.0/24 via 10.96." + (n == "1" ? "3" : "4") + ".1");
    }
    // Runs until an observation says that this kind is in use; gives how long it took.
    std::optional<Millis> wait_for(const std::string& kind, std::chrono::seconds most) {
        const auto start = std::chrono::steady_clock::now();
        while (last_kind_ != kind && std::chrono::steady_clock::now() - start < most) io_.run_one_for(most);
        if (last_kind_ != kind) return std::nullopt;
        return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - start);
    }
    void take(const wire::Observation& o) {
        for (const auto& f : o.facts) {
            const auto* row = wire::find_fact(f.subject.kind, f.name);
            ASSERT_NE(row, nullptr) << f.name;
            EXPECT_EQ(row->producer, "uplink");
            const auto* text = std::get_if<std::string>(&f.value);
            if (f.name == "active_uplink") last_kind_ = text ? *text : "not known";
        }
        for (const auto& e : o.events) events_.push_back(e);
    }

    asio::io_context io_;
    std::string last_kind_;
    std::vector<wire::Event> events_;
};

TEST_F(UplinkTest, FailoverAndBackAndDark) {
    Problems problems;
    const auto watcher =
        uplink_kind().make_watcher(task_with(lines_yaml, "10.99.0.1"), {io_, system_clock()}, problems);
    ASSERT_TRUE(watcher) << problems.text();
    bool ended = false;
    asio::co_spawn(io_, watcher->watch([this](wire::Observation o) { take(o); }),
                   [&](std::exception_ptr error, Result<void> result) {
                       EXPECT_FALSE(error);
                       EXPECT_TRUE(result);
                       ended = true;
                   });
    ASSERT_TRUE(wait_for("fibre", std::chrono::seconds(20)));
    by("2");
    // How soon is the judge's own test, in virtual time.
    const auto over = wait_for("3g", std::chrono::seconds(20));
    ASSERT_TRUE(over);
    RecordProperty("failover_ms", static_cast<int>(over->count()));
    EXPECT_EQ(events_.size(), 1u);
    ip("-n " + full("r") + " route del default");
    ASSERT_TRUE(wait_for("none", std::chrono::seconds(30)));
    by("1");
    ASSERT_TRUE(wait_for("fibre", std::chrono::seconds(20)));
    ip("-n " + full("pc") + " link set tor down");
    ASSERT_TRUE(wait_for("not known", std::chrono::seconds(20)));
    ASSERT_EQ(events_.size(), 4u);
    EXPECT_THAT(events_[3].fields,
                ::testing::Contains(std::pair<std::string, std::string>(
                    "evidence", "this machine has no link")));  // the kernel tells, no echo has to fail
    EXPECT_EQ(events_[0].kind, "uplink.changed");
    EXPECT_THAT(events_[0].fields, ::testing::Contains(std::pair<std::string, std::string>("kind_to", "3g")));
    EXPECT_EQ(events_[1].severity, wire::Severity::medium);
    watcher->stop();
    while (!ended) io_.run_one_for(std::chrono::seconds(5));
}

}  // namespace
}  // namespace vg::probes
