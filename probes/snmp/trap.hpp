#pragma once
// What agents tell by themselves: traps of SNMPv1, v2c and v3, and informs, as events. Total; pure; any thread.

#include "base/bytes.hpp"
#include "probes/snmp/value.hpp"
#include "wire/observation.hpp"

namespace vg::probes::snmp {

struct Trap {
    std::string source;   // address of the sender
    std::string version;  // "1", "2c", "3"
    bool is_inform = false;
    Oid enterprise;  // v1 only, with the two numbers
    std::int64_t generic = 0, specific = 0;
    std::vector<Binding> bindings;  // v2c, v3: with sysUpTime and snmpTrapOID
};

// The notification's identifier; of v1 as RFC 3584, section 3.1 makes it. Empty: there is none.
[[nodiscard]] Oid trap_oid(const Trap& trap);
// "linkDown" and the like of the standard MIBs; else empty.
[[nodiscard]] std::string_view trap_name(const Oid& oid);
[[nodiscard]] wire::Event event_of(const Trap& trap, Mono at);

// Who a message of SNMPv3 says that it is from, before it is checked (RFC 3412, RFC 3414).
struct V3Sender {
    std::string engine_id, user;
};
[[nodiscard]] std::optional<V3Sender> v3_sender(ByteView message);

}  // namespace vg::probes::snmp
