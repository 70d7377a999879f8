#include "collector/json_fields.hpp"

#include "base/utf8.hpp"

#include <boost/json/parse.hpp>

namespace vg::collector {

std::optional<boost::json::object> object_of(std::string_view text) {
    boost::system::error_code ec;
    auto value = boost::json::parse(boost::json::string_view(text.data(), text.size()), ec);
    if (ec || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

std::string text_field(const boost::json::object& object, std::string_view name, std::size_t most) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? cut(value->get_string(), most) : std::string();
}

std::optional<std::int64_t> int_field(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_int64() ? std::optional(value->get_int64()) : std::nullopt;
}

}  // namespace vg::collector
