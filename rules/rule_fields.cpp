#include "rules/rule_fields.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "rules/views.hpp"

#include <algorithm>

namespace vg::rules {
namespace {

using yaml::Kind;
using yaml::Node;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

std::size_t line_start(std::string_view text, int line) {
    std::size_t at = 0;
    for (int i = 1; i < line && at != std::string_view::npos; ++i) {
        const auto end = text.find('\n', at);
        if (end == std::string_view::npos) return text.size();
        at = end + 1;
    }
    return at;
}

int digits(std::string_view text) { return to_number<int>(text).value_or(-1); }

}  // namespace

Text read_text(const Node& node, Problems& problems) {
    if (node.kind == Kind::scalar) return {node.scalar, node.scalar};
    if (node.kind != Kind::mapping) {
        problems.add(node.place,
                     {"cần một chuỗi chữ, hoặc {vi: ..., en: ...}", "expected a text, or {vi: ..., en: ...}"});
        return {};
    }
    yaml::refuse_unknown_keys(node, {"vi", "en"}, problems);
    Text out;
    for (const auto& [key, target] : {std::pair<std::string_view, std::string*>{"vi", &out.vi}, {"en", &out.en}}) {
        const Node* value = node.find(key);
        if (value == nullptr)
            problems.add(node.place, {"lời văn thiếu '{}'", "the text has no '{}'"}, key);
        else if (auto text = yaml::as_string(*value, problems))
            *target = *text;
    }
    return out;
}

std::optional<wire::Severity> read_severity(const Node& node, Problems& problems) {
    using wire::Severity;
    const auto text = yaml::as_string(node, problems);
    if (!text) return std::nullopt;
    if (*text == "informational") return Severity::info;
    for (const auto severity : {Severity::info, Severity::low, Severity::medium, Severity::high, Severity::critical})
        if (*text == to_string(severity)) return severity;
    problems.add(node.place,
                 {"'{}' không phải mức độ; hãy ghi info, low, medium, high hoặc critical",
                  "'{}' is no severity; write info, low, medium, high or critical"},
                 *text);
    return std::nullopt;
}

std::optional<Time> read_date(const Node& node, Problems& problems) {
    using namespace std::chrono;
    const std::string_view text = node.scalar;
    if (node.kind == Kind::scalar && text.size() == 10 && text[4] == '-' && text[7] == '-') {
        const year_month_day date{year(digits(text.substr(0, 4))),
                                  month(static_cast<unsigned>(digits(text.substr(5, 2)))),
                                  day(static_cast<unsigned>(digits(text.substr(8, 2))))};
        if (date.ok()) return Time(sys_days(date));
    }
    problems.add(node.place, {"cần một ngày như 2026-07-01", "expected a date such as 2026-07-01"});
    return std::nullopt;
}

std::vector<Basis> read_basis(const Node& node, Problems& problems) {
    std::vector<Basis> out;
    if (node.kind == Kind::sequence) {
        for (const auto& item : node.items)
            for (auto& basis : read_basis(item, problems)) out.push_back(std::move(basis));
        return out;
    }
    if (node.kind != Kind::mapping) {
        problems.add(node.place,
                     {"cần {text, mark, valid_from, valid_to}", "expected {text, mark, valid_from, valid_to}"});
        return out;
    }
    yaml::refuse_unknown_keys(node, {"text", "mark", "valid_from", "valid_to"}, problems);
    Basis basis;
    if (const Node* text = node.find("text"); text != nullptr)
        basis.text = read_text(*text, problems);
    else
        problems.add(node.place, {"căn cứ thiếu 'text'", "the basis has no 'text'"});
    if (const Node* mark = node.find("mark"); mark != nullptr) {
        basis.mark = yaml::as_string(*mark, problems).value_or("");
        if (basis.mark != "S" && basis.mark != "V" && basis.mark != "V2" && basis.mark != "GK")
            problems.add(mark->place,
                         {"mark là S (nguồn gốc), V (đã kiểm chứng), V2 (nguồn thứ cấp) hoặc GK (hiểu biết chung)",
                          "a mark is S (source), V (verified), V2 (second-hand) or GK (general knowledge)"});
    }
    if (const Node* from = node.find("valid_from"); from != nullptr) basis.valid_from = read_date(*from, problems);
    if (const Node* to = node.find("valid_to"); to != nullptr) basis.valid_to = read_date(*to, problems);
    out.push_back(std::move(basis));
    return out;
}

std::optional<double> read_share(const Node& node, Problems& problems) {
    Node number = node;
    const bool percent = node.kind == Kind::scalar && node.scalar.ends_with('%');
    if (percent) number.scalar.pop_back();
    Problems ignored;
    if (auto value = yaml::as_number(number, ignored)) {
        const double share = percent ? *value / 100 : *value;
        if (share >= 0 && share <= 1) return share;
    }
    problems.add(node.place, {"cần một tỷ lệ như 95% hoặc 0.95", "expected a share such as 95% or 0.95"});
    return std::nullopt;
}

std::string read_id(const Node& node, Problems& problems) {
    const auto text = yaml::as_string(node, problems);
    if (!text) return {};
    const bool plain = std::all_of(text->begin(), text->end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' ||
               c == '_';
    });
    if (!text->empty() && text->size() <= 64 && plain) return *text;
    problems.add(node.place, {"id gồm nhiều nhất 64 chữ cái không dấu, chữ số, '.', '-' hoặc '_'",
                              "an id is up to 64 letters, digits, '.', '-' or '_'"});
    return {};
}

