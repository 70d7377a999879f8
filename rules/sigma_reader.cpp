// Sigma rules and correlations from their YAML: what is supported is read, everything else is refused by its name.
#include "rules/sigma_rule.hpp"

#include "base/text.hpp"
#include "rules/rule_fields.hpp"

#include <algorithm>
#include <array>

namespace vg::rules {
namespace {

using yaml::Kind;
using yaml::Node;

// Which of our kinds of event a log source means.
struct LogSource {
    std::string_view category, product, service;
    std::string_view kinds;  // the beginning of the kind
};
constexpr auto log_sources = std::to_array<LogSource>({
    {"authentication", "", "", "login."},
    {"", "linux", "auth", "login."},
    {"", "linux", "authpriv", "login."},
    {"", "linux", "sshd", "login."},
    {"", "linux", "sudo", "login."},
    {"", "vonggac", "login", "login."},
    {"", "vonggac", "lan", "lan."},
    {"", "vonggac", "uplink", "uplink."},
    {"", "vonggac", "agent", "agent."},
    {"", "vonggac", "spool", "spool."},
    {"", "vonggac", "", ""},
});

std::string text_at(const Node& mapping, std::string_view key, Problems& problems) {
    const Node* node = mapping.find(key);
    return node == nullptr ? "" : yaml::as_string(*node, problems).value_or("");
}

std::vector<std::string> read_log_source(const Node& node, Problems& problems) {
    yaml::refuse_unknown_keys(node, {"category", "product", "service", "definition"}, problems);
    const auto category = lower(text_at(node, "category", problems));
    const auto product = lower(text_at(node, "product", problems));
    const auto service = lower(text_at(node, "service", problems));
    std::vector<std::string> kinds;
    for (const auto& source : log_sources)
        if (source.category == category && source.service == service &&
            (source.product == product || (!category.empty() && product == "linux")))
            kinds.emplace_back(source.kinds);
    if (kinds.empty())
        problems.add(
            node.place,
            {"không có sự kiện nào đến từ nguồn nhật ký category '{}', product '{}', service '{}'; các nguồn đã "
             "biết có trong docs/rules.md",
             "no event of ours comes from the log source category '{}', product '{}', service '{}'; "
             "docs/rules.md lists the known ones"},
            category, product, service);
    return kinds;
}

class Reader {
public:
    Reader(SigmaRule& rule, Problems& problems) : rule_(rule), problems_(problems) {}

    // A selection: fields that must all match, or a list of such of which one must match.
    std::uint32_t selection(const Node& node, int depth = 0) {
        std::vector<std::uint32_t> parts;
        if (node.kind == Kind::mapping) {
            for (const auto& [key, value] : node.entries) parts.push_back(item(key, value));
            return add(SigmaNode::Kind::all, std::move(parts));
        }
        if (node.kind == Kind::sequence && depth < 4) {
            for (const auto& item : node.items) parts.push_back(selection(item, depth + 1));
            return add(SigmaNode::Kind::any, std::move(parts));
        }
        problems_.add(node.place, {"không hỗ trợ từ khóa không kèm tên trường; hãy ghi tên trường",
                                   "keywords without a field are not supported; name the field"});
        return 0;
    }

private:
    struct Modifiers {
        bool contains = false, starts_with = false, ends_with = false, cidr = false, exists = false, all = false;
        std::optional<SigmaTest::Kind> compare;
    };

    std::uint32_t add(SigmaNode::Kind kind, std::vector<std::uint32_t> children) {
        if (children.size() == 1 && kind != SigmaNode::Kind::negate) return children.front();
        rule_.nodes.push_back({kind, std::move(children), 0});
        return static_cast<std::uint32_t>(rule_.nodes.size() - 1);
    }
    std::uint32_t add(SigmaTest test) {
        rule_.tests.push_back(std::move(test));
        rule_.nodes.push_back({SigmaNode::Kind::test, {}, static_cast<std::uint32_t>(rule_.tests.size() - 1)});
        return static_cast<std::uint32_t>(rule_.nodes.size() - 1);
    }

