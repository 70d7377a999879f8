#include "collector/register/probe_options.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace vg::collector::registry {
namespace {

constexpr auto kinds = std::to_array<std::string_view>(
    {"icmp", "tcp", "dns", "http", "host", "uplink", "auth_log", "lan", "snmp", "snmp_trap", "inventory"});

constexpr auto rows = std::to_array<ProbeOption>({
    {"icmp", "count", "1..1000"},
    {"icmp", "interval", "1ms..60s"},
    {"icmp", "size", "8..1400"},
    {"icmp", "family", "any|4|6"},
    {"tcp", "family", "any|4|6"},
    {"dns", "server", "address or host, with or without :port"},
    {"dns", "type", "A|AAAA|CNAME|MX|NS|PTR|SOA|TXT"},
    {"dns", "expect", "text or list of texts"},
    {"http", "method", "GET|HEAD"},
    {"http", "expect_status", "100..599 or a list"},
    {"http", "match", "text"},
    {"http", "match_regex", "regular expression (Perl)"},
    {"http", "redirects", "0..10"},
    {"http", "authorities", "file (PEM)"},
    {"http", "internet", "true|false"},
    {"http", "family", "any|4|6"},
    {"host", "interfaces", "list of text"},
    {"host", "mounts", "list of text"},
    {"uplink", "uplinks", "list of { name, kind, interface, next_hop, primary }"},
    {"uplink", "hop", "1..16"},
    {"uplink", "sound_every", "duration"},
    {"uplink", "metered_sound_every", "duration"},
    {"uplink", "down_after", "duration"},
    {"uplink", "refresh", "duration"},
    {"uplink", "metered_refresh", "duration"},
    {"auth_log", "users", "pseudonym|plain"},
    {"auth_log", "pseudonym_key_file", "text"},
    {"auth_log", "from_start", "true|false"},
    {"snmp", "version", "1|2c|3"},
    {"snmp", "community", "text"},
    {"snmp", "user", "text"},
    {"snmp", "auth_protocol", "SHA|SHA-224|SHA-256|SHA-384|SHA-512"},
    {"snmp", "auth_password", "text"},
    {"snmp", "privacy_protocol", "AES|AES-192|AES-256"},
    {"snmp", "privacy_password", "text"},
    {"snmp", "context", "text"},
    {"snmp", "rates", "true|false"},
    {"snmp", "inventory_every", "1m..24h"},
    {"snmp", "check_default", "true|false"},
    {"snmp_trap", "community", "text"},
    {"snmp_trap", "user", "text"},
    {"snmp_trap", "auth_protocol", "SHA|SHA-224|SHA-256|SHA-384|SHA-512"},
    {"snmp_trap", "auth_password", "text"},
    {"snmp_trap", "privacy_protocol", "AES|AES-192|AES-256"},
    {"snmp_trap", "privacy_password", "text"},
    {"inventory", "parts", "list of text"},
    {"inventory", "full", "duration"},
});

// "GET|HEAD"; a list of anything else is the probe's own business.
void check_choice(std::string_view form, const yaml::Node& value, Problems& problems) {
    const auto text = yaml::as_string(value, problems);
    if (!text) return;
    for (std::string_view rest = form; !rest.empty();)
        if (next_piece(rest, '|') == *text) return;
    problems.add(value.place, {"'{}' không phải một trong: {}", "'{}' is not one of {}"}, *text, form);
}

void check_value(std::string_view form, const yaml::Node& value, Problems& problems) {
    if (form == "true|false") return (void)yaml::as_bool(value, problems);
    if (form == "duration") return (void)yaml::as_duration_ms(value, problems);
    if (const auto dots = form.find(".."); dots != std::string_view::npos) {
        const auto low = to_number<std::int64_t>(form.substr(0, dots));
        const auto high = to_number<std::int64_t>(form.substr(dots + 2));
        if (low && high) return (void)yaml::as_int(value, *low, *high, problems);
        const auto last = form.back();
        if (last == 's' || last == 'm' || last == 'h') (void)yaml::as_duration_ms(value, problems);
        return;
    }
    if (form.find('|') != std::string_view::npos && form.find(' ') == std::string_view::npos)
        check_choice(form, value, problems);
}

}  // namespace

std::span<const std::string_view> known_probe_kinds() { return kinds; }
std::span<const ProbeOption> known_probe_options() { return rows; }

void check_probe_options(std::string_view probe, const std::vector<std::pair<std::string, yaml::Node>>& options,
                         const yaml::Node& node, Problems& problems) {
    if (std::find(kinds.begin(), kinds.end(), probe) == kinds.end()) return;  // told already
    std::vector<std::string_view> known;
    for (const auto& row : rows)
        if (row.probe == probe) known.push_back(row.key);
    for (const auto& [key, value] : options) {
        const auto row = std::find_if(rows.begin(), rows.end(), [&, &name = key](const auto& one) {
            return one.probe == probe && one.key == name;
        });
        if (row != rows.end()) {
            check_value(row->form, value, problems);
            continue;
        }
        auto place = value.place;
        for (const auto& entry : node.entries)
            if (entry.first.scalar == key) place = entry.first.place;
        problems.add(place, {"phép dò {} không có tùy chọn '{}'{}", "the probe {} has no option '{}'{}"}, probe, key,
                     did_you_mean(key, known));
    }
}

}  // namespace vg::collector::registry
