#include "rules/rule_scenario.hpp"

#include "rules/rule_fields.hpp"
#include "rules/views.hpp"

#include <algorithm>

namespace vg::rules {
namespace {

using wire::FactType;
using wire::FactValue;
using yaml::Kind;
using yaml::Node;

constexpr std::int64_t most_repeats = 10'000;

class ScenarioReader {
public:
    ScenarioReader(const RuleSet& rules, Problems& problems) : rules_(rules), problems_(problems) {}

    Scenario read(const Node& node) {
        Scenario out;
        out.place = node.place;
        yaml::refuse_unknown_keys(node, {"test", "start", "subjects", "facts", "events", "expect"}, problems_);
        if (const Node* n = node.find("test"))
            out.name = yaml::as_string(*n, problems_).value_or("");
        else
            problems_.add(node.place, {"bài thử thiếu 'test' (tên của nó)", "the test has no 'test' (its name)"});
        start_ = Time(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1));
        if (const Node* n = node.find("start")) start_ = read_date(*n, problems_).value_or(start_);
        each(node, "subjects", [&](const Node& item) { subject(item, out); });
        each(node, "facts", [&](const Node& item) { fact(item, out); });
        each(node, "events", [&](const Node& item) { event(item, out); });
        each(node, "expect", [&](const Node& item) { check(item, out); });
        if (out.checks.empty())
            problems_.add(node.place,
                          {"bài thử không chờ đợi gì; hãy thêm 'expect'", "the test expects nothing; add 'expect'"});
        return out;
    }

private:
    template <class F>
    void each(const Node& node, std::string_view key, F&& f) {
        const Node* list = node.find(key);
        if (list == nullptr) return;
        if (list->kind != Kind::sequence) problems_.add(list->place, {"cần một danh sách", "expected a list"});
        for (const auto& item : list->items) {
            if (item.kind == Kind::mapping)
                f(item);
            else
                problems_.add(item.place, {"cần một nhóm khóa như { at: 5m, site: HA01, ... }",
                                           "expected a mapping such as { at: 5m, site: HA01, ... }"});
        }
    }

    Time time(const Node& node) { return start_ + Millis(yaml::as_duration_ms(node, problems_).value_or(0)); }
    std::optional<Time> time(const Node& item, std::string_view key) {
        const Node* node = item.find(key);
        if (node == nullptr) return std::nullopt;
        return time(*node);
    }

    // The first key that is a kind of subject names the subject: { site: HA01, ... }.
    const Node* subject_of(const Node& item, SubjectId& out) {
        for (const auto& [key, value] : item.entries)
            for (const auto kind : all_kinds)
                if (key.scalar == wire::to_string(kind)) {
                    out = {kind, yaml::as_string(value, problems_).value_or("")};
                    return &key;
                }
        problems_.add(item.place, {"không nêu đối tượng, như site: HA01", "names no subject, such as site: HA01"});
        return nullptr;
    }

    FactValue value(const Node& node, FactType type) {
        if (node.kind == Kind::null) return {};
        switch (type) {
            case FactType::boolean:
                if (auto v = yaml::as_bool(node, problems_)) return *v;
                break;
            case FactType::integer:
                if (auto v = yaml::as_int(node, INT64_MIN, INT64_MAX, problems_)) return *v;
                break;
            case FactType::real:
                if (auto v = yaml::as_number(node, problems_)) return *v;
                break;
            case FactType::text:
                if (auto v = yaml::as_string(node, problems_)) return *v;
                break;
        }
        return {};
    }

    // Columns of the item beside its subject and the reserved keys.
    template <class F>
    void columns(const Node& item, const Node* own, const SubjectId& subject, bool facts, F&& f) {
        std::vector<std::string_view> names;
        for (const auto& column : view(subject.kind))
            if ((column.fact != nullptr) == facts && column.name != "id") names.push_back(column.name);
        for (const auto& [key, node] : item.entries) {
            const auto& k = key.scalar;
            if (&key == own || (facts && (k == "at" || k == "every" || k == "until" || k == "arrives"))) continue;
            const auto& all = view(subject.kind);
            const auto at = std::find_if(all.begin(), all.end(), [&](const auto& column) {
                return column.name == k && (column.fact != nullptr) == facts && k != "id";
            });
            if (at == all.end())
                problems_.add(key.place, {"bảng {} không có {} '{}'{}", "the view {} has no {} '{}'{}"},
                              wire::to_string(subject.kind),
                              facts ? say({"dữ kiện", "fact"}) : say({"cột danh mục", "register column"}), k,
                              did_you_mean(k, names));
            else
                f(k, value(node, at->type));
        }
    }

    void subject(const Node& item, Scenario& out) {
        SubjectId id;
        const Node* own = subject_of(item, id);
        if (own == nullptr) return;
        RegisterColumns values;
        columns(item, own, id, false, [&](const std::string& name, FactValue v) { values.emplace_back(name, v); });
        out.subjects.emplace_back(id, std::move(values));
    }

