// Reads *.support.yaml: every mistake with file:line:column.
#include "rules/rule_fields.hpp"
#include "rules/support.hpp"
#include "rules/version_order.hpp"

#include <algorithm>

namespace vg::rules {
namespace {

using yaml::Kind;
using yaml::Node;

// One pattern or a list of them.
std::vector<SigmaPattern> read_patterns(const Node& mapping, std::string_view key, Problems& problems) {
    std::vector<SigmaPattern> out;
    const Node* node = mapping.find(key);
    if (node == nullptr) return out;
    const auto add = [&](const Node& item) {
        if (const auto text = yaml::as_string(item, problems)) {
            if (text->empty())
                problems.add(item.place, {"cần một chuỗi chữ; * và ? thay cho bất cứ gì",
                                          "expected a text; * and ? stand for anything"});
            out.push_back(SigmaPattern::parse(*text, false, false));
        }
    };
    if (node->kind == Kind::sequence)
        for (const auto& item : node->items) add(item);
    else
        add(*node);
    return out;
}

std::string read_needed(const Node& mapping, std::string_view key, Problems& problems) {
    if (const Node* node = mapping.find(key)) return yaml::as_string(*node, problems).value_or("");
    problems.add(mapping.place, {"thiếu '{}'", "'{}' is missing"}, key);
    return {};
}

std::optional<Day> read_day(const Node& mapping, std::string_view key, Problems& problems) {
    const Node* node = mapping.find(key);
    if (node == nullptr) return std::nullopt;
    const auto time = read_date(*node, problems);
    return time ? std::optional(std::chrono::floor<std::chrono::days>(*time)) : std::nullopt;
}

std::string read_version(const Node& mapping, std::string_view key, Problems& problems) {
    const Node* node = mapping.find(key);
    if (node == nullptr) return {};
    const auto text = yaml::as_string(*node, problems);
    if (!text) return {};
    auto version = version_in(*text);
    if (version.empty())
        problems.add(
            node->place,
            {"'{}' không phải phiên bản; cần phiên bản như 6.49.7", "'{}' is no version; expected one such as 6.49.7"},
            *text);
    return version;
}

SupportRow read_row(const Node& node, bool vulnerable, Problems& problems) {
    SupportRow row;
    if (node.kind != Kind::mapping) {
        problems.add(node.place, {"cần một nhóm khóa như { version: \"12*\", end: 2028-06-30 }",
                                  "expected a mapping such as { version: \"12*\", end: 2028-06-30 }"});
        return row;
    }
    if (vulnerable)
        yaml::refuse_unknown_keys(node, {"hardware", "version", "from", "before", "build_before", "advisory"},
                                  problems);
    else
        yaml::refuse_unknown_keys(node, {"hardware", "version", "name", "from", "before", "end"}, problems);
    row.hardware = read_patterns(node, "hardware", problems);
    row.versions = read_patterns(node, "version", problems);
    row.names = read_patterns(node, "name", problems);
    row.from = read_version(node, "from", problems);
    row.before = read_version(node, "before", problems);
    if (!row.from.empty() && !row.before.empty() && compare_versions(row.from, row.before) >= 0)
        problems.add(node.place,
                     {"'from' phải là phiên bản cũ hơn 'before'", "'from' must be an older version than 'before'"});
    if (const Node* build = node.find("build_before")) row.build = yaml::as_int(*build, 1, INT64_MAX, problems);
    row.end = read_day(node, "end", problems);
    if (vulnerable) row.advisory = read_needed(node, "advisory", problems);
    return row;
}

std::vector<SupportRow> read_rows(const Node& product, std::string_view key, bool vulnerable, Problems& problems) {
    std::vector<SupportRow> out;
    const Node* list = product.find(key);
    if (list == nullptr) return out;
    if (list->kind != Kind::sequence) problems.add(list->place, {"cần một danh sách", "expected a list"});
    for (const auto& item : list->items) out.push_back(read_row(item, vulnerable, problems));
    return out;
}

std::optional<SupportProduct> read_product(const Node& node, Problems& problems) {
    const auto before = problems.list().size();
    if (node.kind != Kind::mapping) {
        problems.add(node.place, {"cần một sản phẩm: một nhóm khóa có 'os' hoặc 'vendor'",
                                  "expected a product: a mapping with 'os' or 'vendor'"});
        return std::nullopt;
    }
    yaml::refuse_unknown_keys(node, {"os", "vendor", "name", "mark", "source", "checked", "versions", "vulnerable"},
                              problems);
    SupportProduct out;
    out.place = node.place;
    out.os = read_patterns(node, "os", problems);
    out.vendors = read_patterns(node, "vendor", problems);
    if (out.os.empty() == out.vendors.empty())
        problems.add(node.place,
                     {"một sản phẩm có 'os' (tên do trạm gác báo) hoặc 'vendor' (tên do thiết bị báo), không có cả hai",
                      "a product has either 'os' (as agents name it) or 'vendor' (as devices name it)"});
    out.name = read_needed(node, "name", problems);
    out.source = read_needed(node, "source", problems);
    out.mark = read_needed(node, "mark", problems);
    if (!out.mark.empty() && out.mark != "V" && out.mark != "V2" && out.mark != "GK")
        problems.add(node.find("mark")->place,
                     {"mark là V (đã kiểm chứng), V2 (nguồn thứ cấp) hoặc GK (hiểu biết chung)",
                      "a mark is V (verified), V2 (second-hand) or GK (general knowledge)"});
    if (node.find("checked") == nullptr)
        problems.add(node.place,
                     {"thiếu 'checked': ngày tra cứu gần nhất", "'checked' is missing: the day of the last look"});
    out.checked = read_day(node, "checked", problems).value_or(Day{});
    out.versions = read_rows(node, "versions", false, problems);
    out.vulnerable = read_rows(node, "vulnerable", true, problems);
    if (out.versions.empty() && out.vulnerable.empty() && problems.list().size() == before)
        problems.add(node.place, {"sản phẩm không có 'versions' và cũng không có 'vulnerable'",
                                  "the product has neither 'versions' nor 'vulnerable'"});
    if (problems.list().size() != before) return std::nullopt;
    return out;
}

}  // namespace

bool is_support_file(std::string_view name) { return name.ends_with(".support.yaml"); }

void read_support(std::string_view text, const std::string& file, std::vector<SupportProduct>& out,
                  Problems& problems) {
    for (const auto& document : yaml::parse(text, file, problems)) {
        if (document.kind == Kind::null) continue;
        if (document.kind != Kind::sequence) {
            problems.add(document.place, {"cần một danh sách sản phẩm", "expected a list of products"});
            continue;
        }
        for (const auto& item : document.items)
            if (auto product = read_product(item, problems)) out.push_back(std::move(*product));
    }
}

}  // namespace vg::rules
