#include "collector/api/csv.hpp"

#include <boost/json.hpp>

#include <array>
#include <charconv>
#include <utility>

namespace vg::collector::api {
namespace {

namespace json = boost::json;

std::string neutral(std::string_view text) {
    static constexpr std::string_view formula_starts = "=+-@\t\r";
    const bool dangerous = !text.empty() && formula_starts.find(text.front()) != std::string_view::npos;
    return (dangerous ? "'" : "") + std::string(text);
}

// As few digits as tell the number apart, never with an exponent: spreadsheets take 5E-1 for a text.
std::string plain_number(double number) {
    std::array<char, 400> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed);
    return {digits.data(), end.ptr};
}

std::string cell(const json::value* value, char separator) {
    if (value == nullptr || value->is_null()) return {};
    // Numbers are ours and stay numbers, also negative ones.
    std::string text = value->is_string()   ? neutral(value->get_string())
                       : value->is_double() ? plain_number(value->get_double())
                                            : json::serialize(*value);
    if (text.find_first_of(std::string("\"\r\n") + separator) == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

}  // namespace

const json::value* field_at(const json::object& item, std::string_view path) {
    const auto dot = path.find('.');
    const auto* value = item.if_contains(path.substr(0, dot));
    if (value == nullptr || dot == std::string_view::npos) return value;
    const auto* inner = value->if_object();
    return inner != nullptr ? field_at(*inner, path.substr(dot + 1)) : nullptr;
}

json::value* field_at(json::object& item, std::string_view path) {
    return const_cast<json::value*>(field_at(std::as_const(item), path));  // which is of the item, not const itself
}

std::string to_csv(const json::array& items, std::span<const std::string_view> columns,
                   std::span<const std::string> headings, char separator) {
    std::string out = "\xEF\xBB\xBF";
    for (std::size_t i = 0; i < headings.size(); ++i) out += (i == 0 ? "" : std::string(1, separator)) + headings[i];
    out += "\r\n";
    for (const auto& item : items) {
        const auto* object = item.if_object();
        for (std::size_t i = 0; object != nullptr && i < columns.size(); ++i) {
            if (i > 0) out += separator;
            out += cell(field_at(*object, columns[i]), separator);
        }
        out += "\r\n";
    }
    return out;
}

}  // namespace vg::collector::api
