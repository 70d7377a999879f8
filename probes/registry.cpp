#include "probes/auth_log/auth_log.hpp"
#include "probes/dns/dns.hpp"
#include "probes/host/host.hpp"
#include "probes/http/http.hpp"
#include "probes/icmp.hpp"
#include "probes/inventory/inventory.hpp"
#include "probes/lan/lan.hpp"
#include "probes/probe.hpp"
#include "probes/snmp/snmp.hpp"
#include "probes/tcp.hpp"
#include "probes/uplink/uplink.hpp"

namespace vg::probes {
namespace {

// One row a kind: what it is called, what it takes, who makes it.
const std::vector<Kind>& table() {
    static const std::vector<Kind> rows{
        icmp_kind(),     tcp_kind(), dns_kind(),  http_kind(),      host_kind(),      uplink_kind(),
        auth_log_kind(), lan_kind(), snmp_kind(), snmp_trap_kind(), inventory_kind(),
    };
    return rows;
}

}  // namespace

std::span<const Kind> kinds() { return table(); }

const Kind* find_kind(std::string_view name) {
    for (const auto& kind : table())
        if (kind.name == name) return &kind;
    return nullptr;
}

std::vector<std::string_view> known_keys(const Kind& kind) {
    std::vector<std::string_view> keys{"id", "probe", "target", "every", "timeout", "service"};
    for (const auto& option : kind.options) keys.push_back(option.key);
    return keys;
}

}  // namespace vg::probes
