#include "rules/judge.hpp"

#include "rules/views.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <deque>
#include <map>

namespace vg::rules {
namespace {

using wire::SubjectKind;

constexpr std::size_t columns_per_statement = 500;
constexpr auto never_judged = static_cast<Verdict>(0xff);

// Expressions of a kind of subject: a statement for many of them, each distinct text once.
struct Slot {
    std::size_t rule;  // index into RuleSet::expectations
    int where = -1;    // column; -1: every subject
    int expect = 0;
};
struct Group {
    sqlite::Statement statement;
    std::vector<Slot> slots;
    std::size_t first = 0;  // index of the first slot within the kind
};
struct Panel {
    std::vector<Group> groups;
    std::size_t rules = 0;
    std::vector<SubjectId> subjects;  // by row - 1; an empty id: gone
    std::vector<Verdict> verdicts;    // (row - 1) * rules + slot
    std::vector<bool> is_stale;       // the same places: not met still, by other facts
};

// NOT keeps NULL and turns everything else into 0 or 1, whatever its type.
Verdict read(const sqlite::Statement& statement, const Slot& slot) {
    if (slot.where >= 0) {
        if (statement.is_null(slot.where)) return Verdict::not_known;
        if (statement.integer(slot.where) != 0) return Verdict::not_applicable;
    }
    if (statement.is_null(slot.expect)) return Verdict::not_known;
    return statement.integer(slot.expect) == 0 ? Verdict::met : Verdict::not_met;
}

std::string select(const std::vector<std::string>& expressions, SubjectKind kind) {
    std::string sql = "select ";
    for (const auto& expression : expressions) {
        if (&expression != &expressions.front()) sql += ", ";
        sql += expression;
    }
    return sql + " from \"" + std::string(wire::to_string(kind)) + "\" where rowid = ?";
}

std::string text_of(const wire::FactValue& value) {
    if (const auto* v = std::get_if<bool>(&value)) return *v ? "true" : "false";
    if (const auto* v = std::get_if<std::int64_t>(&value)) return std::to_string(*v);
    if (const auto* v = std::get_if<std::string>(&value)) return *v;
    if (const auto* v = std::get_if<double>(&value)) {
        std::array<char, 32> digits{};
        return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), *v).ptr};
    }
    return "?";
}

}  // namespace

struct Judge::Impl {
    std::shared_ptr<const RuleSet> rules;
    FactBase* facts = nullptr;
    std::array<Panel, kind_count> panels;
    std::map<std::size_t, std::string> failures;         // by rule: what SQLite said while judging
    std::map<std::size_t, sqlite::Statement> alone;      // by rule, for rows on which the common statement failed
    std::map<std::size_t, sqlite::Statement> evidences;  // by rule
    std::vector<Verdict> scratch;
    struct Stale {
        RowRef ref;
        std::size_t rule, place;  // place: in the panel's verdicts
    };
    std::deque<Stale> stale;  // in order of judging

    Panel& panel(SubjectKind kind) { return panels[static_cast<std::size_t>(kind)]; }

    Result<void> prepare(SubjectKind kind) {
        auto& in = panel(kind);
        std::vector<std::string> texts;
        std::map<std::string, int> known;
        Group group;
        const auto column = [&](const std::string& expression) {
            const auto [at, is_new] = known.try_emplace(expression, static_cast<int>(texts.size()));
            if (is_new) texts.push_back("not (\n" + expression + "\n)");
            return at->second;
        };
        const auto close = [&]() -> Result<void> {
            if (group.slots.empty()) return {};
            auto statement = facts->guarded().prepare(select(texts, kind));
            if (statement.has_error()) return statement.error();
            group.statement = std::move(*statement);
            in.groups.push_back(std::move(group));
            group = Group();
            group.first = in.rules;
            texts.clear();
            known.clear();
            return {};
        };
        for (std::size_t i = 0; i < rules->expectations.size(); ++i) {
            const auto& rule = rules->expectations[i];
            if (rule.subject != kind) continue;
            Slot slot{i};
            if (!rule.where.empty()) slot.where = column(rule.where);
            slot.expect = column(rule.expect);
            group.slots.push_back(slot);
            ++in.rules;
            if (texts.size() + 2 > columns_per_statement)
                if (auto done = close(); done.has_error()) return done;
        }
        return close();
    }

