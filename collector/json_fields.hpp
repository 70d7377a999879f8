#pragma once
// JSON objects as they stand in documents, in entries of lists and in requests: what is missing or of another type is
// not there. Pure.

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vg::collector {

// Nothing: the text is no JSON object.
[[nodiscard]] std::optional<boost::json::object> object_of(std::string_view text);
// Beyond `most` bytes it is cut, between two characters.
[[nodiscard]] std::string text_field(const boost::json::object& object, std::string_view name,
                                     std::size_t most = SIZE_MAX);
[[nodiscard]] std::optional<std::int64_t> int_field(const boost::json::object& object, std::string_view name);

}  // namespace vg::collector
