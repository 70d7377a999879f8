// The register against reality: what is expected, what is seen, what is neither, and where.

#include "collector/inventory/standing.hpp"
#include "collector/pipeline_state.hpp"
#include "collector/record_reader.hpp"
#include "wire/fact_table.hpp"

#include <algorithm>

namespace vg::collector {
namespace {

using inventory::Record;
using inventory::Source;
using rules::SubjectId;
using wire::SubjectKind;

constexpr std::size_t records_at_once = 1'000;  // a tick

}  // namespace

void Pipeline::Impl::sweep_devices(Turn& turn) {
    if (!sweep.is_running) {
        if (turn.now < next_sweep) return;
        next_sweep = turn.now + std::chrono::seconds(15);
        sweep.is_running = true;
        sweep.sites.clear();
        sweep.addresses.clear();
        for (const auto* record : inventory.identity().records()) sweep.records.push_back(record->id);
    }
    for (std::size_t i = 0; i < records_at_once && !sweep.records.empty(); ++i) {
        const auto id = std::move(sweep.records.back());
        sweep.records.pop_back();
        const auto* record = inventory.identity().record_of(id);
        if (record != nullptr && record->id == id) look_at(turn, *record);
    }
    if (sweep.records.empty()) end_sweep(turn);
}

// Where is it now? It stays where it was while it is still seen there.
void Pipeline::Impl::follow(Turn& turn, const Record& record) {
    const auto& identity = inventory.identity();
    const auto here = inventory.site_of(record);
    std::string elsewhere;
    Time newest{};
    for (const auto& id : record.witnesses) {
        const auto* witness = identity.witness(id);
        if (witness->source != Source::lan && witness->source != Source::snmp) continue;
        const auto* held = ledger.find({SubjectKind::device, id}, witness->source == Source::lan ? "seen" : "snmp_ok");
        const bool is_seen = held != nullptr && held->value == wire::FactValue{true} &&
                             held->confirmed + std::chrono::hours(1) > turn.now;
        if (!is_seen) continue;
        if (witness->site == here) return;
        if (held->confirmed > newest) {
            newest = held->confirmed;
            elsewhere = witness->site;
        }
    }
    if (elsewhere.empty()) return;
    inventory.move(record, elsewhere, turn.now);
    put_record(record);
}

void Pipeline::Impl::look_at(Turn& turn, const Record& record) {
    const auto& identity = inventory.identity();
    const auto& first = identity.witness(record.witnesses.front())->site;
    if (std::any_of(record.witnesses.begin(), record.witnesses.end(),
                    [&](const std::string& id) { return identity.witness(id)->site != first; }))
        follow(turn, record);
    const RecordReader reader(owner, record);
    const auto standing = inventory::standing_of(owner, record, turn.now);
    const auto tell_device = [&](const char* name, wire::FactValue value) {
        tell_own(turn, SubjectKind::device, record.id, name, std::move(value));
    };
    tell_device("registered", standing.is_registered);
    tell_device("expected", standing.is_expected);
    tell_device("missing", standing.is_missing ? wire::FactValue{*standing.is_missing} : wire::FactValue{});
    tell_device("moved_from", standing.moved_from);
    tell_device("cloned", record.cloned);
    const auto* triage = inventory.triage_of(record);
    tell_device("triage", std::string(triage != nullptr ? inventory::to_string(triage->verdict) : ""));
    auto& site = sweep.sites[reader.site()];
    const bool is_stranger = !standing.is_registered && standing.is_seen && !standing.is_virtual;
    const bool is_settled = triage != nullptr && triage->verdict == inventory::Verdict::ignored;
    site.unknown += is_stranger && !is_settled ? 1 : 0;
    site.missing += standing.is_missing && *standing.is_missing ? 1 : 0;
    site.moved += standing.moved_from.empty() ? 0 : 1;

    const auto ip = reader.value("ip");
    const auto* address = std::get_if<std::string>(&ip);
    if (address == nullptr || address->empty() || !standing.is_seen || standing.is_virtual) return;
    const auto key = reader.site() + "|" + *address;
    sweep.addresses[key].push_back(record.id);
    const auto last = sweep.last_addresses.find(key);
    if (last != sweep.last_addresses.end()) tell_device("ip_duplicate", last->second.size() > 1);
}

void Pipeline::Impl::end_sweep(Turn& turn) {
    sweep.is_running = false;
    sweep.last_addresses = std::move(sweep.addresses);
    sweep.addresses.clear();
    for (const auto& [site, count] : sweep.sites) {
        tell_own(turn, SubjectKind::site, site, "unknown_devices", count.unknown);
        tell_own(turn, SubjectKind::site, site, "devices_missing", count.missing);
        tell_own(turn, SubjectKind::site, site, "devices_moved", count.moved);
    }
    if (!parts.posture) return;
    std::map<std::string, std::vector<std::unique_ptr<inventory::RecordView>>> by_site;
    for (const auto* record : inventory.identity().records())
        by_site[inventory.site_of(*record)].push_back(owner.view_of(*record));
    for (const auto& [site, views] : by_site) {
        std::vector<const inventory::RecordView*> all;
        for (const auto& view : views) all.push_back(view.get());
        for (auto& derived : parts.posture->of_site(site, all, turn.now))
            tell_own(turn, SubjectKind::site, site, derived.name.c_str(), std::move(derived.value));
    }
}

}  // namespace vg::collector
