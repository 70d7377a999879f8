// What is derived of one device alone.
#include "base/address.hpp"
#include "base/text.hpp"
#include "base/words.hpp"
#include "collector/inventory/posture.hpp"
#include "collector/register/mandatory.hpp"
#include "collector/register/model.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace vg::collector::inventory {
namespace {

namespace json = boost::json;
using wire::FactValue;

constexpr std::size_t most_names = 10;

std::string date_text(std::chrono::sys_days day) { return registry::to_string(registry::Date(day)); }

FactValue known(std::optional<bool> value) { return value ? FactValue{*value} : FactValue{}; }

void add_name(std::string& names, std::size_t count, std::string_view name) {
    if (count <= most_names) names += (names.empty() ? "" : ", ") + std::string(name);
    if (count == most_names + 1) names += ", …";
}

bool is_machine(const RecordView& record) {
    const auto kind = record.kind();
    return record.has_agent() || kind == "pc" || kind == "server";
}

// Whether a web page of it is where it is managed.
bool is_appliance(std::string_view kind) {
    static constexpr std::array<std::string_view, 7> kinds{"router", "switch", "ap", "camera", "nvr", "ups", "printer"};
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

struct Port {
    std::string_view transport, name;
    std::uint16_t number;
    bool on_appliances_only = false;
};
constexpr std::array<Port, 9> insecure_ports{
    Port{"tcp", "Telnet", 23}, {"tcp", "FTP", 21},          {"udp", "TFTP", 69},
    {"tcp", "rexec", 512},     {"tcp", "rlogin", 513},      {"tcp", "rsh", 514},
    {"tcp", "HTTP", 80, true}, {"tcp", "HTTP", 8080, true}, {"tcp", "HTTP", 8000, true}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> insecure_announcements{
    std::pair<std::string_view, std::string_view>{"_telnet._tcp", "Telnet"},
    {"_ftp._tcp", "FTP"},
    {"_tftp._udp", "TFTP"}};

// "tcp/0.0.0.0:22", "udp/[::]:161"
bool is_open(const Port& port, std::string_view entry) {
    if (!entry.starts_with(port.transport) || entry.size() <= port.transport.size() + 1) return false;
    const auto address = entry.substr(port.transport.size() + 1);
    if (address.starts_with("127.") || address.starts_with("[::1]")) return false;
    const auto colon = address.rfind(':');
    if (colon == std::string_view::npos) return false;
    return to_number<std::uint16_t>(address.substr(colon + 1)) == port.number;
}

// FTP is not told because TFTP is.
void add_once(std::string& names, const std::string& name) {
    const bool is_told = names.starts_with(name) || names.find(", " + name) != std::string::npos;
    if (!is_told) names += (names.empty() ? "" : ", ") + name;
}

void add_address(std::vector<std::string>& out, std::string_view text) {
    text = text.substr(0, text.find('/'));
    if (!text.empty() && parse_address(text)) out.emplace_back(text);
}

}  // namespace

std::vector<Derived> derive_support(const RecordView& record, const rules::SupportTables& tables,
                                    std::chrono::sys_days today) {
    std::vector<Derived> out;
    const auto tell = [&](const char* supported, const char* end, const rules::SupportAnswer& answer) {
        out.push_back({supported, known(answer.supported)});
        out.push_back({end, answer.end ? FactValue{date_text(*answer.end)} : FactValue{}});
    };
    if (const auto os = text_of(record, "os_id"); !os.empty())
        tell("os_supported", "os_support_end",
             tables.look_up({os, {}, {}, text_of(record, "os_version"), text_of(record, "os_name")}, today));
    if (is_machine(record)) return out;

    const auto* row = record.registered();
    auto vendor = text_of(record, "vendor"), hardware = text_of(record, "hardware");
    if (vendor.empty() && row != nullptr) vendor = row->vendor;
    if (hardware.empty() && row != nullptr) hardware = row->model;
    auto answer = tables.look_up({{}, vendor, hardware, text_of(record, "version"), {}}, today);
    if (row != nullptr && row->support_end) {  // the office knows its own contract; the earlier end counts
        const std::chrono::sys_days own(*row->support_end);
        answer.end = answer.end ? std::min(*answer.end, own) : own;
        answer.supported = today <= *answer.end;
    }
    tell("firmware_supported", "firmware_support_end", answer);
    out.push_back({"firmware_vulnerable", known(answer.vulnerable)});
    out.push_back({"firmware_advisory", answer.vulnerable ? FactValue{answer.advisories} : FactValue{}});
    return out;
}

std::vector<Derived> derive_register(const RecordView& record) {
    const auto* row = record.registered();
    if (row == nullptr) return {{"missing_fields", {}}, {"missing_fields_names", {}}, {"missing_fields_names_en", {}}};
    std::vector<std::string> vi, en;
    const auto fields = registry::missing_fields(*row);
    for (const auto& field : fields) {
        vi.emplace_back(field.vi);
        en.emplace_back(field.en);
    }
    return {{"missing_fields", static_cast<std::int64_t>(fields.size())},
            {"missing_fields_names", joined(vi)},
            {"missing_fields_names_en", joined(en)}};
}

std::vector<Derived> derive_software(const RecordView& record) {
    struct Allowed {
        rules::SigmaPattern name, version;
    };
    std::vector<Allowed> allowed;
    for (const auto& one : record.reg().software)
        if (one.site.empty() || one.site == record.site())
            allowed.push_back({rules::SigmaPattern::parse(one.name, false, false),
                               rules::SigmaPattern::parse(one.version.empty() ? "*" : one.version, false, false)});
    if (allowed.empty() || record.count("software/") == 0)
        return {{"unapproved_software", {}}, {"unapproved_software_names", {}}};
    std::size_t count = 0;
    std::string names;
    record.list("software/", [&](std::string_view entry, std::string_view version) {
        const auto name = lower(entry), low_version = lower(version);
        const std::string bare = name.substr(0, name.find(':'));  // Debian's ":i386"
        const bool fine = std::any_of(allowed.begin(), allowed.end(), [&](const auto& one) {
            return (one.name.matches(name) || one.name.matches(bare)) && one.version.matches(low_version);
        });
        if (!fine) add_name(names, ++count, entry);
        return true;
    });
    return {{"unapproved_software", static_cast<std::int64_t>(count)}, {"unapproved_software_names", names}};
}

Derived derive_insecure_protocols(const RecordView& record) {
    std::string names;
    bool is_known = false;
    const bool appliance = is_appliance(record.kind());
    if (record.has_agent() && !std::holds_alternative<std::monostate>(record.value("os_id"))) is_known = true;
    record.list("port/", [&](std::string_view entry, std::string_view) {
        is_known = true;
        for (const auto& port : insecure_ports)
            if ((!port.on_appliances_only || appliance) && is_open(port, entry))
                add_once(names, std::string(port.name) + " (" + std::to_string(port.number) + ")");
        return true;
    });
    record.list("announces/", [&](std::string_view entry, std::string_view) {
        for (const auto& [service, name] : insecure_announcements)
            if (entry.starts_with(service)) add_once(names, std::string(name));
        if (appliance && entry.starts_with("_http._tcp")) add_once(names, "HTTP");
        return true;
    });
    const auto open_to_all = record.value("snmp_public");  // "no" says nothing of Telnet
    if (const auto* value = std::get_if<bool>(&open_to_all); value != nullptr && *value)
        add_once(names, "SNMP v1/v2c (public)");
    if (names.empty() && !is_known) return {"insecure_protocols", {}};
    return {"insecure_protocols", names};
}

Derived derive_outside_segment(const RecordView& record) {
    const auto kind = record.kind();
    const auto addresses = addresses_of(record);
    const auto vlan = record.value("vlan");
    const auto* tag = std::get_if<std::int64_t>(&vlan);
    bool is_asked = false, is_decided = false;
    for (const auto& segment : record.reg().segments) {
        if (segment.site != record.site()) continue;
        if (std::find(segment.kinds.begin(), segment.kinds.end(), kind) == segment.kinds.end()) continue;
        is_asked = true;
        if (const auto network = Network::parse(segment.prefix); network && !addresses.empty()) {
            is_decided = true;
            if (std::any_of(addresses.begin(), addresses.end(), [&](const auto& a) { return network->contains(a); }))
                return {"outside_segment", false};
        } else if (segment.vlan && tag != nullptr) {
            is_decided = true;
            if (*segment.vlan == *tag) return {"outside_segment", false};
        }
    }
    return {"outside_segment", is_asked && is_decided ? FactValue{true} : FactValue{}};
}

std::vector<std::string> addresses_of(const RecordView& record) {
    std::vector<std::string> out;
    add_address(out, text_of(record, "ip"));
    record.list("address/", [&](std::string_view entry, std::string_view) {
        add_address(out, entry);
        return out.size() < 256;
    });
    record.list("adapter/", [&](std::string_view, std::string_view value) {
        boost::system::error_code bad;
        const auto adapter = json::parse(value, bad);
        if (bad || !adapter.is_object()) return true;
        for (const char* key : {"ipv4", "ipv6"})
            if (const auto* text = adapter.as_object().if_contains(key); text != nullptr && text->is_string())
                add_address(out, std::string_view(text->as_string().data(), text->as_string().size()));
        return out.size() < 256;
    });
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

}  // namespace vg::collector::inventory