    // One rule on one row by itself; an expression that fails is not known, and told by idle().
    Verdict judge_alone(const Slot& slot, RowRef ref) {
        const auto& rule = rules->expectations[slot.rule];
        const auto at = alone.find(slot.rule);
        auto& database = facts->guarded();
        Slot own{slot.rule, rule.where.empty() ? -1 : 1, 0};
        if (at == alone.end()) {
            std::vector<std::string> texts{"not (\n" + rule.expect + "\n)"};
            if (own.where == 1) texts.push_back("not (\n" + rule.where + "\n)");
            auto made = database.prepare(select(texts, ref.kind));
            if (made.has_error()) return Verdict::not_known;
            alone[slot.rule] = std::move(*made);
        }
        auto& statement = alone[slot.rule];
        statement.bind(1, ref.row);
        const auto row = statement.step();
        if (row.has_error()) failures[slot.rule] = row.error().message;
        const auto verdict = row.has_value() && *row ? read(statement, own) : Verdict::not_known;
        statement.reset();
        return verdict;
    }

    void judge_row(Panel& in, RowRef ref) {
        scratch.assign(in.rules, Verdict::not_known);
        for (auto& group : in.groups) {
            (void)facts->guarded();  // a new allowance of operations
            group.statement.bind(1, ref.row);
            const auto row = group.statement.step();
            auto* out = scratch.data() + group.first;
            if (row.has_value() && *row)
                for (const auto& slot : group.slots) *out++ = read(group.statement, slot);
            group.statement.reset();
            if (row.has_error())
                for (const auto& slot : group.slots) *out++ = judge_alone(slot, ref);
        }
    }

    std::string evidence(std::size_t index, const SubjectId& subject, RowRef ref) {
        const auto& rule = rules->expectations[index];
        std::string out;
        if (rule.evidence.vi.empty()) {
            for (const auto& name : rule.reads)
                out += (out.empty() ? "" : ", ") + name + " = " + text_of(facts->value(subject, name));
            return out;
        }
        auto& database = facts->guarded();
        auto at = evidences.find(index);
        if (at == evidences.end()) {
            auto made = database.prepare(
                select({"(\n" + rule.evidence.vi + "\n)", "(\n" + rule.evidence.en + "\n)"}, ref.kind));
            if (made.has_error()) return out;
            at = evidences.emplace(index, std::move(*made)).first;
        }
        at->second.bind(1, ref.row);
        if (const auto row = at->second.step(); row.has_value() && *row)
            out = join_evidence({at->second.text(0), at->second.text(1)});
        at->second.reset();
        return out;
    }

    void note_stale(Panel& in, RowRef ref, std::size_t rule, std::size_t slot) {
        const auto place = static_cast<std::size_t>(ref.row - 1) * in.rules + slot;
        if (in.is_stale[place]) return;
        in.is_stale[place] = true;
        stale.push_back({ref, rule, place});
    }

    void judge(const ChangedRow& changed, Time now, const Each& each) {
        auto& in = panel(changed.ref.kind);
        const auto row = static_cast<std::size_t>(changed.ref.row - 1);
        if (in.subjects.size() <= row) {
            in.subjects.resize(row + 1);
            in.verdicts.resize((row + 1) * in.rules, never_judged);
            in.is_stale.resize(in.verdicts.size());
        }
        in.subjects[row] = changed.removed ? SubjectId{} : changed.subject;
        if (changed.removed)
            scratch.assign(in.rules, Verdict::not_applicable);
        else
            judge_row(in, changed.ref);
        auto* held = in.verdicts.data() + row * in.rules;
        std::size_t at = 0;
        for (const auto& group : in.groups)
            for (const auto& slot : group.slots) {
                const auto to = scratch[at], from = held[at];
                held[at++] = to;
                if (to == from && to == Verdict::not_met) note_stale(in, changed.ref, slot.rule, at - 1);
                if (to == from || !each) continue;
                VerdictChange change{rules->expectations[slot.rule],
                                     changed.subject,
                                     from == never_judged ? Verdict::not_applicable : from,
                                     to,
                                     changed.at.value_or(now),
                                     {}};
                if (to == Verdict::not_met) change.evidence = evidence(slot.rule, changed.subject, changed.ref);
                each(change);
            }
    }
};

