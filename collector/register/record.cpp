#include "collector/register/record.hpp"

#include "base/address.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace vg::collector::registry {
namespace {

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> out;
    std::string word;
    for (const char c : text) {
        if (c != ' ' && c != ',' && c != ';' && c != '\t') {
            word += c;
        } else if (!word.empty()) {
            out.push_back(std::move(word));
            word.clear();
        }
    }
    if (!word.empty()) out.push_back(std::move(word));
    return out;
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto y = to_number<int>(text.substr(0, 4));
    const auto m = to_number<unsigned>(text.substr(5, 2)), d = to_number<unsigned>(text.substr(8, 2));
    if (!y || !m || !d) return std::nullopt;
    const Date date{std::chrono::year(*y), std::chrono::month(*m), std::chrono::day(*d)};
    return date.ok() ? std::optional(date) : std::nullopt;
}

const yaml::Node* Record::ask(std::string_view key) {
    asked_.push_back(key);
    const auto* found = node_.find(key);
    return found != nullptr && found->kind != yaml::Kind::null ? found : nullptr;
}

Place Record::place_of(std::string_view key) const {
    const auto* found = node_.find(key);
    return found != nullptr ? found->place : node_.place;
}

std::string Record::text(std::string_view key) {
    const auto* node = ask(key);
    return node != nullptr ? yaml::as_string(*node, problems_).value_or("") : "";
}

std::string Record::required(std::string_view key) {
    const auto* node = ask(key);
    if (node == nullptr) {
        problems_.add(place_of(key), {"thiếu '{}'", "'{}' is missing"}, key);
        return {};
    }
    auto value = yaml::as_string(*node, problems_).value_or("");
    if (node->kind == yaml::Kind::scalar && value.empty())
        problems_.add(node->place, {"'{}' để trống; hãy điền giá trị", "'{}' is empty; fill it in"}, key);
    return value;
}

std::string Record::choice(std::string_view key, std::span<const std::string_view> allowed, std::string_view fallback) {
    auto value = fallback.empty() ? required(key) : text(key);
    if (value.empty()) return std::string(fallback);
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return value;
    problems_.add(place_of(key),
                  {"'{}' không phải giá trị của '{}'; chọn một trong: {}", "'{}' is not a {}; one of: {}"}, value, key,
                  joined(allowed));
    return std::string(fallback);
}

std::optional<std::int64_t> Record::whole(std::string_view key, std::int64_t low, std::int64_t high) {
    const auto* node = ask(key);
    return node != nullptr ? yaml::as_int(*node, low, high, problems_) : std::nullopt;
}

std::optional<double> Record::number(std::string_view key) {
    const auto* node = ask(key);
    return node != nullptr ? yaml::as_number(*node, problems_) : std::nullopt;
}

bool Record::flag(std::string_view key, bool fallback) {
    const auto* node = ask(key);
    return node != nullptr ? yaml::as_bool(*node, problems_).value_or(fallback) : fallback;
}

std::string Record::duration(std::string_view key, std::string_view fallback) {
    const auto* node = ask(key);
    if (node == nullptr || !yaml::as_duration_ms(*node, problems_)) return std::string(fallback);
    return node->scalar;
}

std::optional<Date> Record::date(std::string_view key) {
    const auto* node = ask(key);
    if (node == nullptr) return std::nullopt;
    const auto value = node->kind == yaml::Kind::scalar ? parse_date(node->scalar) : std::nullopt;
    if (!value) problems_.add(node->place, {"cần một ngày như 2025-07-01", "expected a date such as 2025-07-01"});
    return value;
}

std::string Record::address(std::string_view key) {
    auto value = text(key);
    if (value.empty() || parse_address(value)) return value;
    problems_.add(place_of(key),
                  {"'{}' không phải địa chỉ IP; cần địa chỉ như 10.20.0.1 hoặc 2001:db8::1",
                   "'{}' is no IP address; expected one such as 10.20.0.1 or 2001:db8::1"},
                  value);
    return {};
}

std::string Record::network(std::string_view key) {
    auto value = text(key);
    if (value.empty() || Network::parse(value)) return value;
    problems_.add(place_of(key),
                  {"'{}' không phải dải mạng; cần dải như 10.20.1.0/24, hoặc một địa chỉ",
                   "'{}' is no network; expected one such as 10.20.1.0/24, or an address"},
                  value);
    return {};
}

std::vector<std::string> Record::list(std::string_view key) {
    const auto* node = ask(key);
    if (node == nullptr) return {};
    if (node->kind == yaml::Kind::scalar) return words(node->scalar);
    if (node->kind != yaml::Kind::sequence) problems_.add(node->place, {"cần một danh sách", "expected a list"});
    std::vector<std::string> out;
    for (const auto& item : node->items)
        if (auto value = yaml::as_string(item, problems_)) out.push_back(std::move(*value));
    return out;
}

void Record::done() {
    if (node_.kind == yaml::Kind::mapping) yaml::refuse_unknown_keys(node_, asked_, problems_);
}

std::vector<std::pair<std::string, yaml::Node>> Record::rest() {
    std::vector<std::pair<std::string, yaml::Node>> out;
    for (const auto& [key, value] : node_.entries)
        if (value.kind != yaml::Kind::null && std::find(asked_.begin(), asked_.end(), key.scalar) == asked_.end())
            out.emplace_back(key.scalar, value);
    return out;
}

}  // namespace vg::collector::registry
