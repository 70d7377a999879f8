// A device over several visits: what is told when, and rates that survive restarts and counters that go round.
#include "probes/snmp/device.hpp"
#include "tests/probes/running.hpp"

namespace vg::probes {
namespace {

using namespace snmp;
using namespace testing;

Inventory inventory_of(std::vector<std::uint32_t> ports) {
    Inventory seen;
    for (const auto index : ports) {
        Interface i;
        i.index = index;
        i.name = "ge" + std::to_string(index);
        i.oper = 1;
        i.type = 6;
        seen.interfaces.items.push_back(i);
    }
    return seen;
}

std::vector<Counters> counters(std::uint64_t rx, bool is_wide = false, std::int64_t oper = 1) {
    Counters c;
    c.index = 3;
    c.rx = rx;
    c.tx = 0;
    c.is_wide = is_wide;
    c.oper = oper;
    return {c};
}

const wire::FactValue* told(const wire::Observation& o, std::string_view name) {
    const auto* fact = fact_of(o, wire::SubjectKind::device, name);
    return fact ? &fact->value : nullptr;
}

TEST(SnmpDevice, RatesAcrossAWrapAndARestart) {
    Device device("snmp:10.0.0.1");
    wire::Observation first, second, restarted;
    device.add(inventory_of({3}), first);
    device.add(counters(0xffffff00u), 100, Mono{Millis(1000)}, true, first);
    EXPECT_TRUE(first.samples.empty());
    device.add(counters(0x00007400u), 3100, Mono{Millis(31000)}, true, second);
    EXPECT_EQ(value_of(second, "snmp.if_rx"), 1000) << "a 32-bit counter went round";
    EXPECT_EQ(second.samples.at(0).series.target, "10.0.0.1/ge3");
    device.add(counters(5), 10, Mono{Millis(61000)}, true, restarted);
    EXPECT_TRUE(restarted.samples.empty()) << "a restart sets every counter back";
}

TEST(SnmpDevice, AWideCounterThatFallsGivesNoRate) {
    Device device("snmp:10.0.0.1");
    wire::Observation o;
    device.add(inventory_of({3}), o);
    device.add(counters(1000, true), 100, Mono{Millis(1000)}, true, o);
    device.add(counters(10, true), 200, Mono{Millis(2000)}, true, o);
    EXPECT_EQ(value_of(o, "snmp.if_rx"), std::nullopt);
}

bool is_in_full(const wire::Observation& o, std::string_view list) {
    return std::any_of(o.whole.begin(), o.whole.end(), [&](const wire::WholeList& w) {
        return w.name == list && w.subject == wire::Subject{wire::SubjectKind::device, "snmp:10.0.0.1"};
    });
}

TEST(SnmpDevice, AListThatWasReadToItsEndIsToldInFull) {
    Device device("snmp:10.0.0.1");
    wire::Observation o;
    device.add(inventory_of({1, 2}), o);
    ASSERT_NE(told(o, "interface/2"), nullptr);
    EXPECT_EQ(std::get<std::string>(*told(o, "interface/2")), R"({"name":"ge2","type":6,"oper":"up"})");
    EXPECT_TRUE(is_in_full(o, "interface/"));
    EXPECT_TRUE(is_in_full(o, "fdb/")) << "none are left";
}

TEST(SnmpDevice, AListCutShortTellsNothingGone) {
    Device device("snmp:10.0.0.1");
    wire::Observation o;
    auto part = inventory_of({1});
    part.interfaces.is_whole = false;
    device.add(part, o);
    EXPECT_NE(told(o, "interface/1"), nullptr);
    EXPECT_FALSE(is_in_full(o, "interface/"));
}

TEST(SnmpDevice, APortThatWentDownIsToldWithTheCounters) {
    Device device("snmp:10.0.0.1");
    wire::Observation first, second;
    device.add(inventory_of({3}), first);
    device.add(counters(1, false, 2), 100, Mono{Millis(1000)}, true, second);
    ASSERT_NE(told(second, "interface/3"), nullptr);
    EXPECT_NE(std::get<std::string>(*told(second, "interface/3")).find(R"("oper":"down")"), std::string::npos);
    EXPECT_EQ(*told(second, "interfaces_up"), wire::FactValue{std::int64_t{0}});
}

TEST(SnmpDevice, TwoPortsOfOneNameAreTwoSeries) {
    Device device("snmp:10.0.0.1");
    wire::Observation o;
    auto seen = inventory_of({3, 4});
    for (auto& i : seen.interfaces.items) i.name = "same";
    device.add(seen, o);
    auto before = counters(0, true), after = counters(100'000'000, true);
    before.push_back(before[0]);
    after.push_back(after[0]);
    before[1].index = after[1].index = 4;
    device.add(before, 100, Mono{Millis(1000)}, true, o);
    device.add(after, 200, Mono{Millis(2000)}, true, o);
    std::set<std::string> targets;
    for (const auto& s : o.samples)
        if (s.series.metric == "snmp.if_rx") targets.insert(s.series.target);
    EXPECT_EQ(targets, (std::set<std::string>{"10.0.0.1/same", "10.0.0.1/same#4"}));
}

TEST(SnmpDevice, PowerOfAUps) {
    const Oid source{1, 3, 6, 1, 2, 1, 33, 1, 4, 1, 0}, charge{1, 3, 6, 1, 2, 1, 33, 1, 2, 4, 0};
    const auto ups = ups_of({{source, std::int64_t{5}}, {charge, std::int64_t{73}}});
    EXPECT_EQ(ups.on_battery, true);
    EXPECT_EQ(ups.charge_percent, 73);
    EXPECT_FALSE(ups_of({}).on_battery);
}

}  // namespace
}  // namespace vg::probes
