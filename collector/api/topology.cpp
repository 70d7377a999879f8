#include "collector/inventory/topology.hpp"

#include "collector/api/handlers.hpp"
#include "collector/inventory/device_row.hpp"
#include "collector/record_reader.hpp"

#include <set>

namespace vg::collector::api {
namespace {

using inventory::Condition;
using inventory::TopologyDevice;
using wire::SubjectKind;

constexpr std::size_t most_devices = 5'000;

std::string text_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || value->is_null()) return {};
    return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

json::object fields_of(const std::string& text) { return object_of(text).value_or(json::object()); }

// Down needs somebody who could see it up: where nobody is heard, nothing is known.
Condition condition_of(Call& call, const inventory::Record& record, const inventory::DeviceRow& row) {
    if (row.standing.is_seen) return Condition::up;
    bool is_watched = false;
    for (const auto* agent : call.pipeline.agents().of_site(row.site)) is_watched = is_watched || agent->heard;
    if (!is_watched) return Condition::not_known;
    const auto value = [&](const char* fact) {
        return call.pipeline.facts().value({SubjectKind::device, record.id}, fact);
    };
    const bool was_agent = (row.sources & (1u << static_cast<unsigned>(inventory::Source::host))) != 0;
    const bool fails = value("snmp_ok") == wire::FactValue{false} || value("seen") == wire::FactValue{false};
    return was_agent || fails || row.standing.is_missing.value_or(false) ? Condition::down : Condition::not_known;
}

void read_lists(Call& call, const RecordReader& reader, bool with_tables, TopologyDevice& out) {
    std::map<std::string, std::string> names;
    for (const auto& entry : reader.entries("interface/")) {
        const auto face = fields_of(entry.value);
        inventory::TopologyPort port{entry.name, text_in(face, "name"), Condition::not_known, 0};
        if (text_in(face, "oper") == "up") port.condition = Condition::up;
        if (text_in(face, "oper") == "down") port.condition = Condition::down;
        port.speed_bps = int_field(face, "speed_bps").value_or(port.speed_bps);
        out.ports.push_back(std::move(port));
    }
    for (const auto& entry : reader.entries("address/")) {
        out.addresses.push_back(entry.name);
        if (const auto prefix = int_field(fields_of(entry.value), "prefix"))
            out.subnets.emplace_back(entry.name, static_cast<int>(*prefix));
    }
    for (const char* list : {"neighbour/", "heard/"})
        for (const auto& entry : reader.entries(list)) {
            const auto told = fields_of(entry.value);
            const auto* other = inventory::find_neighbour(call.pipeline.inventory(), reader.site(),
                                                          text_in(told, "chassis"), text_in(told, "name"));
            if (other == nullptr || other->id == out.id) continue;
            out.neighbours.push_back(
                {text_in(told, "protocol"), text_in(told, "local"), text_in(told, "port"), other->id});
        }
    if (!with_tables) return;
    for (const auto& entry : reader.entries("fdb/"))
        out.forwarding.emplace_back(entry.name, text_in(fields_of(entry.value), "interface"));
    for (const auto& entry : reader.entries("arp/")) {
        const auto told = fields_of(entry.value);
        out.arp.emplace_back(text_in(told, "mac"), text_in(told, "interface"));
    }
}

TopologyDevice device_of(Call& call, const inventory::Record& record, const inventory::DeviceRow& row, bool is_whole) {
    TopologyDevice out;
    out.id = record.id;
    out.name = row.name;
    out.kind = row.kind;
    out.site = row.site;
    out.condition = condition_of(call, record, row);
    if (!row.ip.empty()) out.addresses.push_back(row.ip);
    std::set<std::string> macs;
    if (!row.mac.empty()) macs.insert(row.mac);
    for (const auto& id : record.witnesses)
        for (const auto& signal : call.pipeline.inventory().identity().witness(id)->signals)
            if (signal.kind == inventory::SignalKind::mac) macs.insert(signal.value);
    out.macs.assign(macs.begin(), macs.end());
    read_lists(call, RecordReader(call.pipeline, record), is_whole, out);
    return out;
}

// The lines to the outside hang on the router that most hangs on.
void add_lines(Call& call, const inventory::Topology& made, json::array& nodes, json::array& links) {
    std::map<std::string, std::size_t> crowd;
    for (const auto& link : made.links) {
        ++crowd[link.a];
        ++crowd[link.b];
    }
    std::map<std::string, const inventory::TopologyNode*> router;
    for (const auto& node : made.nodes)
        if (auto& best = router[node.site];
            node.kind == "router" && (best == nullptr || crowd[node.id] > crowd[best->id]))
            best = &node;
    for (const auto& line : call.reg().uplinks) {
        const auto at = router.find(line.site);
        if (at == router.end()) continue;
        const auto id = line.site + "/uplink:" + line.name;
        const auto up = call.pipeline.facts().value({SubjectKind::uplink, line.site + "/" + line.name}, "up");
        const auto* is_up = std::get_if<bool>(&up);
        const char* state = is_up == nullptr ? "not_known" : *is_up ? "up" : "down";
        nodes.push_back(json::object{
            {"id", id}, {"name", line.name}, {"kind", "uplink"}, {"site", line.site}, {"state", state}, {"depth", 0}});
        if (at->second == nullptr) continue;
        const bool is_router_down = at->second->condition == Condition::down;
        links.push_back(json::object{
            {"a", at->second->id},
            {"b", id},
            {"a_port", or_null(line.interface)},
            {"b_port", nullptr},
            {"by", json::array{"uplink"}},
            {"state", is_router_down ? "down" : state},
            {"speed_bps", line.subscribed_mbps ? json::value(static_cast<std::int64_t>(*line.subscribed_mbps * 1e6))
                                               : json::value()}});
    }
}

bool is_network(const std::string& kind) {
    return kind == "router" || kind == "switch" || kind == "ap" || kind == "server";
}

}  // namespace

Answer get_topology(Call& call) {
    const auto site = call.query("site").value_or("");
    std::vector<TopologyDevice> devices;
    for (const auto* record : call.pipeline.inventory().identity().records()) {
        const auto& row = call.pipeline.row_of(*record);
        if (site.empty() ? !is_network(row.kind) || !call.sees_site(row.site) : row.site != site) continue;
        if (row.standing.is_virtual && !row.standing.is_expected) continue;
        if (devices.size() == most_devices) break;
        devices.push_back(device_of(call, *record, row, !site.empty()));
    }
    const auto made = inventory::make_topology(devices);
    json::array nodes, links;
    for (const auto& node : made.nodes)
        nodes.push_back(json::object{{"id", node.id},
                                     {"name", node.name},
                                     {"kind", or_null(node.kind)},
                                     {"site", node.site},
                                     {"state", to_string(node.condition)},
                                     {"depth", node.depth}});
    for (const auto& link : made.links) {
        json::array by;
        for (const auto& one : link.by) by.push_back(json::value(one));
        links.push_back(json::object{{"a", link.a},
                                     {"b", link.b},
                                     {"a_port", or_null(link.a_port)},
                                     {"b_port", or_null(link.b_port)},
                                     {"by", std::move(by)},
                                     {"state", to_string(link.condition)},
                                     {"speed_bps", link.speed_bps > 0 ? json::value(link.speed_bps) : json::value()}});
    }
    add_lines(call, made, nodes, links);
    return answer(json::object{{"nodes", std::move(nodes)}, {"links", std::move(links)}});
}

}  // namespace vg::collector::api
