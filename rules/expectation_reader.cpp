#include "rules/expectation_reader.hpp"

#include "rules/rule_fields.hpp"
#include "rules/views.hpp"

#include <algorithm>
#include <set>

namespace vg::rules {
namespace {

using yaml::Node;

Millis read_duration(const Node& node, Problems& problems) {
    return Millis(yaml::as_duration_ms(node, problems).value_or(0));
}

// Compiles one expression of the rule; what it reads is added to `reads`.
std::string read_expression(const Node& node, wire::SubjectKind subject, const ReadContext& context,
                            std::set<std::string>* reads) {
    const auto text = yaml::as_string(node, context.problems);
    if (!text) return {};
    const auto checked = context.guard.check(wire::to_string(subject), *text);
    if (reads != nullptr) reads->insert(checked.reads.begin(), checked.reads.end());
    if (checked.is_good()) return *text;
    Text sentence = checked.sentence;
    if (!checked.unknown_column.empty()) {
        std::vector<std::string_view> names;
        for (const auto& column : view(subject)) names.push_back(column.name);
        Text quotes;
        if (const auto at = static_cast<std::size_t>(checked.offset); at < text->size() && (*text)[at] == '"')
            quotes = say({" (chữ đặt trong dấu nháy đơn)", " (a text stands in single quotes)"});
        sentence =
            say({"bảng {} không có cột '{}'{}{}", "the view {} has no column '{}'{}{}"}, wire::to_string(subject),
                checked.unknown_column, did_you_mean(checked.unknown_column, names), quotes);
    }
    context.problems.add({place_within(context.file_text, node, checked.offset), sentence});
    return {};
}

// One expression for both languages, or one each.
Text read_evidence(const Node& node, wire::SubjectKind subject, const ReadContext& context) {
    if (node.kind != yaml::Kind::mapping) {
        const auto both = read_expression(node, subject, context, nullptr);
        return {both, both};
    }
    yaml::refuse_unknown_keys(node, {"vi", "en"}, context.problems);
    Text out;
    for (const auto& [key, target] : {std::pair<std::string_view, std::string*>{"vi", &out.vi}, {"en", &out.en}}) {
        if (const Node* value = node.find(key))
            *target = read_expression(*value, subject, context, nullptr);
        else
            context.problems.add(node.place, {"evidence thiếu '{}'", "the evidence has no '{}'"}, key);
    }
    return out;
}

// A fact that nothing produces stays unknown for ever.
void find_idle_facts(Expectation& rule, std::span<const std::string> producers) {
    for (const auto& name : rule.reads) {
        const auto* fact = wire::find_fact(rule.subject, name);
        if (fact == nullptr || fact->producer == "collector" || fact->producer == "register") continue;
        if (std::find(producers.begin(), producers.end(), fact->producer) != producers.end()) continue;
        const std::string column = std::string(wire::to_string(rule.subject)) + "." + name;
        rule.problems.push_back(say({"Quy tắc này không bao giờ được xét: không có gì cho biết {} (phép dò \"{}\").",
                                     "This rule can never be judged: nothing produces {} (probe \"{}\")."},
                                    column, fact->producer));
    }
}

}  // namespace

std::optional<Expectation> read_expectation(const Node& node, const ReadContext& context) {
    auto& problems = context.problems;
    const auto before = problems.list().size();
    yaml::refuse_unknown_keys(node,
                              {"id", "title", "gap", "subject", "where", "expect", "hold", "recover", "target",
                               "severity", "basis", "advice", "evidence", "explains"},
                              problems);
    Expectation rule;
    rule.place = node.place;
    for (const auto* key : {"id", "title", "subject", "expect"})
        if (node.find(key) == nullptr)
            problems.add(node.place, {"yêu cầu thiếu '{}'", "the expectation has no '{}'"}, key);
    if (const Node* n = node.find("id")) rule.id = read_id(*n, problems);
    if (const Node* n = node.find("title")) rule.title = read_text(*n, problems);
    const Node* gap = node.find("gap");
    rule.gap = gap != nullptr ? read_text(*gap, problems) : rule.title;
    if (const Node* n = node.find("advice")) rule.advice = read_text(*n, problems);
    if (const Node* n = node.find("severity"))
        rule.severity = read_severity(*n, problems).value_or(wire::Severity::medium);
    if (const Node* n = node.find("basis")) rule.basis = read_basis(*n, problems);
    if (const Node* n = node.find("hold")) rule.hold = read_duration(*n, problems);
    if (const Node* n = node.find("recover")) rule.recover = read_duration(*n, problems);
    if (const Node* n = node.find("target")) rule.target = read_share(*n, problems);
    if (const Node* n = node.find("explains")) rule.explains = yaml::as_bool(*n, problems).value_or(false);

    const Node* subject = node.find("subject");
    const auto kind = subject != nullptr ? read_kind(*subject, problems) : std::nullopt;
    if (kind) {
        rule.subject = *kind;
        std::set<std::string> reads;
        if (const Node* n = node.find("where")) rule.where = read_expression(*n, *kind, context, &reads);
        if (const Node* n = node.find("expect")) rule.expect = read_expression(*n, *kind, context, &reads);
        if (const Node* n = node.find("evidence")) rule.evidence = read_evidence(*n, *kind, context);
        rule.reads.assign(reads.begin(), reads.end());
        if (reads.empty() && problems.list().size() == before)
            problems.add(node.place,
                         {"yêu cầu không nêu cột nào của bảng, nên không nói gì về đối tượng",
                          "the expectation names no column of the view, so it says nothing about a subject"});
        find_idle_facts(rule, context.producers);
    }
    if (problems.list().size() != before) return std::nullopt;
    return rule;
}

std::optional<Override> read_override(const Node& node, Problems& problems) {
    const auto before = problems.list().size();
    yaml::refuse_unknown_keys(node, {"override", "disabled", "hold", "recover", "target", "severity", "because"},
                              problems);
    Override out;
    out.place = node.place;
    out.id = read_id(*node.find("override"), problems);
    if (const Node* n = node.find("disabled")) out.disabled = yaml::as_bool(*n, problems).value_or(false);
    if (const Node* n = node.find("hold")) out.hold = read_duration(*n, problems);
    if (const Node* n = node.find("recover")) out.recover = read_duration(*n, problems);
    if (const Node* n = node.find("target")) out.target = read_share(*n, problems);
    if (const Node* n = node.find("severity")) out.severity = read_severity(*n, problems);
    if (const Node* n = node.find("because")) (void)read_text(*n, problems);
    if (problems.list().size() != before) return std::nullopt;
    return out;
}

void apply(const Override& change, Expectation& rule) {
    rule.hold = change.hold.value_or(rule.hold);
    rule.recover = change.recover.value_or(rule.recover);
    rule.severity = change.severity.value_or(rule.severity);
    if (change.target) rule.target = change.target;
}

void apply(const Override& change, Detection& rule) {
    rule.recover = change.recover.value_or(rule.recover);
    rule.severity = change.severity.value_or(rule.severity);
}

}  // namespace vg::rules
