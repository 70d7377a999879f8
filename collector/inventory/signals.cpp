#include "collector/inventory/signals.hpp"

#include "base/address.hpp"
#include "base/text.hpp"
#include "collector/json_fields.hpp"

#include <algorithm>
#include <array>

namespace vg::collector::inventory {
namespace {

constexpr std::size_t longest_value = 200;

std::string normal(std::string_view text) { return lower(text.substr(0, longest_value)); }

std::string trimmed(std::string_view text) { return normal(trim(text, " \t")); }

// "Dell Inc." and "DELL" are one maker: its first word.
std::string maker(std::string_view vendor) {
    auto text = trimmed(vendor);
    text.resize(std::min(text.find_first_of(" ,.-"), text.size()));
    return text;
}

boost::json::object fields_of(std::string_view value) { return object_of(value).value_or(boost::json::object()); }

std::string mac_or_nothing(std::string_view text) {
    auto mac = normal(text);
    return is_own_mac(mac) ? mac : std::string();
}

std::string bare_address(std::string_view text) { return normal(text.substr(0, text.find('/'))); }

bool says_nothing(std::string_view name) {
    static constexpr std::array common{
        "localhost", "localhost.localdomain", "debian",  "ubuntu",  "router", "switch",  "printer", "camera",
        "android",   "raspberrypi",           "openwrt", "desktop", "pc",     "mikrotik"};
    return name.size() < 2 || std::find(common.begin(), common.end(), name) != common.end();
}

std::string_view value_of(const Slots& slots, std::string_view name) {
    const auto found = slots.find(name);
    return found == slots.end() ? std::string_view() : std::string_view(found->second);
}

struct Collector {
    std::vector<Signal> out;
    std::string site;

