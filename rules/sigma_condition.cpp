// Sigma's condition: selections joined by and, or, not, parentheses, "1 of x*", "all of x*", "1 of them".
#include "rules/sigma_rule.hpp"

#include "base/text.hpp"
#include "rules/rule_fields.hpp"

namespace vg::rules {
namespace {

constexpr int max_depth = 32;

class Parser {
public:
    Parser(const yaml::Node& text, const std::vector<SigmaSelection>& selections, std::vector<SigmaNode>& nodes,
           Problems& problems)
        : node_(text), text_(text.scalar), selections_(selections), nodes_(nodes), problems_(problems) {}

    std::optional<std::uint32_t> parse() {
        next();
        const auto root = any_of(0);
        if (!failed_ && !word_.empty()) complain(say({"'{}' không được đứng ở đây", "unexpected '{}'"}, word_));
        if (failed_) return std::nullopt;
        return root;
    }

private:
    void next() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
        start_ = at_;
        if (at_ < text_.size() && (text_[at_] == '(' || text_[at_] == ')' || text_[at_] == '|'))
            ++at_;
        else
            while (at_ < text_.size() && std::string_view(" \n\t()|").find(text_[at_]) == std::string_view::npos) ++at_;
        word_ = text_.substr(start_, at_ - start_);
    }
    std::uint32_t complain(const Text& sentence) {
        if (!failed_) {
            Place place = node_.place;  // conditions stand on one line nearly always
            place.column += static_cast<int>(start_) + (node_.quoted ? 1 : 0);
            problems_.add(place, {"điều kiện: {}", "condition: {}"}, sentence);
        }
        failed_ = true;
        return 0;
    }
    std::uint32_t add(SigmaNode::Kind kind, std::vector<std::uint32_t> children) {
        if (children.size() == 1 && kind != SigmaNode::Kind::negate) return children.front();
        nodes_.push_back({kind, std::move(children), 0});
        return static_cast<std::uint32_t>(nodes_.size() - 1);
    }
    bool is(const char* word) const { return is_named(word_, word); }

    std::uint32_t any_of(int depth) { return joined("or", SigmaNode::Kind::any, depth); }

    std::uint32_t joined(const char* word, SigmaNode::Kind kind, int depth) {
        const auto part = [&] {
            return kind == SigmaNode::Kind::any ? joined("and", SigmaNode::Kind::all, depth) : term(depth);
        };
        std::vector<std::uint32_t> parts{part()};
        while (!failed_ && is(word)) {
            next();
            parts.push_back(part());
        }
        return add(kind, std::move(parts));
    }

    std::uint32_t term(int depth) {
        if (failed_) return 0;
        if (depth > max_depth) return complain(say({"lồng nhau quá 32 mức", "nested deeper than 32 levels"}));
        if (word_.empty()) return complain(say({"hết ở chỗ cần một phần chọn", "ends where a selection is expected"}));
        if (word_ == "|")
            return complain(say({"không hỗ trợ phép gộp sau '|'; hãy viết quy tắc tương quan kiểu event_count",
                                 "aggregations after '|' are not supported; write a correlation of type event_count"}));
        if (is("near")) return complain(say({"không hỗ trợ 'near'", "'near' is not supported"}));
        if (is("not")) {
            next();
            return add(SigmaNode::Kind::negate, {term(depth + 1)});
        }
        if (word_ == "(") {
            next();
            const auto inside = any_of(depth + 1);
            if (!failed_ && word_ != ")") return complain(say({"thiếu dấu ngoặc đóng", "a parenthesis is not closed"}));
            next();
            return inside;
        }
        if (is("1") || is("any") || is("all")) {
            const auto kind = is("all") ? SigmaNode::Kind::all : SigmaNode::Kind::any;
            const auto first = word_;
            next();
            if (is("of")) {
                next();
                return of(kind);
            }
            return complain(say({"cần 'of' sau '{}'", "expected 'of' after '{}'"}, first));
        }
        return selection();
    }

    std::uint32_t of(SigmaNode::Kind kind) {
        const bool them = is("them");
        const auto pattern = SigmaPattern::parse(word_, false, false);
        std::vector<std::uint32_t> parts;
        for (const auto& selection : selections_)
            if (them ? !selection.name.starts_with('_') : pattern.matches(lower(selection.name)))
                parts.push_back(selection.node);
        if (parts.empty()) return complain(no_selection({}));
        next();
        return add(kind, std::move(parts));
    }

    [[nodiscard]] Text no_selection(const Text& hint) const {
        return say({"không có phần chọn nào tên '{}'{}", "no selection is named '{}'{}"}, word_, hint);
    }

    std::uint32_t selection() {
        for (const auto& selection : selections_)
            if (selection.name == word_) {
                next();
                return selection.node;
            }
        std::vector<std::string_view> names;
        for (const auto& selection : selections_) names.push_back(selection.name);
        return complain(no_selection(did_you_mean(word_, names)));
    }

    const yaml::Node& node_;
    const std::string& text_;
    const std::vector<SigmaSelection>& selections_;
    std::vector<SigmaNode>& nodes_;
    Problems& problems_;
    std::string word_;
    std::size_t at_ = 0, start_ = 0;
    bool failed_ = false;
};

}  // namespace

std::optional<std::uint32_t> read_sigma_condition(const yaml::Node& text, const std::vector<SigmaSelection>& selections,
                                                  std::vector<SigmaNode>& nodes, Problems& problems) {
    if (text.kind == yaml::Kind::scalar) return Parser(text, selections, nodes, problems).parse();
    if (text.kind == yaml::Kind::sequence && !text.items.empty()) {
        SigmaNode any{SigmaNode::Kind::any, {}, 0};
        for (const auto& item : text.items)
            if (auto root = read_sigma_condition(item, selections, nodes, problems)) any.children.push_back(*root);
        nodes.push_back(std::move(any));
        return static_cast<std::uint32_t>(nodes.size() - 1);
    }
    problems.add(text.place, {"cần một điều kiện như 'selection and not filter'",
                              "expected a condition such as 'selection and not filter'"});
    return std::nullopt;
}

}  // namespace vg::rules
