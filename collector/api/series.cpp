#include "base/text.hpp"
#include "collector/api/handlers.hpp"

#include <algorithm>

namespace vg::collector::api {
namespace {

constexpr std::int64_t five_minutes = 300'000, one_hour = 3'600'000;

// The coarsest step that still gives the asked resolution.
std::int64_t choose_step(const Window& window, std::int64_t max_points) {
    const auto span = (window.to - window.from).count();
    if (span / 30'000 <= max_points) return 0;
    return span / five_minutes <= max_points ? five_minutes : one_hour;
}

// Neighbours folded together until at most `most` points are left; extremes survive.
void thin(std::vector<Point>& points, std::size_t most) {
    if (most == 0 || points.size() <= most) return;
    const auto group = (points.size() + most - 1) / most;
    std::vector<Point> out;
    for (std::size_t i = 0; i < points.size(); i += group) {
        Point folded = points[i];
        double sum = folded.avg * folded.n;
        for (std::size_t j = i + 1; j < std::min(points.size(), i + group); ++j) {
            folded.min = std::min(folded.min, points[j].min);
            folded.max = std::max(folded.max, points[j].max);
            sum += points[j].avg * points[j].n;
            folded.n += points[j].n;
        }
        folded.avg = folded.n > 0 ? sum / folded.n : folded.avg;
        out.push_back(folded);
    }
    points = std::move(out);
}

json::object columns(const std::vector<Point>& points, bool raw) {
    json::array t, min, avg, max;
    for (const auto& point : points) {
        t.push_back(point.at_ms);
        avg.push_back(point.avg);
        if (raw) continue;
        min.push_back(point.min);
        max.push_back(point.max);
    }
    if (raw) return {{"t", std::move(t)}, {"v", std::move(avg)}};
    return {{"t", std::move(t)}, {"min", std::move(min)}, {"avg", std::move(avg)}, {"max", std::move(max)}};
}

std::int64_t asked_step(Call& call, const Window& window, std::int64_t max_points) {
    if (!call.query("step")) return choose_step(window, max_points);
    return call.number("step").value_or(0) * 1000;  // "raw" is no number
}

}  // namespace

Answer list_series(Call& call) {
    auto all = call.pipeline.store().series(
        {.agent = call.query("agent").value_or(""), .site = call.query("site").value_or("")});
    if (!all) return failed(all.error());
    json::array out;
    for (const auto& one : *all) {
        if (!call.sees_site(one.site)) continue;
        if (const auto metric = call.query("metric"); metric && one.name.metric != *metric) continue;
        if (const auto target = call.query("target"); target && one.name.target != *target) continue;
        out.push_back(json::object{{"id", one.key},
                                   {"agent", one.agent},
                                   {"site", or_null(one.site)},
                                   {"metric", one.name.metric},
                                   {"target", one.name.target},
                                   {"unit", one.name.unit},
                                   {"first", iso(one.first)},
                                   {"last", iso(one.last)}});
    }
    return list_of(std::move(out));
}

Answer get_series_data(Call& call) {
    const auto id = to_number<std::int64_t>(call.path.front());
    if (!id || *id <= 0) return not_found("chuỗi số đo", "series");
    auto found = call.pipeline.store().series({.key = *id});
    if (!found) return failed(found.error());
    if (found->empty() || !call.sees_site(found->front().site)) return not_found("chuỗi số đo", "series");
    const auto window = window_of(call);
    if (!window) return empty_window();
    const auto max_points = call.number("max_points").value_or(1440);
    const auto step = asked_step(call, *window, max_points);
    auto points = call.pipeline.store().read(*id, window->from, window->to, step);
    if (!points) return failed(points.error());
    const bool asked_raw = call.query("step") == "raw";
    const bool raw = step == 0 && (asked_raw || points->size() <= static_cast<std::size_t>(max_points));
    if (!raw) thin(*points, static_cast<std::size_t>(max_points));
    auto body = columns(*points, raw);
    body["unit"] = found->front().name.unit;
    body["step"] = step / 1000;
    return answer(std::move(body));
}

}  // namespace vg::collector::api
