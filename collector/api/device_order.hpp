#pragma once
// In which order a list of devices stands. Pure but for what the rows say; used on the pipeline thread.

#include "collector/api/device_item.hpp"

#include <string_view>
#include <vector>

namespace vg::collector::api {

// The columns that a list can stand in the order of.
[[nodiscard]] std::vector<std::string_view> device_orders();

// By a column; '-' before it: from the other end. What has no value stands last either way, equals stay as they were.
// Only the first `wanted` are in their place then. `sort` is one of device_orders().
void put_in_order(std::vector<const inventory::DeviceRow*>& devices, std::string_view sort, const OpenGaps& gaps,
                  std::size_t wanted);

}  // namespace vg::collector::api
