// ./dev bench rules: 100,000 sites × 40 expectations judged from scratch, then after 1,000 changed facts; fact base,
// judge and gap tracker as the collector uses them. Prints one JSON object.
#include "rules/gaps.hpp"
#include "rules/judge.hpp"
#include "rules/load.hpp"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace vg;
using namespace vg::rules;
using Watch = std::chrono::steady_clock;

constexpr int subjects = 100'000;
constexpr int expectations = 40;
constexpr int changes = 1'000;
constexpr int rounds = 11;
const Time start{Millis(1'767'225'600'000)};

double seconds_since(Watch::time_point from) { return std::chrono::duration<double>(Watch::now() - from).count(); }

// Eight shapes as in the catalogue, each with five thresholds.
std::string rule_text(int i) {
    const auto n = std::to_string(i / 8);
    const std::string shapes[][2] = {
        {"unit_level = 'commune'", "active_uplink = 'fibre'"},
        {"", "hop_latency_ms <= 5" + n + " and hop_loss_percent <= 1"},
        {"expected_agents > " + n, "agents_enrolled >= 0.95 * expected_agents"},
        {"agents_enrolled > 0", "agents_heard > " + n},
        {"has_fibre", "active_uplink in ('fibre', 'xdsl') or coalesce(unknown_devices, 0) > " + n},
        {"unit_kind like 'xa%'", "internet"},
        {"head_count between 1 and 10" + n, "agents_heard * 1.0 / agents_enrolled >= 0.5"},
        {"", "case when hop_loss_percent > 1" + n + " then 0 when hop_latency_ms is not null then 1 end"},
    };
    const auto& [where, expect] = shapes[i % 8];
    return "- { id: R" + std::to_string(100 + i) + ", title: T, subject: site, hold: 5m, expect: \"" + expect + "\"" +
           (where.empty() ? "" : ", where: \"" + where + "\"") + " }\n";
}

SubjectId site(int i) { return {wire::SubjectKind::site, "S" + std::to_string(i)}; }

