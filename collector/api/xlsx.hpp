#pragma once
// A list as a workbook for office programs (Office Open XML). Texts are written as texts, so that none of them is a
// formula. Pure but for a file of its own in the temporary folder; any thread. The library is named in xlsx.cpp only.

#include "base/result.hpp"

#include <boost/json/array.hpp>

#include <span>
#include <string>
#include <string_view>

namespace vg::collector::api {

// Columns and headings as in csv.hpp.
[[nodiscard]] Result<std::string> to_xlsx(const boost::json::array& items, std::span<const std::string_view> columns,
                                          std::span<const std::string> headings, const std::string& title);

}  // namespace vg::collector::api
