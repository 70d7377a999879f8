#pragma once
// A device over its visits: facts, lists in full where they were read to their end, and rates between two visits. Pure;
// owned by the snmp probe.

#include "base/clock.hpp"
#include "probes/snmp/inventory.hpp"
#include "wire/observation.hpp"

#include <map>

namespace vg::probes::snmp {

class Device {
public:
    // `subject` is "snmp:ADDRESS".
    explicit Device(std::string subject) : subject_(std::move(subject)) {}

    void add(const System& system, wire::Observation& o) const;
    void add(const Inventory& inventory, wire::Observation& o);
    // Rates since the visit before; a restart or a first visit gives none.
    void add(const std::vector<Counters>& counters, std::uint64_t ticks, Mono at, bool with_rates,
             wire::Observation& o);
    void add_silence(wire::Observation& o) const;
    void fact(wire::Observation& o, std::string name, wire::FactValue value) const;

private:
    using Entries = std::map<std::string, std::string>;  // entry to value
    void tell_list(const std::string& list, const Entries& now, bool is_whole, wire::Observation& o) const;
    void name_series(const std::vector<Interface>& all);
    void add_lists(const Inventory& inventory, wire::Observation& o) const;
    void add_states(const std::vector<Counters>& counters, wire::Observation& o);
    void add_rates(const std::vector<Counters>& now, double seconds, wire::Observation& o) const;

    std::string subject_;
    std::map<std::uint32_t, Interface> interfaces_;
    std::map<std::uint32_t, std::string> series_;  // the target of an interface's series
    std::vector<Counters> before_;
    std::optional<Mono> before_at_;
    std::uint64_t ticks_before_ = 0;
};

}  // namespace vg::probes::snmp
