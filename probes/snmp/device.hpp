#pragma once
// A device as SNMPv2-MIB (RFC 3418) and IF-MIB (RFC 2863) describe it: facts, and rates between two visits. Pure; owned
// by the snmp probe.

#include "base/clock.hpp"
#include "probes/snmp/walk.hpp"
#include "wire/observation.hpp"

#include <optional>

namespace vg::probes::snmp {

struct Answers {  // of one visit
    std::vector<Binding> system;
    Rows interfaces, extensions;  // ifTable, ifXTable
};

struct Interface {
    std::uint32_t index = 0;
    std::string name, alias;
    std::int64_t admin = 0, oper = 0, type = 0;  // as in IF-MIB; 1 is up
    std::uint64_t speed_bps = 0;
    std::optional<std::uint64_t> rx, tx;  // bytes
    bool is_wide = false;                 // 64-bit counters
    std::uint64_t errors = 0;             // both directions
};

[[nodiscard]] const std::vector<Oid>& system_oids();
[[nodiscard]] const Oid& if_entry();
[[nodiscard]] const Oid& if_x_entry();
[[nodiscard]] std::vector<std::uint32_t> if_columns();
[[nodiscard]] std::vector<std::uint32_t> if_x_columns();

[[nodiscard]] std::vector<Interface> interfaces_of(const Rows& interfaces, const Rows& extensions);

class Device {
public:
    // `subject` is "snmp:ADDRESS".
    explicit Device(std::string subject) : subject_(std::move(subject)) {}
    void add(const Answers& answers, Mono at, bool with_rates, wire::Observation& o);
    void add_silence(wire::Observation& o) const;

private:
    void fact(wire::Observation& o, const char* name, wire::FactValue value) const;
    void add_rates(const std::vector<Interface>& now, double seconds, wire::Observation& o) const;

    std::string subject_;
    std::vector<Interface> before_;
    std::optional<Mono> before_at_;
    std::uint64_t uptime_before_ = 0;
};

}  // namespace vg::probes::snmp
