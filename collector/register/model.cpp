#include "collector/register/model.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace vg::collector::registry {

std::string Device::key() const {
    if (!mac.empty()) return "mac:" + mac;
    if (!ip.empty()) return "snmp:" + ip;
    return "name:" + name;
}

const Unit* Register::unit(std::string_view code, Date day) const {
    for (const auto& one : units)
        if (one.code == code && one.valid.holds(day)) return &one;
    return nullptr;
}

const Unit* Register::unit(std::string_view code) const {
    const Unit* latest = nullptr;
    for (const auto& one : units)
        if (one.code == code &&
            (latest == nullptr || !one.valid.to || (latest->valid.to && *latest->valid.to < *one.valid.to)))
            latest = &one;
    return latest;
}

const Site* Register::site(std::string_view id) const {
    for (const auto& one : sites)
        if (one.id == id) return &one;
    return nullptr;
}

std::vector<std::string> Register::line_of(std::string_view code) const {
    std::vector<std::string> out;
    for (std::string at(code); out.size() < 16 && !at.empty();) {
        const auto* found = unit(at);
        out.push_back(std::exchange(at, found != nullptr ? found->parent : std::string()));
    }
    return out;
}

bool Register::is_within(std::string_view code, std::string_view ancestor) const {
    const auto line = line_of(code);
    return std::find(line.begin(), line.end(), ancestor) != line.end();
}

std::int64_t Register::level(const Site& of) const {
    if (of.level) return *of.level;
    const auto* owner = unit(of.unit);
    return owner != nullptr && owner->level == "province" ? 3 : 2;
}

std::vector<const Service*> Register::services_of(std::string_view site) const {
    std::vector<const Service*> out;
    for (const auto& service : services) {
        bool here = service.site.empty() ? service.checked_everywhere : service.site == site;
        for (const auto& from : service.checked_from) here = here || from == site;
        if (here) out.push_back(&service);
    }
    return out;
}

const Device* Register::device(std::string_view site, std::string_view seen_key, std::string_view ip) const {
    const bool by_snmp = seen_key.starts_with("snmp:");
    for (const auto& one : devices) {
        if (one.site != site) continue;
        if (one.key() == seen_key) return &one;
        if (by_snmp && one.ip == seen_key.substr(5)) return &one;
        // An address alone identifies only what the register knows without a MAC: addresses move, cards do not.
        if (!ip.empty() && one.mac.empty() && one.ip == ip) return &one;
    }
    return nullptr;
}

std::string_view kind_name(std::string_view unit_kind) {
    using Pair = std::pair<std::string_view, std::string_view>;
    static constexpr std::array<Pair, 9> names{
        Pair{"tinh", "Tỉnh"}, {"thanh_pho", "Thành phố"}, {"huyen", "Huyện"},
        {"quan", "Quận"},     {"thi_xa", "Thị xã"},       {"thi_tran", "Thị trấn"},
        {"xa", "Xã"},         {"phuong", "Phường"},       {"dac_khu", "Đặc khu"}};
    for (const auto& [key, name] : names)
        if (key == unit_kind) return name;
    return {};
}

std::string full_name(const Unit& unit) {
    const auto prefix = kind_name(unit.kind);
    return prefix.empty() ? unit.name : std::string(prefix) + " " + unit.name;
}

std::string to_string(const Date& date) {
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text;
}

}  // namespace vg::collector::registry