void fill(FactBase& facts, std::mt19937& random) {
    for (int i = 0; i < subjects; ++i) {
        const auto id = site(i);
        (void)facts.put_subject(id, {{"unit", std::to_string(20'000 + i / 30)},
                                     {"unit_level", std::string(i % 20 == 0 ? "province" : "commune")},
                                     {"unit_kind", std::string(i % 3 == 0 ? "phuong" : "xa")},
                                     {"name", "Trụ sở " + std::to_string(i)},
                                     {"head_count", std::int64_t{20}},
                                     {"expected_agents", std::int64_t{10}},
                                     {"has_fibre", i % 2 == 0}});
        const auto chance = [&](unsigned percent) { return random() % 100 < percent; };
        (void)facts.set(id, "active_uplink", std::string(chance(95) ? "fibre" : "3g"), start);
        (void)facts.set(id, "active_uplink_name", std::string("fibre"), start);
        (void)facts.set(id, "internet", chance(98), start);
        (void)facts.set(id, "hop_latency_ms", chance(95) ? 12.5 : 80.0, start);
        (void)facts.set(id, "hop_loss_percent", chance(95) ? 0.0 : 3.0, start);
        (void)facts.set(id, "agents_enrolled", std::int64_t{10}, start);
        (void)facts.set(id, "agents_heard", std::int64_t{chance(98) ? 9 : 0}, start);
    }
}

// What a device costs in memory: one with an agent that tells of the machine, and one of which only the LAN tells.
struct DeviceCost {
    double agent_bytes = 0, lan_bytes = 0;
};

double fill_devices(bool with_agent) {
    constexpr int devices = 20'000;
    auto facts = FactBase::make().value();
    const auto before = mallinfo2().uordblks;
    for (int i = 0; i < devices; ++i) {
        const auto n = std::to_string(i);
        const SubjectId id{wire::SubjectKind::device,
                           with_agent ? "S" + n + "/host:3f2a9c" + n : "S" + n + "/mac:00:11:22:33:44:55"};
        (void)facts.put_subject(id, {{"site", "S" + n},
                                     {"unit", std::string("20900")},
                                     {"unit_level", std::string("commune")},
                                     {"system_level", std::int64_t{2}}});
        const auto tell = [&](const char* name, wire::FactValue value) {
            if (!facts.set(id, name, std::move(value), start)) std::abort();
        };
        tell("registered", true);
        tell("device_kind", std::string("pc"));
        tell("has_agent", with_agent);
        tell("ip", "10.20.1." + n);
        tell("mac", std::string("00:11:22:33:44:55"));
        tell("seen", true);
        tell("mac_vendor", std::string("Dell Inc."));
        tell("host_name", "pc-mot-cua-" + n);
        if (!with_agent) continue;
        for (const char* name : {"firewall_on", "antimalware_realtime", "autorun_on", "os_supported", "expected",
                                 "missing", "cloned", "ip_duplicate"})
            tell(name, true);
        for (const char* name : {"memory_mib", "last_update_days", "definitions_days", "screen_lock_minutes",
                                 "lockout_failures", "accounts", "administrators", "idle_accounts", "disks_failing",
                                 "missing_fields", "unapproved_software", "reboots_hour"})
            tell(name, std::int64_t{3});
        for (const char* name :
             {"machine_id", "computer_name", "board_vendor", "board_model", "board_serial", "chassis", "bios_version",
              "bios_date", "cpu_model", "os_id", "os_version", "os_name", "last_update", "antimalware",
              "os_support_end", "moved_from", "insecure_protocols", "triage"})
            tell(name, "Một đoạn chữ vừa " + n);
    }
    (void)facts.guarded();  // writes the table
    return static_cast<double>(mallinfo2().uordblks - before) / devices;
}

}  // namespace

int main() {
    const DeviceCost cost{fill_devices(true), fill_devices(false)};
    std::printf("a device with an agent: %.0f bytes, one of the LAN: %.0f bytes\n", cost.agent_bytes, cost.lan_bytes);
    std::string yaml;
    for (int i = 0; i < expectations; ++i) yaml += rule_text(i);
    Problems problems;
    const auto rules = load_rules({{"bench.yaml", yaml}}, std::vector<std::string>{"uplink", "http"}, problems);
    if (!problems.empty()) {
        std::fprintf(stderr, "%s", problems.text().c_str());
        return 1;
    }
    auto facts = FactBase::make().value();
    std::mt19937 random(1);
    const auto before_fill = Watch::now();
    fill(facts, random);
    const double fill_s = seconds_since(before_fill);

    GapTracker tracker(gap_rules(*rules), {});
    std::size_t verdicts = 0, transitions = 0;
    Time now = start;
    const auto before = Watch::now();
    auto judge = Judge::make(rules, facts).value();
    const auto turn = [&] {
        facts.expire(now);
        judge.judge(now, [&](const VerdictChange& change) {
            ++verdicts;
            transitions +=
                tracker.observe({{change.rule.id, change.subject, {}}, change.to, change.at, now, change.evidence})
                    .size();
        });
        transitions += tracker.tick(now).size();
    };
    turn();
    const double cold_s = seconds_since(before);
    std::printf("filled in %.2f s; cold: %zu verdicts, %zu transitions in %.2f s\n", fill_s, verdicts, transitions,
                cold_s);

    std::vector<double> warm;
    for (int round = 0; round < rounds; ++round) {
        now += std::chrono::seconds(1);
        const auto begun = Watch::now();
        for (int i = 0; i < changes; ++i)
            (void)facts.set(site(static_cast<int>(random() % subjects)), "active_uplink",
                            std::string(round % 2 == 0 ? "4g" : "fibre"), now);
        turn();
        warm.push_back(seconds_since(begun) * 1000);
    }
    std::sort(warm.begin(), warm.end());
    const double warm_ms = warm[warm.size() / 2];
    std::printf("warm: %.1f ms at best, %.1f ms at worst\n", warm.front(), warm.back());
    std::printf(
        "{\"bench\": \"rules\", \"figures\": {\"cold_s\": %.3f, \"warm_ms\": %.2f, \"warm_worst_ms\": %.2f, "
        "\"fill_s\": %.3f, \"agent_device_bytes\": %.0f, \"lan_device_bytes\": %.0f}, \"method\": \"%d sites x %d "
        "expectations; cold: every subject written to the fact "
        "base's table, judged and tracked from scratch; warm: median of %d rounds of %d changed facts, set, "
        "judged and tracked; one thread; bytes of the heap a device in the fact base and its table\"}\n",
        cold_s, warm_ms, warm.back(), fill_s, cost.agent_bytes, cost.lan_bytes, subjects, expectations, rounds,
        changes);
    return 0;
}