    Modifiers modifiers(const Node& key, std::string_view list) {
        Modifiers out;
        while (!list.empty()) {
            const auto name = next_piece(list, '|');
            if (name == "contains")
                out.contains = true;
            else if (name == "startswith")
                out.starts_with = true;
            else if (name == "endswith")
                out.ends_with = true;
            else if (name == "cidr")
                out.cidr = true;
            else if (name == "exists")
                out.exists = true;
            else if (name == "all")
                out.all = true;
            else if (name == "lt")
                out.compare = SigmaTest::Kind::less;
            else if (name == "lte")
                out.compare = SigmaTest::Kind::less_equal;
            else if (name == "gt")
                out.compare = SigmaTest::Kind::greater;
            else if (name == "gte")
                out.compare = SigmaTest::Kind::greater_equal;
            else
                problems_.add(key.place,
                              {"không hỗ trợ bổ từ '{}'; chỉ có contains, startswith, endswith, cidr, exists, all, lt, "
                               "lte, gt, gte",
                               "the modifier '{}' is not supported; supported are contains, startswith, endswith, "
                               "cidr, exists, all, lt, lte, gt, gte"},
                              name);
        }
        return out;
    }

    std::uint32_t item(const Node& key, const Node& value) {
        const std::string_view text = key.scalar;
        const auto bar = std::min(text.find('|'), text.size());
        const auto field = lower(text.substr(0, bar));
        if (field.empty()) {
            problems_.add(key.place, {"không hỗ trợ từ khóa không kèm tên trường; hãy ghi tên trường",
                                      "keywords without a field are not supported; name the field"});
            return 0;
        }
        const auto how = modifiers(key, text.substr(std::min(text.size(), bar + 1)));
        if (value.kind == Kind::mapping) {
            problems_.add(value.place,
                          {"cần một giá trị hoặc một danh sách giá trị", "expected a value or a list of values"});
            return 0;
        }
        if (value.kind != Kind::sequence) return test(field, how, value);
        std::vector<std::uint32_t> parts;
        for (const auto& one : value.items) {
            if (one.kind == Kind::scalar || one.kind == Kind::null)
                parts.push_back(test(field, how, one));
            else
                problems_.add(one.place, {"cần một giá trị thường", "expected a plain value"});
        }
        return add(how.all ? SigmaNode::Kind::all : SigmaNode::Kind::any, std::move(parts));
    }

    std::uint32_t test(const std::string& field, const Modifiers& how, const Node& value) {
        SigmaTest out;
        out.field = field;
        if (how.exists) {
            out.kind = SigmaTest::Kind::exists;
            out.wanted = yaml::as_bool(value, problems_).value_or(true);
        } else if (value.kind == Kind::null) {
            out.kind = SigmaTest::Kind::absent;
        } else if (how.cidr) {
            out.kind = SigmaTest::Kind::network;
            if (auto network = Network::parse(value.scalar))
                out.network = *network;
            else
                problems_.add(value.place,
                              {"'{}' không phải dải mạng như 10.0.0.0/8", "'{}' is no network such as 10.0.0.0/8"},
                              value.scalar);
        } else if (how.compare) {
            out.kind = *how.compare;
            out.number = yaml::as_number(value, problems_).value_or(0);
        } else {
            out.pattern =
                SigmaPattern::parse(value.scalar, how.contains || how.ends_with, how.contains || how.starts_with);
        }
        return add(std::move(out));
    }

