#include "collector/inventory/device_row.hpp"

#include "base/fold.hpp"
#include "collector/record_reader.hpp"

#include <initializer_list>

namespace vg::collector::inventory {
namespace {

std::string text(const wire::FactValue& value) {
    const auto* known = std::get_if<std::string>(&value);
    return known != nullptr ? *known : std::string();
}

std::string first_of(const RecordReader& reader, std::initializer_list<std::string_view> columns) {
    for (const auto column : columns)
        if (auto found = text(reader.value(column)); !found.empty()) return found;
    return {};
}

// The card by which a machine is known: one that its maker gave its number before one that has a made-up number (a
// virtual machine's), one with an address before one without.
std::pair<std::string, std::string> card_of(const Witness& witness) {
    std::pair<std::string, std::string> best;
    int best_rank = -1;
    for (const auto& [name, value] : witness.slots) {
        if (!name.starts_with("adapter/")) continue;
        const auto space = std::min(value.find(' '), value.size());
        const int rank = (is_local_mac(value.substr(0, space)) ? 0 : 2) + (space < value.size() ? 1 : 0);
        if (rank <= best_rank || space == 0) continue;
        best_rank = rank;
        best = {value.substr(0, space), space < value.size() ? value.substr(space + 1) : ""};
    }
    return best;
}

// Where no fact tells them: the key of a witness, or what its cards and the register say.
void fill_addresses(DeviceRow& row, const Identity& identity, const Record& record, const registry::Device* device) {
    for (const auto& id : record.witnesses) {
        const auto* witness = identity.witness(id);
        if (row.ip.empty() && witness->source == Source::snmp) row.ip = witness->key.substr(5);
        if (row.mac.empty() && witness->source == Source::lan) row.mac = witness->key.substr(4);
        if (witness->source == Source::host) {
            const auto [mac, ip] = card_of(*witness);
            if (row.mac.empty()) row.mac = mac;
            if (row.ip.empty()) row.ip = ip;
        }
        for (const auto& signal : witness->signals) {
            if (witness->source > Source::snmp) break;
            if (row.mac.empty() && signal.kind == SignalKind::mac && !is_local_mac(signal.value))
                row.mac = signal.value;
            if (row.ip.empty() && signal.kind == SignalKind::address)
                row.ip = signal.value.substr(signal.value.find('|') + 1);
        }
    }
    if (device == nullptr) return;
    if (row.ip.empty()) row.ip = device->ip;
    if (row.mac.empty()) row.mac = device->mac;
}

void read(DeviceRow& row, Pipeline& pipeline, const Record& record) {
    const RecordReader reader(pipeline, record);
    const auto* device = reader.registered();
    row.id = record.id;
    row.site = reader.site();
    row.name =
        device != nullptr ? device->name : first_of(reader, {"computer_name", "name", "host_name", "announced_name"});
    row.kind = reader.kind();
    row.vendor = first_of(reader, {"vendor", "board_vendor", "mac_vendor"});
    row.model = first_of(reader, {"hardware", "board_model", "model"});
    row.serial = first_of(reader, {"serial", "board_serial", "registered_serial"});
    if (is_placeholder(row.serial)) row.serial.clear();
    row.os = first_of(reader, {"os_name"});
    row.version = first_of(reader, {"version", "os_version"});
    row.ip = first_of(reader, {"ip"});
    row.mac = first_of(reader, {"mac"});
    fill_addresses(row, pipeline.inventory().identity(), record, device);
    if (row.name.empty() && reader.has_agent())
        if (const auto* agent = pipeline.agents().find(record.id.substr(record.id.find(':') + 1)))
            row.name = agent->enrolment.host;
    row.confidence = record.confidence;
    row.cloned = record.cloned;
    row.sources = 0;
    for (const auto& id : record.witnesses)
        row.sources |=
            static_cast<std::uint8_t>(1u << static_cast<unsigned>(pipeline.inventory().identity().witness(id)->source));
}

}  // namespace

const char* DeviceRow::state() const {
    if (standing.is_seen) return "seen";
    if (standing.is_missing.value_or(false)) return "missing";
    return standing.last == Time{} ? "not_seen" : "silent";
}

std::string DeviceRow::searched() const {
    std::string out = id;
    for (const auto* part : {&name, &vendor, &model, &serial, &os, &ip, &mac, &site}) (out += ' ') += *part;
    return out;
}

DeviceRow& DeviceRows::of(Pipeline& pipeline, const Record& record) {
    const auto [found, is_new] = rows_.try_emplace(record.id);
    auto& row = found->second;
    if (is_new || row.is_stale) {
        row.is_stale = false;
        read(row, pipeline, record);
        row.folded = vg::folded(row.searched(), Marks::dropped);
        row.standing = standing_of(pipeline, record, pipeline.clock().wall());
        const auto* triage = pipeline.inventory().triage_of(record);
        row.triage = triage != nullptr ? to_string(triage->verdict) : "";
    }
    return row;
}

}  // namespace vg::collector::inventory
