#include "collector/api/device_item.hpp"

#include "collector/api/render.hpp"
#include "rules/gaps.hpp"

#include <cmath>

namespace vg::collector::api {
namespace {

using wire::SubjectKind;

json::value rounded(double share) { return std::round(share * 100) / 100; }

}  // namespace

OpenGaps::OpenGaps(Pipeline& pipeline) {
    for (const auto& gap : pipeline.gaps().gaps())
        if (gap.key.subject.kind == SubjectKind::device && gap.opened) ++count_[gap.key.subject.id];
}

json::object device_fields(Call& call, const inventory::DeviceRow& row, const OpenGaps& gaps) {
    json::array sources;
    for (const auto source :
         {inventory::Source::host, inventory::Source::snmp, inventory::Source::lan, inventory::Source::reg})
        if ((row.sources & (1u << static_cast<unsigned>(source))) != 0)
            sources.push_back(json::value(inventory::to_string(source)));
    return {{"id", row.id},
            {"site", row.site},
            {"site_name", site_name(call.pipeline, row.site)},
            {"name", or_null(row.name)},
            {"kind", or_null(row.kind)},
            {"vendor", or_null(row.vendor)},
            {"model", or_null(row.model)},
            {"serial", or_null(row.serial)},
            {"os", or_null(row.os)},
            {"version", or_null(row.version)},
            {"ip", or_null(row.ip)},
            {"mac", or_null(row.mac)},
            {"source", std::move(sources)},
            {"registered", row.standing.has_row},
            {"known_by", or_null(row.standing.known_by())},
            {"triage", row.triage},
            {"state", row.state()},
            {"confidence", rounded(row.confidence)},
            {"first_seen", iso(row.standing.first)},
            {"last_seen", iso(row.standing.last)},
            {"moved_from", or_null(row.standing.moved_from)},
            {"cloned", row.cloned},
            {"open_gaps", gaps.of(row.id)}};
}

json::object device_item(Call& call, const inventory::DeviceRow& row, const OpenGaps& gaps) {
    auto item = device_fields(call, row, gaps);
    json::object facts;
    for (const auto& fact : call.pipeline.facts().facts({SubjectKind::device, row.id}))
        if (!std::holds_alternative<std::monostate>(fact.value)) facts[fact.name] = to_json(fact.value);
    item["facts"] = std::move(facts);
    return item;
}

const inventory::Record* record_of(Call& call) {
    const auto* record = call.pipeline.inventory().find(call.path.front());
    if (record == nullptr || !call.sees_site(call.pipeline.inventory().site_of(*record))) return nullptr;
    return record;
}

json::object log_item(const inventory::LogEntry& entry) {
    json::array records, witnesses, reasons;
    for (const auto& id : entry.records) records.push_back(json::value(id));
    for (const auto& id : entry.witnesses) witnesses.push_back(json::value(id));
    for (const auto& reason : entry.reasons)
        reasons.push_back(
            json::object{{"signal", to_string(reason.kind)}, {"value", reason.value}, {"weight", reason.weight}});
    return {{"at", iso(entry.at)},
            {"what", entry.what},
            {"who", entry.who},
            {"note", entry.note},
            {"records", std::move(records)},
            {"witnesses", std::move(witnesses)},
            {"reasons", std::move(reasons)}};
}

json::object register_item(const registry::Device& device) {
    return {
        {"site", device.site},
        {"name", device.name},
        {"kind", device.kind},
        {"mac", or_null(device.mac)},
        {"ip", or_null(device.ip)},
        {"host", or_null(device.host)},
        {"vendor", or_null(device.vendor)},
        {"model", or_null(device.model)},
        {"serial", or_null(device.serial)},
        {"location", or_null(device.location)},
        {"segment", or_null(device.segment)},
        {"purpose", or_null(device.purpose)},
        {"status", or_null(device.status)},
        {"responsible", or_null(device.responsible)},
        {"support_end", device.support_end ? json::value(registry::to_string(*device.support_end)) : json::value()}};
}

}  // namespace vg::collector::api