    SigmaRule& rule_;
    Problems& problems_;
};

std::vector<std::string> text_list(const Node& node, Problems& problems, std::vector<Place>* places = nullptr) {
    std::vector<std::string> out;
    const auto one = [&](const Node& item) {
        if (auto text = yaml::as_string(item, problems)) out.push_back(*text);
        if (places != nullptr) places->push_back(item.place);
    };
    if (node.kind == Kind::sequence)
        for (const auto& item : node.items) one(item);
    else
        one(node);
    return out;
}

void read_threshold(const Node& node, SigmaCorrelation& out, Problems& problems) {
    constexpr std::int64_t most = 4096;  // events that one group remembers
    if (node.kind != Kind::mapping || node.entries.size() != 1) {
        problems.add(node.place, {"cần một điều kiện như {gte: 5}", "expected a condition such as {gte: 5}"});
        return;
    }
    const auto& [key, value] = node.entries.front();
    if (key.scalar == "gte")
        out.at_least = static_cast<std::uint64_t>(yaml::as_int(value, 1, most, problems).value_or(1));
    else if (key.scalar == "gt")
        out.at_least = static_cast<std::uint64_t>(yaml::as_int(value, 0, most - 1, problems).value_or(0)) + 1;
    else
        problems.add(key.place,
                     {"không hỗ trợ điều kiện '{}'; chỉ có gte và gt",
                      "the condition '{}' is not supported; supported are gte and gt"},
                     key.scalar);
}

}  // namespace

Detection read_sigma_head(const Node& node, Problems& problems) {
    Detection out;
    out.place = node.place;
    yaml::refuse_unknown_keys(
        node, {"id",         "title", "related",  "name",   "status",    "description", "license",    "author",
               "references", "date",  "modified", "level",  "logsource", "detection",   "fields",     "falsepositives",
               "tags",       "scope", "taxonomy", "advice", "basis",     "quiet",       "correlation"},
        problems);
    if (const Node* n = node.find("id")) out.id = read_id(*n, problems);
    if (const Node* n = node.find("title"))
        out.title = read_text(*n, problems);
    else
        problems.add(node.place, {"quy tắc Sigma thiếu 'title'", "the Sigma rule has no 'title'"});
    if (const Node* n = node.find("advice")) out.advice = read_text(*n, problems);
    if (const Node* n = node.find("level")) out.severity = read_severity(*n, problems).value_or(out.severity);
    if (const Node* n = node.find("basis")) out.basis = read_basis(*n, problems);
    out.recover = std::chrono::hours(1);
    if (const Node* n = node.find("quiet")) out.recover = Millis(yaml::as_duration_ms(*n, problems).value_or(0));
    return out;
}

bool read_sigma_detection(const Node& detection, SigmaRule& rule, Problems& problems) {
    const auto before = problems.list().size();
    const Node* condition = detection.find("condition");
    if (condition == nullptr) {
        problems.add(detection.place,
                     {"cần các phần chọn và một 'condition'", "expected selections and a 'condition'"});
        return false;
    }
    if (const Node* timeframe = detection.find("timeframe"))
        problems.add(timeframe->place, {"không hỗ trợ 'timeframe'; hãy viết quy tắc tương quan có timespan",
                                        "'timeframe' is not supported; write a correlation with a timespan"});
    Reader reader(rule, problems);
    std::vector<SigmaSelection> selections;
    for (const auto& [key, value] : detection.entries)
        if (key.scalar != "condition" && key.scalar != "timeframe")
            selections.push_back({key.scalar, reader.selection(value)});
    const auto root = read_sigma_condition(*condition, selections, rule.nodes, problems);
    rule.root = root.value_or(0);
    return problems.list().size() == before;
}

std::optional<SigmaRule> read_sigma_rule(const Node& node, Problems& problems) {
    const auto before = problems.list().size();
    SigmaRule rule;
    rule.place = node.place;
    rule.id = text_at(node, "id", problems);
    rule.name = text_at(node, "name", problems);
    if (const Node* source = node.find("logsource"))
        rule.kinds = read_log_source(*source, problems);
    else
        problems.add(node.place, {"quy tắc Sigma thiếu 'logsource'", "the Sigma rule has no 'logsource'"});
    if (!read_sigma_detection(*node.find("detection"), rule, problems) || problems.list().size() != before)
        return std::nullopt;
    return rule;
}

std::optional<SigmaCorrelation> read_sigma_correlation(const Node& node, Problems& problems) {
    const auto before = problems.list().size();
    SigmaCorrelation out;
    out.place = node.place;
    out.id = text_at(node, "id", problems);
    const Node& body = *node.find("correlation");
    yaml::refuse_unknown_keys(body, {"type", "rules", "group-by", "timespan", "condition", "generate", "aliases"},
                              problems);
    if (const Node* aliases = body.find("aliases"))
        problems.add(aliases->place, {"không hỗ trợ 'aliases'; hãy bỏ đi", "'aliases' are not supported; remove them"});
    for (const auto* key : {"type", "rules", "timespan", "condition"})
        if (body.find(key) == nullptr)
            problems.add(body.place, {"quy tắc tương quan thiếu '{}'", "the correlation has no '{}'"}, key);
    if (const Node* type = body.find("type"); type != nullptr && type->scalar != "event_count")
        problems.add(type->place,
                     {"không hỗ trợ kiểu tương quan '{}'; chỉ có event_count",
                      "the correlation type '{}' is not supported; supported is event_count"},
                     type->scalar);
    if (const Node* rules = body.find("rules")) out.rules = text_list(*rules, problems, &out.rule_places);
    if (const Node* group = body.find("group-by"))
        for (const auto& field : text_list(*group, problems)) out.group_by.push_back(lower(field));
    if (const Node* span = body.find("timespan")) {
        out.timespan = Millis(yaml::as_duration_ms(*span, problems).value_or(1));
        if (out.timespan > std::chrono::hours(24 * 31))
            problems.add(span->place, {"timespan dài nhất là 31d", "a timespan is at most 31d"});
    }
    if (const Node* generate = body.find("generate")) out.generate = yaml::as_bool(*generate, problems).value_or(false);
    if (const Node* condition = body.find("condition")) read_threshold(*condition, out, problems);
    if (problems.list().size() != before) return std::nullopt;
    return out;
}

}  // namespace vg::rules
