#include "collector/api/parameters.hpp"

#include "base/problems.hpp"
#include "base/text.hpp"
#include "collector/api/coded.hpp"
#include "collector/api/device_order.hpp"

#include <algorithm>
#include <limits>

namespace vg::collector::api {
namespace {

using Choices = std::vector<std::string_view>;

Parameter of_text(std::string_view name) { return {name}; }
Parameter of_words(std::string_view name, Choices words) { return {name, Takes::word, std::move(words)}; }
Parameter of_flag(std::string_view name) { return of_words(name, {"true", "false"}); }
Parameter of_time(std::string_view name) { return {name, Takes::time}; }
Parameter of_number(std::string_view name, std::int64_t least, std::int64_t most) {
    return {name, Takes::number, {}, least, most};
}
Parameter needed(Parameter parameter) {
    parameter.is_needed = true;
    return parameter;
}

const Parameter by_search{"q"}, by_unit{"unit", Takes::unit}, by_site{"site", Takes::site},
    by_agent{"agent", Takes::agent};
const Choices severities{"info", "low", "medium", "high", "critical"}, verdicts{"met", "not_met", "not_known"};

struct PathParameters {
    std::string_view method, path;
    std::vector<Parameter> parameters;
};

const std::vector<PathParameters>& parameter_table() {
    static const std::vector<PathParameters> rows{
        {"GET",
         "/gaps",
         {of_words("state", {"open", "pending", "closed", "all"}),
          by_unit,
          by_site,
          {"rule", Takes::rule},
          of_words("severity", severities),
          of_time("since"),
          of_flag("acknowledged"),
          by_search}},
        {"GET", "/coverage", {by_unit, by_search}},
        {"GET",
         "/rules",
         {of_words("family", {"expectation", "detection"}), of_words("severity", severities), by_search}},
        {"GET", "/units", {of_words("level", {"province", "district", "commune"})}},
        {"GET",
         "/sites",
         {by_unit, of_words("state", verdicts),
          of_words("line", {"fibre", "xdsl", "2g", "3g", "4g", "5g", "satellite", "none", "unknown"}), by_search}},
        {"GET", "/sites/{id}/timeline", {of_time("from"), of_time("to")}},
        {"GET",
         "/devices",
         {by_site,
          by_unit,
          {"kind",
           Takes::device_kind,
           {"pc", "server", "router", "switch", "ap", "printer", "camera", "nvr", "ups", "phone", "other"}},
          of_words("registered", {"yes", "no"}),
          of_words("known_by", {"register", "agent", "nobody"}),
          of_words("state", {"seen", "missing", "silent", "not_seen", "unknown", "moved", "cloned", "ignored",
                             "flagged", "adopted"}),
          of_words("triage", {"none", "adopted", "ignored", "flagged"}),
          by_search,
          {"sort", Takes::order, device_orders()}}},
        {"GET", "/devices/{id}/list/{name}", {by_search}},
        {"GET", "/devices/{id}/history", {{"name", Takes::device_fact}}},
        {"GET", "/topology", {by_site}},
        {"GET",
         "/stocktake",
         {by_site, by_unit, of_words("verdict", {"present", "missing", "not_known", "unknown", "moved"}), by_search}},
        {"GET", "/stocktake/log", {by_site, by_unit}},
        {"GET", "/series", {by_site, by_agent, of_text("metric"), of_text("target")}},
        {"GET",
         "/series/{id}/data",
         {of_time("from"), of_time("to"), of_words("step", {"raw", "0", "300", "3600"}),
          of_number("max_points", 1, 100'000)}},
        {"GET",
         "/events",
         {{"kind", Takes::event_kind},
          by_site,
          by_agent,
          of_time("since"),
          of_time("until"),
          of_number("before", 1, std::numeric_limits<std::int64_t>::max()),
          by_search}},
        {"GET",
         "/facts",
         {needed(of_words("kind", {"agent", "site", "uplink", "device", "service", "unit"})), needed(of_text("id"))}},
        {"GET", "/agents", {by_site, of_words("state", {"heard", "silent", "never", "revoked"}), by_search}},
        {"POST", "/register", {of_text("why"), of_text("file"), of_flag("confirm")}},
    };
    return rows;
}

bool is_among(const Choices& words, std::string_view value) {
    return std::find(words.begin(), words.end(), value) != words.end();
}

// What has left the register can still be asked for as long as something of it is kept.
bool is_kept(Call& call, const Store::GapQuery& gaps, const Store::EventQuery& events) {
    const auto some_gaps = call.pipeline.store().gaps(gaps);
    if (some_gaps && !some_gaps->empty()) return true;
    if (events.site.empty()) return false;
    const auto some_events = call.pipeline.store().events(events);
    return some_events && !some_events->empty();
}

bool knows_site(Call& call, const std::string& id) {
    if (call.reg().site(id) != nullptr || !call.pipeline.agents().of_site(id).empty()) return call.sees_site(id);
    if (call.who.role == auth::Role::officer) return false;
    Store::GapQuery gaps;
    gaps.closed = true;
    gaps.site = id;
    gaps.limit = 1;
    Store::EventQuery events;
    events.site = id;
    events.limit = 1;
    return is_kept(call, gaps, events);
}

bool knows_rule(Call& call, const std::string& id) {
    if (call.pipeline.rules().expectation(id) != nullptr || call.pipeline.rules().detection(id) != nullptr) return true;
    Store::GapQuery gaps;
    gaps.closed = true;
    gaps.rule = id;
    gaps.limit = 1;
    return is_kept(call, gaps, {});
}

bool knows_agent(Call& call, const std::string& id) {
    const auto* found = call.pipeline.agents().find(id);
    return found != nullptr && call.sees_site(found->enrolment.site);
}

bool is_kind(Call& call, const Choices& usual, std::string_view value) {
    const auto& devices = call.reg().devices;
    return is_among(usual, value) ||
           std::any_of(devices.begin(), devices.end(), [&](const auto& device) { return device.kind == value; });
}

bool knows_event_kind(Call& call, const std::string& kind) {
    if (kind.find('.') != std::string::npos && words_for("kind", kind)) return true;
    Store::EventQuery query;
    query.kind = kind;
    query.limit = 1;
    const auto some = call.pipeline.store().events(query);
    return some && !some->empty();
}

std::optional<Text> not_a_number(const Parameter& parameter, std::int64_t most, const std::string& value) {
    const auto read = to_number<std::int64_t>(value);
    if (read && *read >= parameter.least && *read <= most) return std::nullopt;
    return say({"Tham số '{}' là một số nguyên từ {} đến {}, không phải '{}'.",
                "The parameter '{}' is a whole number from {} to {}, not '{}'."},
               parameter.name, parameter.least, most, http::printable(value));
}

std::optional<Text> complaint(Call& call, const Parameter& parameter, const std::string& value) {
    const auto refuse = [&](bool is_right, Wording<2> wording) {
        return is_right ? std::nullopt : std::optional(say(wording, parameter.name, http::printable(value)));
    };
    const auto refuse_word = [&](bool is_right, Wording<3> wording) {
        return is_right ? std::nullopt
                        : std::optional(say(wording, parameter.name, http::printable(value), joined(parameter.words)));
    };
    constexpr Wording<3> one_of{"Tham số '{}' không nhận '{}'; các giá trị được nhận: {}.",
                                "The parameter '{}' does not take '{}'; it takes: {}."};
    switch (parameter.takes) {
        case Takes::text: return std::nullopt;
        case Takes::word: return refuse_word(is_among(parameter.words, value), one_of);
        case Takes::order:
            return refuse_word(
                is_among(parameter.words, std::string_view(value).substr(value.front() == '-' ? 1 : 0)),
                {"Tham số '{}' không nhận '{}'; các cột được nhận, thêm '-' phía trước để xếp ngược: {}.",
                 "The parameter '{}' does not take '{}'; it takes these columns, with '-' before one "
                 "from the other end: {}."});
        case Takes::number: {
            const auto most = parameter.name == "limit" && is_table(call.request) ? most_rows : parameter.most;
            return not_a_number(parameter, most, value);
        }
        case Takes::time:
            return refuse(
                parse_time(value).has_value(),
                {"Tham số '{}' là một thời điểm theo ISO 8601, như 2026-11-22T08:00:00Z, hoặc số mili giây từ "
                 "năm 1970, không phải '{}'.",
                 "The parameter '{}' is a time as of ISO 8601, such as 2026-11-22T08:00:00Z, or milliseconds "
                 "since 1970, not '{}'."});
        case Takes::unit:
            return refuse(call.reg().unit(value) != nullptr,
                          {"Tham số '{}': danh mục không có đơn vị '{}'; các mã đơn vị có ở /api/v1/units.",
                           "The parameter '{}': the register has no unit '{}'; their codes are in /api/v1/units."});
        case Takes::site:
            return refuse(knows_site(call, value),
                          {"Tham số '{}': không có trụ sở '{}' mà bạn được xem; các mã trụ sở có ở /api/v1/sites.",
                           "The parameter '{}': there is no site '{}' that you may see; their ids are in "
                           "/api/v1/sites."});
        case Takes::agent:
            return refuse(knows_agent(call, value),
                          {"Tham số '{}': không có trạm gác '{}' mà bạn được xem; các mã trạm gác có ở /api/v1/agents.",
                           "The parameter '{}': there is no agent '{}' that you may see; their ids are in "
                           "/api/v1/agents."});
        case Takes::rule:
            return refuse(knows_rule(call, value),
                          {"Tham số '{}': không có quy tắc '{}'; các mã quy tắc có ở /api/v1/rules.",
                           "The parameter '{}': there is no rule '{}'; their ids are in /api/v1/rules."});
        case Takes::device_kind:
            return refuse_word(
                is_kind(call, parameter.words, value),
                {"Tham số '{}' không nhận '{}'; các loại được nhận, cùng các loại khác mà danh mục dùng: "
                 "{}.",
                 "The parameter '{}' does not take '{}'; it takes these, and other kinds that the "
                 "register uses: {}."});
        case Takes::device_fact:
            return refuse(
                wire::find_fact(wire::SubjectKind::device, value.ends_with('/') ? value + "x" : value) != nullptr,
                {"Tham số '{}': thiết bị không có thông tin nào tên '{}'; tên các thông tin và danh sách có ở "
                 "/api/v1/devices/{id}, danh sách viết kèm dấu gạch chéo, như 'software/'.",
                 "The parameter '{}': a device has no fact '{}'; the names of facts and lists are in "
                 "/api/v1/devices/{id}, a list is written with its slash, as 'software/'."});
        case Takes::event_kind:
            return refuse(knows_event_kind(call, value),
                          {"Tham số '{}': không có loại sự kiện '{}'; các loại đã ghi nhận có ở cột kind của "
                           "/api/v1/events.",
                           "The parameter '{}': there is no kind of event '{}'; those that were recorded stand in the "
                           "column kind of /api/v1/events."});
    }
    return std::nullopt;
}

Text no_such_parameter(const std::string& name, const std::vector<Parameter>& taken) {
    if (taken.empty())
        return say({"Đường dẫn này không nhận tham số nào, kể cả '{}'.", "This path takes no parameter, nor '{}'."},
                   http::printable(name));
    Choices names;
    for (const auto& one : taken) names.push_back(one.name);
    const Text nearest = did_you_mean(name, names);
    return say({"Đường dẫn này không nhận tham số '{}'; các tham số được nhận: {}{}",
                "This path does not take the parameter '{}'; it takes: {}{}"},
               http::printable(name), joined(names), nearest == Text{} ? value_of(".") : nearest);
}

}  // namespace

std::vector<Parameter> parameters(const Route& route) {
    std::vector<Parameter> out;
    const auto row = std::find_if(parameter_table().begin(), parameter_table().end(), [&](const PathParameters& one) {
        return one.method == route.method && one.path == route.path;
    });
    if (row != parameter_table().end()) out = row->parameters;
    if (!route.columns.empty())
        for (auto& one : {of_number("limit", 0, most_items), of_number("offset", 0, most_offset),
                          of_words("format", {"json", "csv", "xlsx"}), of_words("lang", {"vi", "en"}),
                          of_words("separator", {",", ";", "comma", "semicolon"})})
            out.push_back(one);
    return out;
}

std::optional<Answer> objection_to_query(Call& call, const Route& route) {
    const auto taken = parameters(route);
    for (const auto& [name, value] : call.request.query) {
        const auto found = std::find_if(taken.begin(), taken.end(),
                                        [&wanted = name](const Parameter& one) { return one.name == wanted; });
        if (found == taken.end()) return bad_query(no_such_parameter(name, taken));
        if (value.empty()) continue;
        if (const auto wrong = complaint(call, *found, value)) return bad_query(*wrong);
    }
    for (const auto& one : taken)
        if (one.is_needed && !call.query(one.name))
            return bad_query(say({"Thiếu tham số '{}'{}{}.", "The parameter '{}' is missing{}{}."}, one.name,
                                 one.words.empty() ? "" : ": ", joined(one.words)));
    return std::nullopt;
}

}  // namespace vg::collector::api
