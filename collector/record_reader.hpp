#pragma once
// Reads a record from the pipeline's fact base and store, for those who derive facts and for the pages. On the pipeline
// thread, during one turn.

#include "collector/inventory/inventory.hpp"
#include "collector/inventory/record_view.hpp"
#include "collector/pipeline.hpp"

namespace vg::collector {

class RecordReader final : public inventory::RecordView {
public:
    RecordReader(Pipeline& pipeline, const inventory::Record& record);

    [[nodiscard]] const std::string& id() const override { return record_.id; }
    [[nodiscard]] const std::string& site() const override { return site_; }
    [[nodiscard]] std::string kind() const override;
    [[nodiscard]] bool has_agent() const override { return !agent_.empty(); }
    [[nodiscard]] wire::FactValue value(std::string_view column) const override;
    [[nodiscard]] wire::FactValue of_agent(std::string_view fact) const override;
    void list(std::string_view name, const Each& each) const override;
    [[nodiscard]] std::size_t count(std::string_view name) const override;
    [[nodiscard]] const registry::Device* registered() const override;
    [[nodiscard]] const registry::Register& reg() const override { return pipeline_.reg(); }

    // The entries of a list over all witnesses; where two name one entry, the stronger one's.
    [[nodiscard]] std::vector<ListEntry> entries(const std::string& list) const;

private:
    Pipeline& pipeline_;
    const inventory::Record& record_;
    std::string site_, agent_;
};

}  // namespace vg::collector
