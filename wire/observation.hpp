#pragma once
// The data model: what a probe's run yields, on its way from the agent to the collector. Plain values, no I/O.
// Times inside an observation are monotonic since boot (the stamp says which boot), so that a wrong or stepped wall
// clock damages nothing; the collector turns them into corrected wall time with an error bound.

#include "base/clock.hpp"
#include "base/words.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace vg::wire {

// What a fact or an event is about. `unit` facts are made at the collector only.
enum class SubjectKind : std::uint8_t { agent = 0, site = 1, uplink = 2, device = 3, service = 4, unit = 5 };

// The key within its kind, as the agent knows it: "" is the agent itself or its own site; an uplink's or service's name
// from the register; a device as "mac:aa:bb:cc:dd:ee:ff", "snmp:10.1.0.1" or "host" (this machine).
struct Subject {
    SubjectKind kind = SubjectKind::agent;
    std::string key;
    auto operator<=>(const Subject&) const = default;
};

// A series is named by metric, target and unit; the same triple from one agent is the same series for ever.
// metric: "icmp.rtt_median", target: the probe's id or an instance ("eth0", "/"), unit: UCUM ("ms", "%", "By", "By/s",
// "1").
struct SeriesName {
    std::string metric;
    std::string target;
    std::string unit;
    auto operator<=>(const SeriesName&) const = default;
};

struct Sample {
    SeriesName series;
    double value =
        0;  // finite; probes round to what they really know (0.01 ms, 0.1 %), which is what makes columns small
};

// monostate: the probe looked and could not know; that is told, too.
using FactValue = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

struct Fact {
    Subject subject;
    std::string name;  // must stand in wire/fact_table.hpp
    FactValue value;
};

enum class Severity : std::uint8_t { info = 0, low = 1, medium = 2, high = 3, critical = 4 };

struct Event {
    std::string
        kind;  // "login.failed", "login.accepted", "lan.new_host", "uplink.changed", "spool.lost", "agent.started" ...
    Severity severity = Severity::info;
    Subject subject;
    std::vector<std::pair<std::string, std::string>>
        fields;  // names as Sigma rules use them ("user", "src_ip", "service")
    Mono at{};   // when it happened, as well as the probe can tell
};

// A list of facts (wire/fact_table.hpp) that an observation names in full: entries that were told before and do not
// stand in it are gone. The agent tells the differences, over restarts, too; a probe gives what is.
struct WholeList {
    Subject subject;
    std::string name;  // "software/"
};

// One run of one probe: everything in it was seen at `at`.
struct Observation {
    std::string probe;  // the probe's id in the assignment
    Mono at{};
    std::vector<Sample> samples;
    std::vector<Fact> facts;
    std::vector<Event> events;
    Text error = {};                    // why the probe could not look at all, one sentence; empty when it could
    std::vector<WholeList> whole = {};  // of the lists whose entries stand in `facts`; the others give single news
    Text remark = {};                   // for a person at a terminal: what the numbers mean and what to do; never sent
};

}  // namespace vg::wire