Judge::Judge(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Judge::Judge(Judge&&) noexcept = default;
Judge& Judge::operator=(Judge&&) noexcept = default;
Judge::~Judge() = default;

Result<Judge> Judge::make(std::shared_ptr<const RuleSet> rules, FactBase& facts) {
    auto impl = std::make_unique<Impl>();
    impl->rules = std::move(rules);
    impl->facts = &facts;
    for (const auto kind : all_kinds)
        if (auto done = impl->prepare(kind); done.has_error()) return done.error();
    facts.mark_all_changed();
    return Judge(std::move(impl));
}

void Judge::judge(Time now, const Each& each) {
    for (const auto& changed : impl_->facts->take_changed()) impl_->judge(changed, now, each);
}

void Judge::refresh(Time now, std::size_t most, const Each& each) {
    auto& waiting = impl_->stale;
    for (; most > 0 && !waiting.empty(); --most) {
        const auto next = waiting.front();
        waiting.pop_front();
        auto& in = impl_->panel(next.ref.kind);
        in.is_stale[next.place] = false;
        const auto& subject = in.subjects[static_cast<std::size_t>(next.ref.row - 1)];
        if (in.verdicts[next.place] != Verdict::not_met || subject.id.empty()) continue;
        each({impl_->rules->expectations[next.rule], subject, Verdict::not_met, Verdict::not_met, now,
              impl_->evidence(next.rule, subject, next.ref)});
    }
}

std::vector<std::pair<const Expectation*, Verdict>> Judge::verdicts(const SubjectId& subject) const {
    std::vector<std::pair<const Expectation*, Verdict>> out;
    const auto ref = impl_->facts->row(subject);
    const auto& in = impl_->panel(subject.kind);
    if (!ref || in.subjects.size() < static_cast<std::size_t>(ref->row)) return out;  // not judged yet
    const auto* held = in.verdicts.data() + static_cast<std::size_t>(ref->row - 1) * in.rules;
    for (const auto& group : in.groups)
        for (const auto& slot : group.slots) out.emplace_back(&impl_->rules->expectations[slot.rule], *held++);
    return out;
}

std::vector<Coverage> Judge::coverage(const std::function<bool(const SubjectId&)>& in) const {
    std::vector<Coverage> out(impl_->rules->expectations.size());
    for (const auto& panel : impl_->panels)
        for (std::size_t row = 0; row < panel.subjects.size(); ++row) {
            if (panel.subjects[row].id.empty() || (in && !in(panel.subjects[row]))) continue;
            const auto* held = panel.verdicts.data() + row * panel.rules;
            for (const auto& group : panel.groups)
                for (const auto& slot : group.slots) out[slot.rule].add(*held++);
        }
    return out;
}

std::vector<Coverage> Judge::coverage_of_unit(const std::string& unit) const {
    const wire::FactValue wanted = unit;
    return coverage([&](const SubjectId& subject) {
        return impl_->facts->value(subject, subject.kind == SubjectKind::unit ? "id" : "unit") == wanted;
    });
}

std::vector<std::pair<const Expectation*, Text>> Judge::idle() const {
    std::vector<std::pair<const Expectation*, Text>> out;
    const auto counts = coverage();
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const auto* rule = &impl_->rules->expectations[i];
        if (counts[i].population() == 0)
            out.emplace_back(rule, Text{"Không có đối tượng nào trong danh mục thuộc quy tắc này.",
                                        "The register holds no subject that this rule is about."});
        if (const auto failed = impl_->failures.find(i); failed != impl_->failures.end())
            out.emplace_back(rule, Text{"Không tính được biểu thức: " + failed->second,
                                        "The expression cannot be computed: " + failed->second});
    }
    return out;
}

}  // namespace vg::rules
