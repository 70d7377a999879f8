#include "collector/api/call.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace vg::collector::api {
namespace {

std::optional<std::int64_t> digits(std::string_view text) { return to_number<std::int64_t>(text); }

// "+07:00", "-0330", "Z" or nothing, as minutes east of Greenwich.
std::optional<int> zone(std::string_view text) {
    if (text.empty() || text == "Z" || text == "z") return 0;
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    if (text.size() == 5 && text[2] == ':') {
        const auto hours = digits(text.substr(0, 2)), minutes = digits(text.substr(3));
        if (hours && minutes) return sign * static_cast<int>(*hours * 60 + *minutes);
    }
    return std::nullopt;
}

}  // namespace

std::vector<rules::Text> State::problems(Pipeline& pipeline) const {
    std::vector<rules::Text> out;
    if (store_failing)
        out.push_back({"Không ghi được dữ liệu; trạm gác giữ lại dữ liệu cho tới khi ghi được.",
                       "Data cannot be written; agents keep theirs until it can."});
    if (pipeline.reg().sites.empty())
        out.push_back({"Danh mục còn trống: hãy nhập danh mục (vonggac-collector register import).",
                       "The register is empty: bring one in (vonggac-collector register import)."});
    if (pipeline.rules().expectations.empty()) out.push_back({"Chưa có quy tắc nào.", "There is no rule yet."});
    const auto add = [&](const std::string& rule, const rules::Text& why) {
        out.push_back({"Quy tắc " + rule + ": " + why.vi, "Rule " + rule + ": " + why.en});
    };
    for (const auto& rule : pipeline.rules().expectations)
        for (const auto& why : rule.problems) add(rule.id, why);
    for (const auto& rule : pipeline.rules().detections)
        for (const auto& why : rule.problems) add(rule.id, why);
    return out;
}

bool Call::sees_unit(std::string_view unit) const {
    return who.role != auth::Role::officer || (!who.unit.empty() && reg().is_within(unit, who.unit));
}

bool Call::sees_site(std::string_view site) const {
    if (who.role != auth::Role::officer) return true;
    const auto* found = reg().site(site);
    return found != nullptr && sees_unit(found->unit);
}

std::optional<Time> Call::time(std::string_view name) const {
    const auto text = query(name);
    return text ? parse_time(*text) : std::nullopt;
}

std::optional<std::int64_t> Call::number(std::string_view name) const {
    const auto text = query(name);
    return text ? digits(*text) : std::nullopt;
}

Answer problem(int status, std::string_view code, std::string_view vi, std::string_view en) {
    return answer(
        json::object{{"error", json::object{{"code", code}, {"message", json::object{{"vi", vi}, {"en", en}}}}}},
        status);
}

Answer not_json() { return problem(400, "malformed", "Nội dung không phải JSON.", "The body is not JSON."); }

Answer not_found(std::string_view what_vi, std::string_view what_en) {
    return problem(404, "not_found", "Không có " + std::string(what_vi) + " này.",
                   "There is no such " + std::string(what_en) + ".");
}

Answer busy() {
    return problem(503, "busy", "Trung tâm đang bận, hãy thử lại sau.", "The collector is busy; try again soon.");
}

Answer bad_query(const Text& why) { return problem(400, "bad_query", why.vi, why.en); }

Answer failed(const Error& error) {
    const auto words = told(error);
    switch (error.code) {
        case Errc::not_found: return problem(404, "not_found", words.vi, words.en);
        case Errc::conflict: return problem(409, "conflict", words.vi, words.en);
        case Errc::invalid_input: return problem(422, "invalid", words.vi, words.en);
        case Errc::no_space:
            return problem(507, "no_space", "Máy chủ trung tâm hết chỗ lưu trữ.", "The collector's disk is full.");
        case Errc::unavailable:
        case Errc::timed_out:
        case Errc::cancelled:
            return problem(503, "unavailable", "Trung tâm tạm thời chưa trả lời được.",
                           "The collector cannot answer at present.");
        case Errc::refused:
        case Errc::unauthorised:
        case Errc::permission:
        case Errc::corrupt:
        case Errc::internal: break;
    }
    return problem(500, "internal", "Trung tâm gặp lỗi: " + words.vi, words.en);
}

bool is_table(const http::Request& request) {
    const auto format = request.parameter("format");
    return format == "csv" || format == "xlsx";
}

