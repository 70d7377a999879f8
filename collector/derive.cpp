#include "collector/derive.hpp"

#include <algorithm>
#include <cmath>

namespace vg::collector {
namespace {

constexpr Millis window = std::chrono::minutes(15);
constexpr std::size_t most_samples = 20;  // ten rounds of two agents: old rounds do not hide what the line does now
constexpr std::chrono::hours vietnam{7};

}  // namespace

SeriesRole role_of(const wire::SeriesName& name) {
    if (name.target != "hop") return SeriesRole::none;
    if (name.metric == "icmp.rtt_median") return SeriesRole::hop_latency;
    if (name.metric == "icmp.loss") return SeriesRole::hop_loss;
    return SeriesRole::none;
}

void HopMeans::add(const std::string& site, SeriesRole role, Time at, double value) {
    auto& w = windows_[{site, role}];
    // Late samples do not change what is known now.
    if (!w.samples.empty() && at + window < w.samples.back().first) return;
    const auto place = std::upper_bound(w.samples.begin(), w.samples.end(), at,
                                        [](Time t, const auto& sample) { return t < sample.first; });
    w.samples.insert(place, {at, value});
    w.sum += value;
    while (w.samples.size() > most_samples || w.samples.front().first + window < w.samples.back().first) {
        w.sum -= w.samples.front().second;
        w.samples.pop_front();
    }
    changed_.emplace(site, role);
}

std::vector<HopMeans::Mean> HopMeans::take_changed() {
    std::vector<Mean> out;
    for (const auto& [site, role] : changed_) {
        const auto& w = windows_[{site, role}];
        const double mean = w.sum / static_cast<double>(w.samples.size());
        out.push_back({site, role, std::round(mean * 100) / 100, w.samples.back().first});
    }
    changed_.clear();
    return out;
}

std::optional<Availability> availability(const std::vector<StoredFact>& history, Millis fresh, Time from, Time to) {
    if (to <= from) return std::nullopt;
    Millis up{0}, down{0};
    for (std::size_t i = 0; i < history.size(); ++i) {
        const auto& fact = history[i];
        const auto* value = std::get_if<bool>(&fact.value);
        if (value == nullptr) continue;
        Time end = fact.confirmed + fresh;
        if (i + 1 < history.size()) end = std::min(end, history[i + 1].at);
        const Time begin = std::max(fact.at, from);
        end = std::min(end, to);
        if (end <= begin) continue;
        (*value ? up : down) += end - begin;
    }
    if (up + down == Millis{0}) return std::nullopt;
    const auto whole = static_cast<double>((to - from).count());
    const auto percent = [&](Millis part) { return std::floor(static_cast<double>(part.count()) / whole * 1e5) / 1e3; };
    return Availability{percent(up), percent((to - from) - down)};
}

Time month_start(Time now) {
    const auto local = std::chrono::floor<std::chrono::days>(now + vietnam);
    const std::chrono::year_month_day date(local);
    return Time(std::chrono::sys_days(date.year() / date.month() / 1)) - vietnam;
}

bool is_working_time(Time now) {
    using std::chrono::hours, std::chrono::minutes;
    const auto local = now + vietnam;
    const auto day = std::chrono::floor<std::chrono::days>(local);
    if (const std::chrono::weekday weekday(day); weekday == std::chrono::Saturday || weekday == std::chrono::Sunday)
        return false;
    const auto time = local - day;
    const bool is_morning = time >= hours(7) + minutes(30) && time < hours(11) + minutes(30);
    return is_morning || (time >= hours(13) + minutes(30) && time < hours(17));
}

}  // namespace vg::collector
