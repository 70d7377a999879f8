#include "collector/api/lacking.hpp"

#include "collector/api/render.hpp"

#include <algorithm>
#include <cstdio>

namespace vg::collector::api {
namespace {

using wire::SubjectKind;

bool looks_at_internet(const registry::ProbeEntry& probe) {
    return probe.probe == "http" && std::any_of(probe.options.begin(), probe.options.end(), [](const auto& option) {
               return option.first == "internet" && option.second.scalar == "true";
           });
}

Text of_internet(Call& call, const std::string& agent) {
    const auto* found = call.pipeline.agents().find(agent);
    if (found == nullptr) return {};
    const auto& site = found->enrolment.site;
    const auto services = call.reg().services_of(site);
    const bool is_asked =
        std::any_of(call.reg().probes.begin(), call.reg().probes.end(),
                    [&](const auto& probe) {
                        return looks_at_internet(probe) && (probe.site.empty() || probe.site == site);
                    }) ||
        std::any_of(services.begin(), services.end(), [](const auto* one) { return looks_at_internet(one->probe); });
    if (is_asked) return {};
    return say({"danh mục chưa có phép dò http nào mang 'internet: true' cho trụ sở này",
                "the register has no http probe with 'internet: true' for this site"});
}

std::string percent(const json::value& share) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", share.is_double() ? share.get_double() : share.to_number<double>());
    return text;
}

Text of_availability(const Row& row) {
    const auto low = column(row, "availability_month_low"), high = column(row, "availability_month_high");
    if (low.is_null() || high.is_null())
        return say({"tháng này chưa máy nào báo đường này thông hay đứt",
                    "no machine has told this month whether this line is up"});
    auto vi_low = percent(low), vi_high = percent(high);
    std::replace(vi_low.begin(), vi_low.end(), '.', ',');
    std::replace(vi_high.begin(), vi_high.end(), '.', ',');
    return say({"tháng này đường sẵn sàng từ {} % đến {} %; phần thời gian còn lại không máy nào theo dõi",
                "this month the line was available for {} % to {} %; nobody watched it for the rest"},
               Text{vi_low, percent(low)}, Text{vi_high, percent(high)});
}

Text of_hours(const Row& row) {
    if (column(row, "working_hours") != json::value(false)) return {};
    return say({"ngoài giờ làm việc không kết luận; chỉ đòi hỏi trong giờ",
                "nothing is concluded outside working hours; it is due within them"});
}

Text of_site(Call& call, std::string_view name) {
    if (name == "review_days")
        return say(
            {"chưa rà soát thiết bị lạ lần nào; xử lý từng thiết bị ở trang Thiết bị lạ, hoặc ghi một lần kiểm kê",
             "unknown devices were never reviewed; decide about each under Unknown devices, or record a "
             "stocktake"});
    if (name == "reboots_one_model_hour")
        return say({"chưa thiết bị nào của trụ sở cho biết cả kiểu máy và thời gian chạy, thường hỏi được qua SNMP",
                    "no device of the site has told both its model and its uptime, which SNMP usually does"});
    if (!name.starts_with("tslcd_")) return {};
    if (call.reg().addresses.empty())
        return say({"danh mục chưa có bảng địa chỉ TSLCD (addresses)",
                    "the register has no table of TSLCD addresses (addresses)"});
    if (name == "tslcd_review_days")
        return say(
            {"bảng địa chỉ TSLCD chưa ghi đủ ngày cấp hoặc ngày rà soát cho trụ sở này",
             "the table of TSLCD addresses does not say for all of this site when they were assigned or reviewed"});
    return {};
}

Text hint(Call& call, const rules::SubjectId& subject, std::string_view name, const Row& row) {
    switch (subject.kind) {
        case SubjectKind::agent: return name == "internet" ? of_internet(call, subject.id) : Text{};
        case SubjectKind::uplink: return name.starts_with("availability_month_") ? of_availability(row) : Text{};
        case SubjectKind::site: return of_site(call, name);
        case SubjectKind::service: return name == "working_hours" ? of_hours(row) : Text{};
        case SubjectKind::device:
        case SubjectKind::unit: return {};
    }
    return {};
}

}  // namespace

json::array lacking(Call& call, const rules::Expectation& rule, const rules::SubjectId& subject) {
    json::array out;
    const auto row = row_of(call.pipeline, subject);
    const auto add = [&](const std::string& name, const wire::FactRow& fact) {
        const auto what = hint(call, subject, name, row);
        out.push_back(json::object{{"name", name},
                                   {"vi", fact.vi},
                                   {"en", fact.en},
                                   {"producer", fact.producer},
                                   {"told", iso(call.pipeline.last_told(subject, name))},
                                   {"hint", what.is_whole() ? to_json(what) : json::value()}});
    };
    for (const auto& name : rule.reads)
        if (const auto* fact = wire::find_fact(subject.kind, name); fact != nullptr && column(row, name).is_null())
            add(name, *fact);
    // What is told and does not decide: an interval, a time at which nothing is due.
    for (const char* name : {"availability_month_low", "working_hours"}) {
        const auto* fact = wire::find_fact(subject.kind, name);
        if (out.empty() && fact != nullptr && std::find(rule.reads.begin(), rule.reads.end(), name) != rule.reads.end())
            add(name, *fact);
    }
    return out;
}

}  // namespace vg::collector::api
