// How devices hang together, from what they tell of each other.
#include "collector/inventory/topology.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace vg::collector::inventory {
namespace {

TopologyDevice device(const std::string& id, const std::string& kind, const std::string& mac = "",
                      Condition condition = Condition::up) {
    TopologyDevice out;
    out.id = id;
    out.name = id;
    out.kind = kind;
    out.site = "HA01";
    out.condition = condition;
    if (!mac.empty()) out.macs.push_back(mac);
    return out;
}

void port(TopologyDevice& of, const std::string& index, const std::string& name, Condition condition = Condition::up,
          std::int64_t speed = 1'000'000'000) {
    of.ports.push_back({index, name, condition, speed});
}

const TopologyLink* link(const Topology& topology, const std::string& a, const std::string& b) {
    for (const auto& one : topology.links)
        if ((one.a == a && one.b == b) || (one.a == b && one.b == a)) return &one;
    return nullptr;
}

int depth(const Topology& topology, const std::string& id) {
    for (const auto& node : topology.nodes)
        if (node.id == id) return node.depth;
    return -1;
}

TEST(Topology, both_ends_of_a_link_tell_one_link) {
    auto router = device("router", "router"), sw = device("switch", "switch");
    port(router, "2", "ether2");
    port(sw, "24", "gi24");
    router.neighbours.push_back({"lldp", "ether2", "gi24", "switch"});
    sw.neighbours.push_back({"lldp", "gi24", "ether2", "router"});
    sw.neighbours.push_back({"cdp", "gi24", "ether2", "router"});
    const auto made = make_topology({router, sw});
    ASSERT_EQ(made.links.size(), 1u);
    const auto& only = made.links.front();
    EXPECT_EQ(only.a, "router");
    EXPECT_EQ(only.a_port, "ether2");
    EXPECT_EQ(only.b_port, "gi24");
    EXPECT_EQ(only.by, (std::vector<std::string>{"lldp", "cdp"}));
    EXPECT_EQ(only.condition, Condition::up);
    EXPECT_EQ(only.speed_bps, 1'000'000'000);
    EXPECT_EQ(depth(made, "router"), 0);
    EXPECT_EQ(depth(made, "switch"), 1);
}

TEST(Topology, two_cables_are_two_links) {
    auto one = device("a", "switch"), other = device("b", "switch");
    for (const char* name : {"gi1", "gi2"}) {
        port(one, name, name);
        port(other, name, name);
        one.neighbours.push_back({"lldp", name, name, "b"});
        other.neighbours.push_back({"lldp", name, name, "a"});
    }
    EXPECT_EQ(make_topology({one, other}).links.size(), 2u);
}

TEST(Topology, a_pc_hangs_behind_the_port_that_shows_fewest_cards) {
    auto core = device("core", "switch", "00:00:00:00:0c:01"), edge = device("edge", "switch", "00:00:00:00:0e:01");
    auto pc = device("pc", "pc", "00:00:00:00:00:11"), other = device("other", "pc", "00:00:00:00:00:12");
    for (auto* one : {&core, &edge}) {
        port(*one, "1", "gi1");
        port(*one, "2", "gi2");
        port(*one, "24", "gi24");
    }
    core.forwarding = {{"00:00:00:00:0e:01", "24"}, {"00:00:00:00:00:11", "24"}, {"00:00:00:00:00:12", "24"}};
    edge.forwarding = {{"00:00:00:00:0c:01", "24"}, {"00:00:00:00:00:11", "1"}, {"00:00:00:00:00:12", "2"}};
    const auto made = make_topology({core, edge, pc, other});
    EXPECT_EQ(made.links.size(), 3u);
    ASSERT_NE(link(made, "core", "edge"), nullptr);
    EXPECT_EQ(link(made, "core", "edge")->by, std::vector<std::string>{"fdb"});
    ASSERT_NE(link(made, "edge", "pc"), nullptr);
    EXPECT_EQ(link(made, "edge", "pc")->a_port, "gi1");
    EXPECT_NE(link(made, "edge", "other"), nullptr);
    EXPECT_EQ(depth(made, "pc"), depth(made, "edge") + 1);
}

TEST(Topology, a_switch_between_two_switches_is_seen) {
    auto a = device("a", "switch", "00:00:00:00:00:0a"), b = device("b", "switch", "00:00:00:00:00:0b"),
         c = device("c", "switch", "00:00:00:00:00:0c");
    a.forwarding = {{"00:00:00:00:00:0b", "1"}, {"00:00:00:00:00:0c", "1"}};
    b.forwarding = {{"00:00:00:00:00:0a", "1"}, {"00:00:00:00:00:0c", "2"}};
    c.forwarding = {{"00:00:00:00:00:0a", "1"}, {"00:00:00:00:00:0b", "1"}};
    const auto made = make_topology({a, b, c});
    EXPECT_EQ(made.links.size(), 2u);
    EXPECT_EQ(link(made, "a", "c"), nullptr);
}

TEST(Topology, without_switches_a_router_is_everybodys_gateway) {
    auto router = device("router", "router", "00:00:00:00:00:01");
    router.addresses = {"10.1.0.1"};
    router.subnets = {{"10.1.0.1", 24}, {"10.9.0.1", 16}};
    auto heard = device("heard", "pc", "00:00:00:00:00:11"), inside = device("inside", "printer"),
         outside = device("outside", "pc");
    router.arp = {{"00:00:00:00:00:11", "2"}};
    inside.addresses = {"10.9.77.4"};
    outside.addresses = {"192.168.1.5"};
    const auto made = make_topology({heard, inside, outside, router});
    ASSERT_NE(link(made, "router", "heard"), nullptr);
    EXPECT_EQ(link(made, "router", "heard")->by, std::vector<std::string>{"arp"});
    ASSERT_NE(link(made, "router", "inside"), nullptr);
    EXPECT_EQ(link(made, "router", "inside")->by, std::vector<std::string>{"gateway"});
    EXPECT_EQ(link(made, "router", "outside"), nullptr);
    EXPECT_GT(depth(made, "outside"), 1);
}

TEST(Topology, the_cut_is_shown) {
    auto router = device("router", "router"), sw = device("switch", "switch", "", Condition::not_known),
         pc = device("pc", "pc", "", Condition::down);
    port(router, "2", "ether2", Condition::down);
    router.neighbours.push_back({"lldp", "ether2", "gi1", "switch"});
    sw.neighbours.push_back({"lldp", "gi2", "", "pc"});
    const auto made = make_topology({router, sw, pc});
    EXPECT_EQ(link(made, "router", "switch")->condition, Condition::down) << "its port is down";
    EXPECT_EQ(link(made, "switch", "pc")->condition, Condition::down);
}

TEST(Topology, the_same_in_any_order_and_nothing_from_nothing) {
    EXPECT_TRUE(make_topology({}).nodes.empty());
    auto a = device("a", "switch", "00:00:00:00:00:0a"), b = device("b", "router", "00:00:00:00:00:0b");
    a.forwarding = {{"00:00:00:00:00:0b", "1"}, {"00:00:00:00:00:0a", "9"}};
    a.neighbours.push_back({"lldp", "1", "", "gone"});
    const auto one = make_topology({a, b}), other = make_topology({b, a});
    ASSERT_EQ(one.links.size(), 1u);
    ASSERT_EQ(other.links.size(), 1u);
    EXPECT_EQ(one.links.front().a_port, other.links.front().a_port);
    EXPECT_EQ(one.nodes.front().id, other.nodes.front().id);
}

}  // namespace
}  // namespace vg::collector::inventory
