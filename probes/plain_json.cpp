#include "probes/plain_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace vg::probes {
namespace {

namespace json = boost::json;

void append(const json::value& value, std::string& out) {
    if (const auto* object = value.if_object()) {
        char before = '{';
        for (const auto& [key, inner] : *object) {
            out += before + json::serialize(json::value(key)) + ':';
            append(inner, out);
            before = ',';
        }
        out += object->empty() ? "{}" : "}";
    } else if (const auto* array = value.if_array()) {
        char before = '[';
        for (const auto& inner : *array) {
            out += before;
            append(inner, out);
            before = ',';
        }
        out += array->empty() ? "[]" : "]";
    } else if (const auto* number = value.if_double()) {
        out += std::isfinite(*number) ? plain_number(*number) : "null";
    } else {
        out += json::serialize(value);
    }
}

}  // namespace

std::string plain_number(double value) {
    std::array<char, 1100> text;  // more than any double takes
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
    return {text.data(), end};
}

std::string plain_json(const json::value& value) {
    std::string out;
    append(value, out);
    return out;
}

}  // namespace vg::probes