    void add(SignalKind kind, std::string value) {
        if (!value.empty() && out.size() < most_signals) out.push_back({kind, std::move(value)});
    }
    void add_mac(std::string_view mac) {
        if (!mac.empty() && !is_router_mac(mac)) add(SignalKind::mac, std::string(mac));
    }
    void add_here(SignalKind kind, std::string_view value) {
        if (!value.empty()) add(kind, site + "|" + std::string(value));
    }
    void add_serial(SignalKind kind, std::string_view vendor, std::string_view serial) {
        const auto text = trimmed(serial);
        if (!is_placeholder(text)) add(kind, maker(vendor) + "|" + text);
    }
};

void add_slot(Collector& to, Source source, std::string_view name, std::string_view value) {
    if (name.starts_with("adapter/")) {  // "MAC ADDRESS"
        const auto space = value.find(' ');
        to.add_mac(value.substr(0, space));
        if (space != std::string_view::npos) to.add_here(SignalKind::address, value.substr(space + 1));
    } else if (name.starts_with("interface/") || (name == "mac" && source != Source::lan)) {
        to.add_mac(value);
    } else if (name.starts_with("address/")) {
        to.add_here(SignalKind::address, value);
    } else if (name == "machine_id" || name == "engine_id") {
        const auto text = trimmed(value);
        const bool is_said = text.find_first_not_of("0: x") != std::string::npos && text != "uninitialized";
        if (is_said && text.size() >= 8)
            to.add(name == "machine_id" ? SignalKind::machine_id : SignalKind::engine_id, text);
    } else if (name == "client_id") {
        // Type 1 and six bytes is a MAC once more.
        const auto text = trimmed(value);
        const bool is_a_mac = text.starts_with("01") && (text.size() == 14 || text.size() == 20);
        if (!is_a_mac && text.size() >= 8) to.add(SignalKind::client_id, text);
    } else if (name == "ip" && source != Source::host) {
        to.add_here(SignalKind::address, bare_address(value));
    } else if (name == "computer_name" || name == "host") {
        to.add_here(SignalKind::agent_host, trimmed(value));
    }
    if (name == "computer_name" || name == "host_name" || name == "name" || name == "announced_name") {
        auto text = trimmed(value);
        text.resize(std::min(text.find('.'), text.size()));
        if (!says_nothing(text)) to.add_here(SignalKind::host_name, text);
    }
}

}  // namespace

const char* to_string(Source source) noexcept {
    switch (source) {
        case Source::host: return "agent";
        case Source::snmp: return "snmp";
        case Source::lan: return "lan";
        case Source::reg: return "register";
    }
    return "lan";
}

const char* to_string(SignalKind kind) noexcept {
    switch (kind) {
        case SignalKind::machine_id: return "machine_id";
        case SignalKind::board_serial: return "board_serial";
        case SignalKind::serial: return "serial";
        case SignalKind::engine_id: return "engine_id";
        case SignalKind::mac: return "mac";
        case SignalKind::client_id: return "client_id";
        case SignalKind::address: return "ip";
        case SignalKind::agent_host: return "computer_name";
        case SignalKind::host_name: return "host_name";
    }
    return "mac";
}

bool is_identifying(std::string_view fact) {
    static constexpr std::array lists{"adapter/", "interface/", "address/"};
    static constexpr std::array names{"machine_id", "board_serial", "board_vendor",  "serial",    "vendor",
                                      "engine_id",  "client_id",    "computer_name", "host_name", "name",
                                      "ip",         "mac",          "announced_name"};
    if (fact.find('/') != std::string_view::npos)
        return std::any_of(lists.begin(), lists.end(), [&](std::string_view list) { return fact.starts_with(list); });
    return std::find(names.begin(), names.end(), fact) != names.end();
}

std::string slot_value(std::string_view fact, std::string_view value) {
    if (value.empty()) return {};
    if (fact.starts_with("adapter/")) {
        const auto adapter = fields_of(value);
        const auto mac = mac_or_nothing(text_field(adapter, "mac"));
        const auto address = bare_address(text_field(adapter, "ipv4"));
        return address.empty() ? mac : mac + " " + address;
    }
    if (fact.starts_with("interface/")) return mac_or_nothing(text_field(fields_of(value), "mac"));
    if (fact.starts_with("address/")) {
        auto address = normal(fact.substr(8));
        return address.starts_with("127.") || address.starts_with("fe80") || address == "::1" ? "" : address;
    }
    if (fact == "mac") return mac_or_nothing(value);
    return std::string(value.substr(0, longest_value));
}

std::vector<Signal> signals_of(Source source, std::string_view site, std::string_view key, const Slots& slots) {
    Collector to{{}, std::string(site)};
    if (key.starts_with("mac:")) to.add_mac(mac_or_nothing(key.substr(4)));
    if (key.starts_with("snmp:")) to.add_here(SignalKind::address, bare_address(key.substr(5)));
    for (const auto& [name, value] : slots) add_slot(to, source, name, value);
    to.add_serial(SignalKind::board_serial, value_of(slots, "board_vendor"), value_of(slots, "board_serial"));
    // The register rarely writes a vendor as the device does: its serial stands alone.
    to.add_serial(SignalKind::serial, "", value_of(slots, "serial"));
    if (source == Source::host) to.add_serial(SignalKind::serial, "", value_of(slots, "board_serial"));
    std::sort(to.out.begin(), to.out.end());
    to.out.erase(std::unique(to.out.begin(), to.out.end()), to.out.end());
    return std::move(to.out);
}

bool is_own_mac(std::string_view text) {
    return is_mac(text) && (hex_digit(text[1]) & 1) == 0 && text != "00:00:00:00:00:00";  // a group's is nobody's own
}

bool is_local_mac(std::string_view mac) { return is_own_mac(mac) && (hex_digit(mac[1]) & 2) != 0; }

bool is_router_mac(std::string_view mac) {
    static constexpr std::array starts{
        "00:00:5e:00:01:", "00:00:5e:00:02:", "00:00:0c:07:ac:", "00:00:0c:9f:f", "00:05:73:a0:0", "00:07:b4:00:"};
    return std::any_of(starts.begin(), starts.end(), [&](std::string_view start) { return mac.starts_with(start); });
}

bool is_placeholder(std::string_view serial) {
    static constexpr std::array said{"to be filled by o.e.m.",
                                     "to be filled by o.e.m",
                                     "default string",
                                     "system serial number",
                                     "not specified",
                                     "not applicable",
                                     "chassis serial number",
                                     "base board serial",
                                     "none",
                                     "unknown",
                                     "empty",
                                     "invalid",
                                     "o.e.m.",
                                     "oem",
                                     "n/a",
                                     "serial",
                                     "xxxxxxx",
                                     "123456789",
                                     "1234567890",
                                     "0123456789",
                                     "not available"};
    const auto text = trimmed(serial);
    if (text.size() < 4) return true;
    if (text.find_first_not_of(text.front()) == std::string::npos) return true;  // 0000000, xxxxxx, ......
    if (text.find_first_not_of("0123456789.-: ") == std::string::npos &&
        text.find_first_not_of("0.-: ") == std::string::npos)
        return true;
    return std::any_of(said.begin(), said.end(), [&](std::string_view one) { return text == one; });
}

}  // namespace vg::collector::inventory
