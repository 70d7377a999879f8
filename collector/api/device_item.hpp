#pragma once
// A device as JSON, as lists and details show it. Used on the pipeline thread.

#include "collector/api/call.hpp"
#include "collector/inventory/device_row.hpp"

#include <unordered_map>

namespace vg::collector::api {

class OpenGaps {  // of devices, counted once a call
public:
    explicit OpenGaps(Pipeline& pipeline);
    [[nodiscard]] std::size_t of(const std::string& device) const {
        const auto found = count_.find(device);
        return found == count_.end() ? 0 : found->second;
    }

private:
    std::unordered_map<std::string, std::size_t> count_;
};

// What a table shows of it.
[[nodiscard]] json::object device_fields(Call& call, const inventory::DeviceRow& row, const OpenGaps& gaps);
// The same and the facts that the rules see.
[[nodiscard]] json::object device_item(Call& call, const inventory::DeviceRow& row, const OpenGaps& gaps);
// The record of the path, if it is there to be seen; null else.
[[nodiscard]] const inventory::Record* record_of(Call& call);
[[nodiscard]] json::object log_item(const inventory::LogEntry& entry);
[[nodiscard]] json::object register_item(const registry::Device& device);

}  // namespace vg::collector::api
