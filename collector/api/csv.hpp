#pragma once
// A list as CSV for office programs (RFC 4180): UTF-8 with BOM, texts that would be taken for formulas neutralised.
// Pure.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <span>
#include <string>
#include <string_view>

namespace vg::collector::api {

// A field by its path: "title.vi"; null when there is none.
[[nodiscard]] const boost::json::value* field_at(const boost::json::object& item, std::string_view path);
[[nodiscard]] boost::json::value* field_at(boost::json::object& item, std::string_view path);

// A column is a path into the item: "title.vi"; `headings` are what the columns are called. `separator` is ',' or ';'.
[[nodiscard]] std::string to_csv(const boost::json::array& items, std::span<const std::string_view> columns,
                                 std::span<const std::string> headings, char separator);

}  // namespace vg::collector::api
