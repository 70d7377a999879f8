#include "collector/api/handlers.hpp"
#include "collector/api/render.hpp"
#include "collector/api/search.hpp"

namespace vg::collector::api {
namespace {

json::array problems_of(const std::vector<rules::Text>& problems) {
    json::array out;
    for (const auto& one : problems) out.push_back(to_json(one));
    return out;
}

json::value number(const std::optional<double>& value) { return value ? json::value(*value) : json::value(); }

json::object expectation_item(const rules::Expectation& rule) {
    return {{"id", rule.id},
            {"title", to_json(rule.title)},
            {"gap", to_json(rule.gap)},
            {"severity", rules::to_string(rule.severity)},
            {"subject", wire::to_string(rule.subject)},
            {"where", or_null(rule.where)},
            {"expect", rule.expect},
            {"hold_s", rule.hold.count() / 1000},
            {"recover_s", rule.recover.count() / 1000},
            {"target", number(rule.target)},
            {"basis", to_json(rule.basis)},
            {"advice", to_json(rule.advice)},
            {"family", "expectation"},
            {"problems", problems_of(rule.problems)}};
}

json::object detection_item(const rules::Detection& rule) {
    return {{"id", rule.id},
            {"title", to_json(rule.title)},
            {"gap", to_json(rule.title)},
            {"severity", rules::to_string(rule.severity)},
            {"subject", nullptr},
            {"where", nullptr},
            {"expect", nullptr},
            {"hold_s", 0},
            {"recover_s", rule.recover.count() / 1000},
            {"target", nullptr},
            {"basis", to_json(rule.basis)},
            {"advice", to_json(rule.advice)},
            {"family", "detection"},
            {"problems", problems_of(rule.problems)}};
}

}  // namespace

Answer list_rules(Call& call) {
    json::array out;
    const Search search(call.query("q").value_or(""));
    const auto add = [&](json::object item) {
        for (const char* name : {"family", "severity"})
            if (const auto want = call.query(name); want && !says(item, name, *want)) return;
        if (search.matches(item, {"id", "title.vi", "title.en", "gap.vi", "gap.en", "basis"}))
            out.push_back(std::move(item));
    };
    for (const auto& rule : call.pipeline.rules().expectations) add(expectation_item(rule));
    for (const auto& rule : call.pipeline.rules().detections) add(detection_item(rule));
    return list_of(std::move(out));
}

Answer list_coverage(Call& call) {
    const auto unit = call.query("unit");
    const auto covers = call.pipeline.judge().coverage([&](const rules::SubjectId& subject) {
        const auto owner = unit_of(call.pipeline, subject);
        return call.sees_unit(owner) && (!unit || call.reg().is_within(owner, *unit));
    });
    const auto& expectations = call.pipeline.rules().expectations;
    json::array out;
    const Search search(call.query("q").value_or(""));
    for (std::size_t i = 0; i < covers.size() && i < expectations.size(); ++i) {
        const auto& rule = expectations[i];
        const auto& cover = covers[i];
        if (!search.matches(rule.id + ' ' + rule.title.vi + ' ' + rule.title.en)) continue;
        out.push_back(json::object{{"rule", rule.id},
                                   {"title", to_json(rule.title)},
                                   {"target", number(rule.target)},
                                   {"population", cover.population()},
                                   {"met", cover.met},
                                   {"not_met", cover.not_met},
                                   {"not_known", cover.not_known},
                                   {"low", number(cover.low())},
                                   {"high", number(cover.high())},
                                   {"basis", to_json(rule.basis)}});
    }
    return list_of(std::move(out));
}

}  // namespace vg::collector::api
