#include "rules/sigma.hpp"

#include "rules/sigma_matcher.hpp"

#include <algorithm>
#include <unordered_map>

namespace vg::rules {
namespace {

constexpr std::size_t events_per_group = 8192;
constexpr std::size_t groups_per_correlation = 50'000;
constexpr Millis make_room_every = std::chrono::seconds(10);
constexpr std::size_t evidence_bytes = 200;
// Events of one burst may arrive apart: batches of a metered line, a backlog under a rate.
constexpr Millis arrive_together = std::chrono::hours(1);

struct Entry {
    Time at, arrived;
    bool told = false;
};
using Counted = std::vector<Entry>;  // in order of their own times

std::string evidence_of(const SeenEvent& event) {
    std::string out = event.kind;
    for (const auto& [name, value] : event.fields) {
        if (out.size() + name.size() + value.size() > evidence_bytes) break;
        out += (out.size() == event.kind.size() ? ": " : ", ") + name + " = " + value;
    }
    return out;
}

struct Burst {
    Time first = Time::max(), last = Time::min();
    std::uint64_t fresh = 0;
};

// Adds the event; when it makes a window of the timespan hold enough, gives those of the window that were not told yet.
// A window that held enough before was told before, so it suffices to look at the runs of exactly `at_least` events in
// which the new one stands: a flood costs no more than a trickle.
Burst insert(Counted& list, const SigmaCorrelation& rule, Time at, Time now) {
    const auto place =
        std::upper_bound(list.begin(), list.end(), at, [](Time time, const Entry& entry) { return time < entry.at; });
    const auto own = static_cast<std::size_t>(place - list.begin());
    list.insert(place, {at, now, false});
    const auto run = static_cast<std::size_t>(rule.at_least);
    Burst out;
    std::size_t marked = 0;  // everything before is done
    for (auto start = own + 1 > run ? own + 1 - run : 0; start <= own && start + run <= list.size(); ++start) {
        const auto end = start + run;
        if (list[end - 1].at - list[start].at > rule.timespan) continue;
        out.first = std::min(out.first, list[start].at);
        out.last = std::max(out.last, list[end - 1].at);
        for (marked = std::max(marked, start); marked < end; ++marked) {
            out.fresh += list[marked].told ? 0 : 1;
            list[marked].told = true;
        }
    }
    if (list.size() > events_per_group) {
        // Drop what is farthest from the present events, at whichever end.
        if (at - list.front().at > list.back().at - at)
            list.erase(list.begin(), list.begin() + events_per_group / 8);
        else
            list.erase(list.end() - events_per_group / 8, list.end());
    }
    return out;
}

}  // namespace

struct Correlator::Impl {
    std::shared_ptr<const RuleSet> rules;
    std::vector<std::unordered_map<std::string, Counted>> groups;  // by correlation
    Time swept{}, made_room{};

    // Forgets what arrived too long ago to be joined by anything.
    void sweep(Time now) {
        if (now - swept < arrive_together / 4) return;
        swept = now;
        const auto& correlations = rules->sigma->correlations();
        for (std::size_t c = 0; c < groups.size(); ++c) {
            const Time oldest = now - arrive_together - correlations[c].timespan;
            for (auto at = groups[c].begin(); at != groups[c].end();) {
                auto& list = at->second;
                std::erase_if(list, [&](const Entry& entry) { return entry.arrived < oldest; });
                at = list.empty() ? groups[c].erase(at) : std::next(at);
            }
        }
    }

    // A flood of sources must not blind: where there are too many, those that have been quiet for the timespan go.
    bool has_room(std::size_t c, Time now) {
        auto& all = groups[c];
        if (all.size() < groups_per_correlation) return true;
        if (now - made_room < make_room_every) return false;
        made_room = now;
        const Time oldest = now - rules->sigma->correlations()[c].timespan;
        std::erase_if(all, [&](const auto& group) {
            return std::all_of(group.second.begin(), group.second.end(),
                               [&](const Entry& entry) { return entry.arrived < oldest; });
        });
        return all.size() < groups_per_correlation;
    }

    void correlate(std::size_t c, const SeenEvent& event, Time now, std::vector<Detected>& out) {
        const auto& rule = rules->sigma->correlations()[c];
        const SigmaFields fields(event);
        std::string discriminator;
        for (const auto& name : rule.group_by) {
            const auto* value = fields.find(name);
            discriminator += (discriminator.empty() ? "" : " ") + (value == nullptr ? std::string("-") : *value);
        }
        std::string key =
            std::to_string(static_cast<int>(event.subject.kind)) + event.subject.id + '\n' + discriminator;
        if (!groups[c].contains(key) && !has_room(c, now)) return;
        const auto burst = insert(groups[c][key], rule, event.at, now);
        if (burst.fresh == 0) return;
        out.push_back({{rule.id, event.subject, std::move(discriminator)},
                       burst.first,
                       burst.last,
                       now,
                       burst.fresh,
                       evidence_of(event)});
    }
};

Correlator::Correlator(std::shared_ptr<const RuleSet> rules) : impl_(std::make_unique<Impl>()) {
    impl_->rules = std::move(rules);
    impl_->groups.resize(impl_->rules->sigma->correlations().size());
}
Correlator::Correlator(Correlator&&) noexcept = default;
Correlator& Correlator::operator=(Correlator&&) noexcept = default;
Correlator::~Correlator() = default;

std::vector<Detected> Correlator::feed(const SeenEvent& event, Time now) {
    std::vector<Detected> out;
    impl_->sweep(now);
    const auto& sigma = *impl_->rules->sigma;
    std::vector<std::size_t> counted;
    for (const auto r : sigma.match(event)) {
        if (sigma.rules()[r].alarms)
            out.push_back({{sigma.rules()[r].id, event.subject, {}}, event.at, event.at, now, 1, evidence_of(event)});
        counted.insert(counted.end(), sigma.correlations_of(r).begin(), sigma.correlations_of(r).end());
    }
    std::sort(counted.begin(), counted.end());
    counted.erase(std::unique(counted.begin(), counted.end()), counted.end());
    for (const auto c : counted) impl_->correlate(c, event, now, out);
    return out;
}

Millis Correlator::memory() const {
    Millis longest{};
    for (const auto& rule : impl_->rules->sigma->correlations())
        longest = std::max(longest, arrive_together + rule.timespan);
    return longest;
}

}  // namespace vg::rules