std::optional<wire::SubjectKind> read_kind(const Node& node, Problems& problems) {
    const auto text = yaml::as_string(node, problems);
    if (!text) return std::nullopt;
    std::vector<std::string_view> names;
    for (const auto kind : all_kinds) {
        if (*text == wire::to_string(kind)) return kind;
        names.push_back(wire::to_string(kind));
    }
    problems.add(node.place,
                 {"'{}' không phải loại đối tượng; chọn một trong: {}{}", "'{}' is no kind of subject; one of: {}{}"},
                 *text, joined(names), did_you_mean(*text, names));
    return std::nullopt;
}

Place place_within(std::string_view file_text, const Node& scalar, int offset) {
    Place place = scalar.place;
    std::size_t at = line_start(file_text, place.line);
    for (int column = 1; column < place.column && at < file_text.size(); ++column) {
        ++at;
        while (at < file_text.size() && goes_on(file_text[at])) ++at;
    }
    if (at >= file_text.size()) return place;
    if (file_text[at] == '|' || file_text[at] == '>') {
        at = std::min(file_text.find('\n', at), file_text.size());
    } else if (scalar.quoted && (file_text[at] == '"' || file_text[at] == '\'')) {
        ++at;
    }
    // Lines may be folded and indented, so only what is not blank is matched.
    std::size_t last = std::min(static_cast<std::size_t>(offset), scalar.scalar.size());
    while (last < scalar.scalar.size() && is_space(scalar.scalar[last])) ++last;
    for (std::size_t i = 0; i < last; ++i) {
        if (is_space(scalar.scalar[i])) continue;
        while (at < file_text.size() && file_text[at] != scalar.scalar[i]) ++at;
        ++at;
    }
    if (last < scalar.scalar.size())
        while (at < file_text.size() && is_space(file_text[at])) ++at;
    at = std::min(at, file_text.size());
    const auto start = at == 0 ? 0 : file_text.rfind('\n', at - 1) + 1;
    place.line =
        1 + static_cast<int>(std::count(file_text.begin(), file_text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    place.column = 1;
    for (std::size_t i = start; i < at; ++i)
        if ((static_cast<unsigned char>(file_text[i]) & 0xC0) != 0x80) ++place.column;
    return place;
}

}  // namespace vg::rules
