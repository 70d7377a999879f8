#include "collector/record_reader.hpp"

#include "collector/inventory/kind.hpp"

#include <algorithm>

namespace vg::collector {

using wire::SubjectKind;

RecordReader::RecordReader(Pipeline& pipeline, const inventory::Record& record)
    : pipeline_(pipeline), record_(record), site_(pipeline.inventory().site_of(record)) {
    const auto& identity = pipeline.inventory().identity();
    for (const auto& witness : record.witnesses) {
        const auto* known = identity.witness(witness);
        if (known->source != inventory::Source::host) continue;
        if (agent_.empty() || known->alive) agent_ = known->key.substr(5);
    }
}

std::string RecordReader::kind() const {
    if (const auto* device = registered()) return device->kind;
    return inventory::guess_kind(has_agent(), [this](std::string_view name) { return value(name); });
}

wire::FactValue RecordReader::value(std::string_view column) const {
    return pipeline_.facts().value({SubjectKind::device, record_.id}, column);
}

wire::FactValue RecordReader::of_agent(std::string_view fact) const {
    if (agent_.empty()) return {};
    return pipeline_.facts().value({SubjectKind::agent, agent_}, fact);
}

std::vector<ListEntry> RecordReader::entries(const std::string& list) const {
    std::vector<ListEntry> out;
    std::size_t told = 0;
    for (const auto& witness : record_.witnesses) {
        auto found = pipeline_.store().entries(witness, list);
        if (!found || found->empty()) continue;
        ++told;
        out.insert(out.end(), std::make_move_iterator(found->begin()), std::make_move_iterator(found->end()));
    }
    if (told < 2) return out;
    std::stable_sort(out.begin(), out.end(), [](const ListEntry& a, const ListEntry& b) { return a.name < b.name; });
    out.erase(
        std::unique(out.begin(), out.end(), [](const ListEntry& a, const ListEntry& b) { return a.name == b.name; }),
        out.end());
    return out;
}

void RecordReader::list(std::string_view name, const Each& each) const {
    for (const auto& entry : entries(std::string(name)))
        if (!each(entry.name, entry.value)) return;
}

std::size_t RecordReader::count(std::string_view name) const { return entries(std::string(name)).size(); }

const registry::Device* RecordReader::registered() const { return pipeline_.inventory().registered(record_); }

}  // namespace vg::collector
