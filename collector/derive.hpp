#pragma once
// Facts that no single probe can tell: means over the agents of a site, availability over a month. Pure classes; used
// from the pipeline thread.

#include "collector/store.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace vg::collector {

enum class SeriesRole : std::uint8_t { none, hop_latency, hop_loss };
// The probe with the id "hop" asks the first hop of the line.
[[nodiscard]] SeriesRole role_of(const wire::SeriesName& name);

// Mean latency and loss to the first hop over the last twenty rounds, at most a quarter of an hour old, all agents of a
// site together.
class HopMeans {
public:
    void add(const std::string& site, SeriesRole role, Time at, double value);
    struct Mean {
        std::string site;
        SeriesRole role{};
        double value = 0;
        Time at{};  // of the newest sample in it
    };
    [[nodiscard]] std::vector<Mean> take_changed();

private:
    struct Window {
        std::deque<std::pair<Time, double>> samples;
        double sum = 0;
    };
    std::map<std::pair<std::string, SeriesRole>, Window> windows_;
    std::set<std::pair<std::string, SeriesRole>> changed_;
};

// How long a boolean was true, and how long nobody knew, from its history: the share lies between the two bounds.
struct Availability {
    double low = 0, high = 0;  // percent
};
[[nodiscard]] std::optional<Availability> availability(const std::vector<StoredFact>& history, Millis fresh, Time from,
                                                       Time to);
// The first instant of the month (UTC+7, as offices count).
[[nodiscard]] Time month_start(Time now);
// Monday to Friday, 07:30 to 11:30 and 13:30 to 17:00 (UTC+7). Holidays are not known here.
[[nodiscard]] bool is_working_time(Time now);

}  // namespace vg::collector
