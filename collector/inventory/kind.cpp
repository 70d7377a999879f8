#include "collector/inventory/kind.hpp"

#include "base/text.hpp"

#include <array>
#include <utility>

namespace vg::collector::inventory {
namespace {

std::string lower_text(const FactOf& fact, std::string_view name) {
    const auto value = fact(name);
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr ? lower(*text) : std::string();
}

bool is_known(const FactOf& fact, std::string_view name) { return !std::holds_alternative<std::monostate>(fact(name)); }

struct Word {
    std::string_view text, kind;
};

// The first that stands in the text decides; special words before general ones.
constexpr std::array words{Word{"nvr", "nvr"},
                           Word{"network video recorder", "nvr"},
                           Word{"dvr", "nvr"},
                           Word{"ip camera", "camera"},
                           Word{"network camera", "camera"},
                           Word{"camera", "camera"},
                           Word{"ipc-", "camera"},
                           Word{"hikvision", "camera"},
                           Word{"dahua", "camera"},
                           Word{"axis", "camera"},
                           Word{"printer", "printer"},
                           Word{"laserjet", "printer"},
                           Word{"jetdirect", "printer"},
                           Word{"officejet", "printer"},
                           Word{"ecosys", "printer"},
                           Word{"bizhub", "printer"},
                           Word{"imagerunner", "printer"},
                           Word{"smart-ups", "ups"},
                           Word{"ups ", "ups"},
                           Word{" ups", "ups"},
                           Word{"access point", "ap"},
                           Word{"unifi", "ap"},
                           Word{"aironet", "ap"},
                           Word{"airos", "ap"},
                           Word{"ip phone", "phone"},
                           Word{"android", "phone"},
                           Word{"iphone", "phone"},
                           Word{"yealink", "phone"},
                           Word{"switch", "switch"},
                           Word{"catalyst", "switch"},
                           Word{"procurve", "switch"},
                           Word{"routeros", "router"},
                           Word{"router", "router"},
                           Word{"vigor", "router"},
                           Word{"fortigate", "router"},
                           Word{"firewall", "router"},
                           Word{"openwrt", "router"},
                           Word{"gateway", "router"},
                           Word{"windows server", "server"},
                           Word{"esxi", "server"},
                           Word{"windows", "pc"},
                           Word{"msft 5.0", "pc"}};

std::string by_words(const std::string& text) {
    for (const auto& word : words)
        if (text.find(word.text) != std::string::npos) return std::string(word.kind);
    return {};
}

}  // namespace

std::string guess_kind(bool has_agent, const FactOf& fact) {
    if (has_agent) {
        const bool is_server =
            lower_text(fact, "chassis") == "server" || lower_text(fact, "os_name").find("server") != std::string::npos;
        return is_server ? "server" : "pc";
    }
    if (is_known(fact, "ups_charge_percent") || is_known(fact, "ups_on_battery")) return "ups";
    if (is_known(fact, "supply_lowest_percent")) return "printer";
    for (const std::string_view name : {"hardware", "description", "platform", "dhcp_class", "vendor", "mac_vendor"})
        if (auto kind = by_words(lower_text(fact, name)); !kind.empty()) return kind;
    return {};
}

}  // namespace vg::collector::inventory