    // The times of `{ at, every, until }` or `{ at, every, times }`.
    std::vector<Time> times(const Node& item) {
        const Time first = time(item, "at").value_or(start_);
        std::vector<Time> out{first};
        const Node* every = item.find("every");
        if (every == nullptr) return out;
        const Millis step(yaml::as_duration_ms(*every, problems_).value_or(0));
        if (step <= Millis::zero()) {
            problems_.add(every->place, {"cần một khoảng thời gian lớn hơn 0", "expected a duration above zero"});
            return out;
        }
        std::int64_t count = 1;
        if (const Node* n = item.find("times")) count = yaml::as_int(*n, 1, most_repeats, problems_).value_or(1);
        if (const auto until = time(item, "until")) count = (*until - first) / step + 1;
        for (std::int64_t i = 1; i < std::min(count, most_repeats); ++i) out.push_back(first + i * step);
        return out;
    }

    void known(const SubjectId& id, const Node& item, const Scenario& out) {
        for (const auto& [subject, values] : out.subjects)
            if (subject == id) return;
        problems_.add(item.place,
                      {"bài thử không có đối tượng {} '{}'; hãy thêm vào 'subjects'",
                       "the test has no subject {} '{}'; add it to 'subjects'"},
                      wire::to_string(id.kind), id.id);
    }

    void fact(const Node& item, Scenario& out) {
        SubjectId id;
        const Node* own = subject_of(item, id);
        if (own == nullptr) return;
        known(id, item, out);
        const auto arrives = time(item, "arrives");
        columns(item, own, id, true, [&](const std::string& name, const FactValue& v) {
            for (const auto at : times(item))
                out.facts.push_back({id, name, v, at, std::max(at, arrives.value_or(at))});
        });
    }

    void event(const Node& item, Scenario& out) {
        SubjectId id;
        const Node* own = subject_of(item, id);
        if (own == nullptr) return;
        yaml::refuse_unknown_keys(
            item, {"at", "every", "until", "times", "arrives", "kind", "severity", "fields", own->scalar}, problems_);
        known(id, item, out);
        ScenarioEvent made;
        made.event.subject = id;
        if (id.kind == wire::SubjectKind::agent) made.event.agent = id.id;
        if (const Node* n = item.find("kind")) made.event.kind = yaml::as_string(*n, problems_).value_or("");
        if (const Node* n = item.find("severity"))
            made.event.severity = read_severity(*n, problems_).value_or(wire::Severity::info);
        if (const Node* n = item.find("fields"))
            for (const auto& [key, node] : n->entries)
                made.event.fields.emplace_back(key.scalar, yaml::as_string(node, problems_).value_or(""));
        const auto arrives = time(item, "arrives");
        for (const auto at : times(item)) {
            made.event.at = at;
            made.arrives = std::max(at, arrives.value_or(at));
            out.events.push_back(made);
        }
    }

    std::optional<std::string> one_of(const Node& item, std::string_view key,
                                      const std::vector<std::string_view>& known) {
        const Node* node = item.find(key);
        if (node == nullptr) return std::nullopt;
        const auto text = yaml::as_string(*node, problems_).value_or("");
        if (std::find(known.begin(), known.end(), text) == known.end())
            problems_.add(node->place, {"'{}' không phải giá trị của '{}'{}", "'{}' is no {}{}"}, text, key,
                          did_you_mean(text, known));
        return text;
    }

    void check(const Node& item, Scenario& out) {
        ScenarioCheck made;
        made.place = item.place;
        const Node* own = subject_of(item, made.subject);
        if (own == nullptr) return;
        yaml::refuse_unknown_keys(item,
                                  {"at", "rule", "verdict", "gap", "since", "opened", "closed", "count", "uncertain",
                                   "rewritten", "cause", own->scalar},
                                  problems_);
        known(made.subject, item, out);
        made.at = time(item, "at").value_or(start_);
        if (const Node* n = item.find("rule")) {
            made.rule = yaml::as_string(*n, problems_).value_or("");
            if (rules_.expectation(made.rule) == nullptr && rules_.detection(made.rule) == nullptr)
                problems_.add(n->place, {"không có quy tắc '{}'", "there is no rule '{}'"}, made.rule);
        } else {
            problems_.add(item.place, {"không nêu 'rule'", "names no 'rule'"});
        }
        made.verdict = one_of(item, "verdict", {"met", "not_met", "not_known", "not_applicable"});
        made.gap = one_of(item, "gap", {"none", "pending", "open", "acknowledged", "closed"});
        made.since = time(item, "since");
        made.opened = time(item, "opened");
        made.closed = time(item, "closed");
        if (const Node* n = item.find("count"))
            made.count = static_cast<std::uint64_t>(yaml::as_int(*n, 0, INT32_MAX, problems_).value_or(0));
        if (const Node* n = item.find("uncertain")) made.uncertain = yaml::as_bool(*n, problems_);
        if (const Node* n = item.find("rewritten")) made.rewritten = yaml::as_bool(*n, problems_);
        if (const Node* n = item.find("cause")) made.cause = yaml::as_string(*n, problems_);
        out.checks.push_back(std::move(made));
    }

    const RuleSet& rules_;
    Problems& problems_;
    Time start_{};
};

}  // namespace

std::optional<Scenario> read_scenario(const Node& node, const RuleSet& rules, Problems& problems) {
    const auto before = problems.list().size();
    if (node.kind != Kind::mapping) {
        problems.add(node.place, {"cần một bài thử: một nhóm khóa có 'test', 'subjects', 'facts', 'expect'",
                                  "expected a test: a mapping with 'test', 'subjects', 'facts', 'expect'"});
        return std::nullopt;
    }
    auto out = ScenarioReader(rules, problems).read(node);
    if (problems.list().size() != before) return std::nullopt;
    return out;
}

}  // namespace vg::rules
