#pragma once
// Typed reading of one mapping: each key that is asked for is a known key, so the reading code is the only list of
// keys; done() refuses all others. Lives while one record is read; the node and the problems outlive it.

#include "collector/register/model.hpp"

#include <span>

namespace vg::collector::registry {

class Record {
public:
    Record(const yaml::Node& node, Problems& problems) : node_(node), problems_(problems) {
        if (node.kind != yaml::Kind::mapping)
            problems.add(node.place, {"cần các dòng khóa: giá trị", "expected a mapping of key: value"});
    }

    [[nodiscard]] const yaml::Node* ask(std::string_view key);  // null when absent or empty
    [[nodiscard]] std::string required(std::string_view key);   // "" with a problem when absent
    [[nodiscard]] std::string text(std::string_view key);       // "" when absent
    [[nodiscard]] std::string choice(std::string_view key, std::span<const std::string_view> allowed,
                                     std::string_view fallback);  // fallback "": required
    [[nodiscard]] std::optional<std::int64_t> whole(std::string_view key, std::int64_t low, std::int64_t high);
    [[nodiscard]] std::optional<double> number(std::string_view key);
    [[nodiscard]] bool flag(std::string_view key, bool fallback);
    [[nodiscard]] std::string duration(std::string_view key, std::string_view fallback);  // as written, checked
    [[nodiscard]] std::optional<Date> date(std::string_view key);
    [[nodiscard]] std::string address(std::string_view key);  // an IP address, checked; "" when absent or none
    [[nodiscard]] std::string network(std::string_view key);  // "10.20.1.0/24" or an address, checked
    [[nodiscard]] std::vector<std::string> list(std::string_view key);  // a sequence, or words in one text
    [[nodiscard]] Place place_of(std::string_view key) const;           // of the value, else of the record

    void done();                                                           // refuses what was not asked for
    [[nodiscard]] std::vector<std::pair<std::string, yaml::Node>> rest();  // or takes it
    [[nodiscard]] Problems& problems() { return problems_; }
    [[nodiscard]] const Place& place() const { return node_.place; }
    [[nodiscard]] const yaml::Node& node() const { return node_; }

private:
    const yaml::Node& node_;
    Problems& problems_;
    std::vector<std::string_view> asked_;
};

[[nodiscard]] std::optional<Date> parse_date(std::string_view text);  // "2025-07-01"

}  // namespace vg::collector::registry
