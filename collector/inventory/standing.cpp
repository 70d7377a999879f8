#include "collector/inventory/standing.hpp"

#include <algorithm>
#include <array>

namespace vg::collector::inventory {
namespace {

using wire::SubjectKind;

constexpr std::chrono::days moved_is_news{30};
constexpr std::chrono::hours settling{24};  // how long a site is watched before what it never showed is missed

bool is_true(Pipeline& pipeline, const Record& record, std::string_view fact) {
    return pipeline.facts().value({SubjectKind::device, record.id}, fact) == wire::FactValue{true};
}

// Whoever could see it: an agent of the site that is heard, and since when the site has one.
std::optional<Time> watched_since(Pipeline& pipeline, const std::string& site) {
    std::optional<Time> since;
    bool is_heard = false;
    for (const auto* agent : pipeline.agents().of_site(site)) {
        if (agent->enrolment.revoked) continue;
        is_heard = is_heard || agent->heard;
        if (!since || agent->enrolment.enrolled < *since) since = agent->enrolment.enrolled;
    }
    return is_heard ? since : std::nullopt;
}

std::optional<bool> missing(Pipeline& pipeline, const registry::Device& device, const Standing& standing, Time now) {
    if (standing.is_seen) return false;
    const auto since = watched_since(pipeline, device.site);
    if (!since) return std::nullopt;
    if (standing.last == Time{}) return now - *since > settling ? std::optional(true) : std::nullopt;
    return now - standing.last > patience_of(device.kind);
}

}  // namespace

Millis patience_of(std::string_view kind) {
    static constexpr std::array always_on{"router", "switch", "server", "camera", "nvr", "ups", "ap"};
    const bool stays = std::find(always_on.begin(), always_on.end(), kind) != always_on.end();
    return stays ? Millis(std::chrono::hours(24)) : Millis(std::chrono::days(14));
}

Standing standing_of(Pipeline& pipeline, const Record& record, Time now) {
    const auto& inventory = pipeline.inventory();
    Standing out;
    const auto* device = inventory.registered(record);
    out.is_expected = device != nullptr && device->is_expected();
    out.has_row = device != nullptr;
    out.is_registered = device != nullptr;
    out.is_virtual = true;
    for (const auto& id : record.witnesses) {
        const auto* witness = inventory.identity().witness(id);
        out.is_registered = out.is_registered || witness->source == Source::host;
        out.is_seen = out.is_seen || witness->alive;
        out.is_virtual = out.is_virtual && witness->key.starts_with("mac:") && is_router_mac(witness->key.substr(4));
        if (witness->source == Source::reg) continue;
        if (out.first == Time{} || witness->first < out.first) out.first = witness->first;
        out.last = std::max(out.last, witness->alive ? now : witness->last);
    }
    out.is_seen = out.is_seen || is_true(pipeline, record, "seen") || is_true(pipeline, record, "snmp_ok");
    const auto site = inventory.site_of(record);
    if (out.is_expected) {
        out.is_missing = missing(pipeline, *device, out, now);
        if (device->site != site) out.moved_from = device->site;
    } else if (const auto* place = inventory.place_of(record);
               place != nullptr && now - place->since < moved_is_news && place->from != site)
        out.moved_from = place->from;
    if (!out.is_expected) out.is_missing = false;
    return out;
}

}  // namespace vg::collector::inventory
