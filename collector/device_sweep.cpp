// The register against reality: what is expected, what is seen, what is neither, and where.

#include "collector/inventory/standing.hpp"
#include "collector/pipeline_state.hpp"
#include "wire/fact_table.hpp"

#include <algorithm>

namespace vg::collector {
namespace {

using inventory::Record;
using inventory::Source;
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
    auto& row = rows.of(owner, record);
    const auto standing = inventory::standing_of(owner, record, turn.now);
    tell_standing(turn, row, standing, record.cloned);
    auto& site = sweep.sites[row.site];
    const bool is_stranger = !standing.is_registered && standing.is_seen && !standing.is_virtual;
    site.unknown += is_stranger && row.triage != "ignored" ? 1 : 0;
    site.missing += standing.is_missing.value_or(false) ? 1 : 0;
    site.moved += standing.moved_from.empty() ? 0 : 1;

    const auto ip = facts.value({SubjectKind::device, record.id}, "ip");
    const auto* address = std::get_if<std::string>(&ip);
    if (address == nullptr || address->empty() || !standing.is_seen || standing.is_virtual) return;
    const auto key = row.site + "|" + *address;
    sweep.addresses[key].push_back(record.id);
    const auto last = sweep.last_addresses.find(key);
    if (last == sweep.last_addresses.end()) return;
    const bool is_double = last->second.size() > 1;
    if (std::exchange(row.ip_duplicate, is_double) != is_double)
        tell_own(turn, SubjectKind::device, record.id, "ip_duplicate", is_double);
}

// Most of it is as it was a round ago.
void Pipeline::Impl::tell_standing(Turn& turn, inventory::DeviceRow& row, const inventory::Standing& now, bool cloned) {
    row.standing = now;
    const auto before = std::exchange(row.told, now);
    const bool is_first = !std::exchange(row.is_swept, true);
    const auto id = row.id;  // telling may take the row anew
    const auto tell_one = [&](bool differs, const char* name, wire::FactValue value) {
        if (is_first || differs) tell_own(turn, SubjectKind::device, id, name, std::move(value));
    };
    tell_one(before.is_registered != now.is_registered, "registered", now.is_registered);
    tell_one(before.is_expected != now.is_expected, "expected", now.is_expected);
    tell_one(before.is_missing != now.is_missing, "missing",
             now.is_missing ? wire::FactValue{*now.is_missing} : wire::FactValue{});
    tell_one(before.moved_from != now.moved_from, "moved_from", now.moved_from);
    tell_one(row.told_cloned != cloned, "cloned", cloned);
    tell_one(row.told_triage != row.triage, "triage", row.triage);
    row.told_cloned = cloned;
    row.told_triage = row.triage;
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
    std::map<std::string, std::vector<std::unique_ptr<inventory::RecordView>>> by_site;
    for (const auto* record : inventory.identity().records())
        by_site[inventory.site_of(*record)].push_back(owner.view_of(*record));
    for (const auto& [site, views] : by_site) {
        std::vector<const inventory::RecordView*> all;
        for (const auto& view : views) all.push_back(view.get());
        tell_derived(turn, {SubjectKind::site, site}, parts.posture->of_site(site, all, turn.now));
    }
    const auto top_of = [this](const std::string& site) {
        const auto path = above({SubjectKind::site, site});  // the nearest first
        return path.empty() ? std::string() : path.back().id;
    };
    for (auto& [unit, derived] : parts.posture->of_units(top_of, turn.now))
        tell_derived(turn, {SubjectKind::unit, unit}, std::move(derived));
}

}  // namespace vg::collector
