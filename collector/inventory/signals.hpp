#pragma once
// What tells one device from another: signals, read from the facts that a witness told. A signal is a hint with a
// weight, never a key; what many devices share by their making (placeholder serials, virtual router addresses, random
// MACs) is taken for what it is. Pure; any thread.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vg::collector::inventory {

enum class Source : std::uint8_t {  // in order of trust
    host,                           // an agent on the machine
    snmp,                           // its SNMP agent
    lan,                            // what others heard of it
    reg,                            // the register expects it
};
[[nodiscard]] const char* to_string(Source source) noexcept;  // "agent", "snmp", "lan", "register"

enum class SignalKind : std::uint8_t {
    machine_id,    // of the installed system
    board_serial,  // with the maker: "dell|abc123"
    serial,        // as SNMP or the register tells it, with the vendor where it is known
    engine_id,     // of the SNMP agent
    mac,           // one of its own cards
    client_id,     // of DHCP, where it is more than a MAC
    address,       // "SITE|10.1.0.1": IP addresses mean something within their site only
    agent_host,    // "SITE|pc-finance": the machine's name as its agent and the register write it
    host_name,     // as it announces itself; many share one
};
[[nodiscard]] const char* to_string(SignalKind kind) noexcept;

struct Signal {
    SignalKind kind{};
    std::string value;
    auto operator<=>(const Signal&) const = default;
};

// What a witness told, raw: by fact name or list entry ("board_serial", "adapter/eth0" with the MAC and addresses in
// it). Only names that is_identifying() knows are kept.
using Slots = std::map<std::string, std::string, std::less<>>;
[[nodiscard]] bool is_identifying(std::string_view fact);
// The part of a told value that a slot keeps; "" when it identifies nothing.
[[nodiscard]] std::string slot_value(std::string_view fact, std::string_view value);

// `key` is the witness's key within its site ("mac:...", "snmp:10.1.0.1", "host:AGENT", "name:NAME"). Sorted, each
// once, at most `most_signals`.
inline constexpr std::size_t most_signals = 4096;
[[nodiscard]] std::vector<Signal> signals_of(Source source, std::string_view site, std::string_view key,
                                             const Slots& slots);

[[nodiscard]] bool is_own_mac(std::string_view text);    // a MAC address that one card alone can have
[[nodiscard]] bool is_local_mac(std::string_view mac);   // locally administered: random, or a virtual machine's
[[nodiscard]] bool is_router_mac(std::string_view mac);  // of a virtual router: VRRP, CARP, HSRP, GLBP
[[nodiscard]] bool is_placeholder(std::string_view serial);

}  // namespace vg::collector::inventory
