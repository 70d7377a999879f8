// What is derived of records and sites (inventory/posture.hpp): who is asked when, and what of it is news.

#include "collector/inventory/posture.hpp"
#include "collector/pipeline_state.hpp"
#include "collector/record_reader.hpp"

namespace vg::collector {
namespace {

using rules::SubjectId;
using wire::SubjectKind;

constexpr std::size_t posture_at_once = 100;  // records a tick

std::optional<Time> find(const std::map<std::string, Time>& times, std::string_view site) {
    const auto at = times.find(std::string(site));
    return at != times.end() ? std::optional(at->second) : std::nullopt;
}

}  // namespace

std::shared_ptr<inventory::Posture> Pipeline::Impl::make_posture() {
    return std::make_shared<inventory::DevicePosture>(inventory::DevicePosture::Sources{
        .support = [this] { return parts.rules->support; },
        .last_stocktake = [this](std::string_view site) { return find(inventory.stocktakes(), site); },
        .last_review = [this](std::string_view site) { return find(inventory.reviews(), site); }});
}

// What stays as it is, or as unknown as it was, is neither written nor judged.
void Pipeline::Impl::tell_derived(Turn& turn, const SubjectId& subject, std::vector<inventory::Derived> derived) {
    for (auto& one : derived)
        if (facts.value(subject, one.name) != one.value)
            tell_own(turn, subject.kind, subject.id, one.name.c_str(), std::move(one.value));
}

void Pipeline::Impl::derive_all_posture() {
    for (const auto* record : inventory.identity().records()) posture_due.insert(record->id);
}

void Pipeline::Impl::derive_posture(Turn& turn) {
    const auto day = inventory::day_in_vietnam(turn.now).time_since_epoch().count();
    if (std::exchange(sweep.posture_day, day) != day) {
        derive_all_posture();
        for (const auto& id : inventory.forget_lapsed(turn.now)) ledger.forget({SubjectKind::device, id});
    }
    for (auto& id : parts.posture->due(turn.now)) posture_due.insert(std::move(id));
    for (std::size_t i = 0; i < posture_at_once && !posture_due.empty(); ++i) {
        const auto id = std::move(posture_due.extract(posture_due.begin()).value());
        const auto* record = inventory.identity().record_of(id);
        if (record == nullptr || record->id != id) continue;
        const RecordReader reader(owner, *record);
        tell_derived(turn, {SubjectKind::device, id}, parts.posture->of_record(reader, turn.now));
    }
}

}  // namespace vg::collector
