#include "collector/api/device_order.hpp"

#include "base/fold.hpp"

#include <algorithm>
#include <array>

namespace vg::collector::api {
namespace {

using inventory::DeviceRow;

std::string padded(std::int64_t number, std::size_t width = 20) {
    const auto digits = std::to_string(std::max<std::int64_t>(number, 0));
    return std::string(width - std::min(digits.size(), width), '0') + digits;
}

std::string padded(Time time) { return padded(time.time_since_epoch().count()); }

// Numbers inside names and addresses in their natural order.
std::string natural(std::string_view text) {
    constexpr std::size_t width = 8;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto plain = folded(text, Marks::dropped);
    std::string out;
    for (std::size_t i = 0; i < plain.size();) {
        auto end = i;
        while (end < plain.size() && is_digit(plain[end])) ++end;
        if (end > i && end - i < width) out.append(width - (end - i), '0');
        end = std::max(end, i + 1);
        out.append(plain, i, end - i);
        i = end;
    }
    return out;
}

struct Order {
    std::string_view column;
    std::string (*key)(const DeviceRow&, const OpenGaps&);
};

constexpr auto orders = std::to_array<Order>({
    {"name", [](const DeviceRow& row, const OpenGaps&) { return natural(row.name); }},
    {"site", [](const DeviceRow& row, const OpenGaps&) { return natural(row.site); }},
    {"site_name", [](const DeviceRow& row, const OpenGaps&) { return natural(row.site); }},
    {"kind", [](const DeviceRow& row, const OpenGaps&) { return row.kind; }},
    {"vendor", [](const DeviceRow& row, const OpenGaps&) { return natural(row.vendor); }},
    {"model", [](const DeviceRow& row, const OpenGaps&) { return natural(row.model); }},
    {"serial", [](const DeviceRow& row, const OpenGaps&) { return natural(row.serial); }},
    {"os", [](const DeviceRow& row, const OpenGaps&) { return natural(row.os); }},
    {"version", [](const DeviceRow& row, const OpenGaps&) { return natural(row.version); }},
    {"ip", [](const DeviceRow& row, const OpenGaps&) { return natural(row.ip); }},
    {"mac", [](const DeviceRow& row, const OpenGaps&) { return row.mac; }},
    {"id", [](const DeviceRow& row, const OpenGaps&) { return row.id; }},
    {"state", [](const DeviceRow& row, const OpenGaps&) { return std::string(row.state()); }},
    {"triage", [](const DeviceRow& row, const OpenGaps&) { return row.triage; }},
    {"registered", [](const DeviceRow& row, const OpenGaps&) { return std::string(row.standing.known_by()); }},
    {"known_by", [](const DeviceRow& row, const OpenGaps&) { return std::string(row.standing.known_by()); }},
    {"source", [](const DeviceRow& row, const OpenGaps&) { return padded(row.sources); }},
    {"confidence",
     [](const DeviceRow& row, const OpenGaps&) { return padded(static_cast<std::int64_t>(row.confidence * 1000)); }},
    {"first_seen", [](const DeviceRow& row, const OpenGaps&) { return padded(row.standing.first); }},
    {"last_seen", [](const DeviceRow& row, const OpenGaps&) { return padded(row.standing.last); }},
    {"open_gaps",
     [](const DeviceRow& row, const OpenGaps& gaps) { return padded(static_cast<std::int64_t>(gaps.of(row.id))); }},
});

struct Keyed {
    std::string key;
    std::size_t place = 0;  // before
};

}  // namespace

std::vector<std::string_view> device_orders() {
    std::vector<std::string_view> out;
    out.reserve(orders.size());
    for (const auto& one : orders) out.push_back(one.column);
    return out;
}

void put_in_order(std::vector<const DeviceRow*>& devices, std::string_view sort, const OpenGaps& gaps,
                  std::size_t wanted) {
    const bool is_down = sort.starts_with('-');
    sort.remove_prefix(is_down ? 1 : 0);
    const auto order = std::find_if(orders.begin(), orders.end(), [&](const Order& one) { return one.column == sort; });
    if (order == orders.end()) return;
    std::vector<Keyed> keyed;
    keyed.reserve(devices.size());
    for (const auto* row : devices) keyed.push_back({order->key(*row, gaps), keyed.size()});
    const auto middle = keyed.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, keyed.size()));
    std::partial_sort(keyed.begin(), middle, keyed.end(), [&](const Keyed& a, const Keyed& b) {
        if (a.key.empty() != b.key.empty()) return b.key.empty();
        if (a.key != b.key) return is_down ? a.key > b.key : a.key < b.key;
        return a.place < b.place;
    });
    std::vector<const DeviceRow*> out;
    out.reserve(devices.size());
    for (const auto& one : keyed) out.push_back(devices[one.place]);
    devices = std::move(out);
}

}  // namespace vg::collector::api
