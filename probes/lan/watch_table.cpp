#include "probes/lan/watch_table.hpp"

#include "base/utf8.hpp"
#include "probes/lan/mac_vendor.hpp"

#include <algorithm>
#include <array>
#include <ostream>

namespace vg::probes::lan {
namespace {

using Row = std::array<std::string, 5>;

std::string shortened(std::string text, std::size_t most) {
    if (characters(text) <= most) return text;
    std::size_t at = 0;
    for (std::size_t n = 0; n + 1 < most; ++n) do
            ++at;
        while (at < text.size() && goes_on(text[at]));
    return text.substr(0, at) + "…";
}

std::string names_of(const Device& device) {
    std::vector<std::string> words;
    for (const auto& name : device.names)
        if (std::find(words.begin(), words.end(), name.text) == words.end()) words.push_back(name.text);
    return joined(words);
}

std::string notes_of(const Device& device, Language language) {
    const bool vi = language == Language::vi;
    std::vector<std::string> words;
    if ((device.roles & role::router) != 0) words.emplace_back(vi ? "bộ định tuyến" : "router");
    if ((device.roles & (role::dhcp_server | role::dhcp6_server)) != 0)
        words.emplace_back(vi ? "cấp địa chỉ (DHCP)" : "DHCP server");
    if ((device.roles & role::bridge) != 0) words.emplace_back(vi ? "bộ chuyển mạch" : "switch");
    for (const auto& n : device.neighbours)
        if (n.protocol != NeighbourProtocol::stp)
            words.push_back(std::string(to_string(n.protocol)) + (vi ? " cổng " : " port ") + n.port);
    if (const auto platform = platform_of(device); !platform.empty()) words.push_back(platform);
    if (device.dhcp && !device.dhcp->vendor_class.empty()) words.push_back(device.dhcp->vendor_class);
    if (device.vlan != 0) words.push_back("VLAN " + std::to_string(device.vlan));
    return joined(words);
}

Row row_of(const Device& device, Language language) {
    auto vendor = vendor_of(device.mac);
    if (device.mac.is_local()) vendor = language == Language::vi ? "(tự đặt)" : "(set by software)";
    std::vector<std::string> ips;
    for (const auto& ip : device.ips) ips.push_back(to_text(ip));
    return {device.mac.value == 0 ? "-" : to_text(device.mac), shortened(std::move(vendor), 26),
            shortened(joined(ips), 42), shortened(names_of(device), 40), shortened(notes_of(device, language), 60)};
}

}  // namespace

void print_table(const std::list<Device>& devices, std::uint64_t frames, Language language, std::ostream& out) {
    const bool vi = language == Language::vi;
    std::vector<Row> rows;
    rows.push_back(vi ? Row{"MAC", "Hãng", "Địa chỉ IP", "Tên", "Ghi chú"}
                      : Row{"MAC", "Vendor", "IP addresses", "Names", "Notes"});
    for (auto device = devices.rbegin(); device != devices.rend(); ++device) rows.push_back(row_of(*device, language));
    std::array<std::size_t, 5> widths{};
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], characters(row[i]));
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i)
            line += row[i] + std::string(widths[i] - characters(row[i]) + 2, ' ');
        while (!line.empty() && line.back() == ' ') line.pop_back();
        out << line << '\n';
    }
    out << devices.size() << (vi ? " thiết bị, " : " devices, ") << frames << (vi ? " gói\n" : " packets\n");
}

void print_news(const Device& device, bool is_new, Time at, Language language, std::ostream& out) {
    const bool vi = language == Language::vi;
    const auto row = row_of(device, language);
    out << to_iso(at).substr(11, 8)
        << (is_new ? (vi ? "  mới       " : "  new       ") : (vi ? "  biết thêm " : "  more      "));
    for (const auto& cell : row)
        if (!cell.empty()) out << ' ' << cell << ' ';
    out << std::endl;
}

}  // namespace vg::probes::lan