Page page_of(const http::Request& request) {
    const auto number = [&](std::string_view name, std::int64_t otherwise) {
        const auto text = request.parameter(name);
        return std::max<std::int64_t>(text ? digits(*text).value_or(otherwise) : otherwise, 0);
    };
    const bool is_long = is_table(request);
    const auto limit = std::min(number("limit", is_long ? most_rows : 100), is_long ? most_rows : most_items);
    return {static_cast<std::size_t>(limit), static_cast<std::size_t>(std::min(number("offset", 0), most_offset))};
}

json::array slice(json::array items, const Page& page) {
    const auto first = std::min(page.offset, items.size());
    const auto last = std::min(items.size(), first + page.limit);
    if (first == 0 && last == items.size()) return items;
    json::array out;
    for (auto i = first; i < last; ++i) out.push_back(std::move(items[i]));
    return out;
}

std::optional<Window> window_of(const Call& call) {
    const Time to = call.time("to").value_or(call.now);
    const Time from = call.time("from").value_or(to - std::chrono::days(1));
    return from < to ? std::optional(Window{from, to}) : std::nullopt;
}

Answer empty_window() {
    return bad_query(
        say({"Tham số 'from' phải là thời điểm trước 'to'.", "The parameter 'from' must be before 'to'."}));
}

std::optional<json::object> body_of(const http::Request& request) {
    if (request.body.empty()) return json::object();
    return object_of(request.body);
}

json::value iso(const std::optional<Time>& time) { return time ? json::value(to_iso(*time)) : json::value(); }

json::value iso(Time time) { return time == Time{} || time == Time::max() ? json::value() : json::value(to_iso(time)); }

std::optional<Time> parse_time(std::string_view text) {
    constexpr std::int64_t most_ms = std::int64_t{1} << 52;  // sums of such times are no trouble
    if (const auto ms = digits(text))
        return *ms > -most_ms && *ms < most_ms ? std::optional(Time(Millis(*ms))) : std::nullopt;
    using namespace std::chrono;
    if (text.size() < 10) return std::nullopt;
    const auto y = digits(text.substr(0, 4)), mo = digits(text.substr(5, 2)), d = digits(text.substr(8, 2));
    if (!y || !mo || !d || text[4] != '-' || text[7] != '-') return std::nullopt;
    const year_month_day date{year(static_cast<int>(*y)), month(static_cast<unsigned>(*mo)),
                              day(static_cast<unsigned>(*d))};
    if (!date.ok()) return std::nullopt;
    Time out = sys_days(date);
    text.remove_prefix(10);
    if (text.empty()) return out;
    if (text.size() < 6 || text[3] != ':') return std::nullopt;
    const auto h = digits(text.substr(1, 2)), mi = digits(text.substr(4, 2));
    if (!h || !mi || *h > 24 || *mi > 59) return std::nullopt;
    out += hours(*h) + minutes(*mi);
    text.remove_prefix(6);
    if (text.size() >= 3 && text.front() == ':') {
        const auto s = digits(text.substr(1, 2));
        if (!s || *s > 60) return std::nullopt;
        out += seconds(*s);
        text.remove_prefix(3);
        if (text.starts_with('.')) {
            auto end = text.find_first_not_of("0123456789", 1);
            end = std::min(end, text.size());
            std::string fraction(text.substr(1, std::min<std::size_t>(end - 1, 3)));
            fraction.resize(3, '0');
            out += Millis(digits(fraction).value_or(0));
            text.remove_prefix(end);
        }
    }
    const auto east = zone(text);
    if (!east) return std::nullopt;
    return out - minutes(*east);
}

json::value to_json(const wire::FactValue& value) {
    struct Visitor {
        json::value operator()(std::monostate) const { return nullptr; }
        json::value operator()(bool v) const { return v; }
        json::value operator()(std::int64_t v) const { return v; }
        json::value operator()(double v) const { return v; }
        json::value operator()(const std::string& v) const { return json::string(v); }
    };
    return std::visit(Visitor{}, value);
}

json::value or_null(const std::string& text) { return text.empty() ? json::value() : json::value(text); }

json::object to_json(const rules::Text& text) { return {{"vi", text.vi}, {"en", text.en}}; }

json::array to_json(const std::vector<rules::Basis>& basis) {
    json::array out;
    for (const auto& one : basis)
        out.push_back(json::object{{"text", to_json(one.text)},
                                   {"mark", one.mark},
                                   {"valid_from", iso(one.valid_from)},
                                   {"valid_to", iso(one.valid_to)}});
    return out;
}

}  // namespace vg::collector::api
