#include "collector/json_fields.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace vg::collector {

std::optional<boost::json::object> object_of(std::string_view text) {
    boost::system::error_code ec;
    auto value = boost::json::parse(boost::json::string_view(text.data(), text.size()), ec);
    if (ec || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

std::string text_field(const boost::json::object& object, std::string_view name, std::size_t most) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) return {};
    const std::string_view text = value->get_string();
    auto end = std::min(most, text.size());
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return std::string(text.substr(0, end));
}

std::optional<std::int64_t> int_field(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_int64() ? std::optional(value->get_int64()) : std::nullopt;
}

}  // namespace vg::collector
