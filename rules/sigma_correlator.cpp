#include "rules/sigma.hpp"

#include "rules/sigma_matcher.hpp"

#include <algorithm>
#include <unordered_map>

namespace vg::rules {
namespace {

constexpr std::size_t events_per_group = 8192;
constexpr std::size_t groups_per_correlation = 50'000;
constexpr std::size_t evidence_bytes = 200;
// Events of one burst may arrive apart: batches of a metered line, a backlog under a rate.
constexpr Millis arrive_together = std::chrono::hours(1);

struct Entry {
    Time at, arrived;
    bool told = false;
};
struct Group {
    std::vector<Entry> entries;  // in order of their own times
    Time last_arrival{};
};

std::string evidence_of(const SeenEvent& event) {
    std::string out = event.kind;
    for (const auto& [name, value] : event.fields) {
        if (out.size() + name.size() + value.size() > evidence_bytes) break;
        out += (out.size() == event.kind.size() ? ": " : ", ") + name + " = " + value;
    }
    return out;
}

// Adds the event; when a window of the timespan around it holds enough, gives those of it that were not told yet.
struct Burst {
    Time first = Time::max(), last = Time::min();
    std::uint64_t fresh = 0;
};
Burst insert(Group& group, const SigmaCorrelation& rule, Time at, Time now) {
    auto& list = group.entries;
    const auto by_time = [](const Entry& entry, Time time) { return entry.at < time; };
    const auto place = std::lower_bound(list.begin(), list.end(), at + Millis(1), by_time);
    list.insert(place, {at, now, false});
    Burst out;
    auto start = std::lower_bound(list.begin(), list.end(), at - rule.timespan, by_time);
    for (; start != list.end() && start->at <= at; ++start) {
        const auto end = std::lower_bound(start, list.end(), start->at + rule.timespan + Millis(1), by_time);
        if (static_cast<std::uint64_t>(end - start) < rule.at_least) continue;
        out.first = std::min(out.first, start->at);
        out.last = std::max(out.last, std::prev(end)->at);
        for (auto i = start; i != end; ++i) {
            out.fresh += i->told ? 0 : 1;
            i->told = true;
        }
    }
    if (list.size() > events_per_group) {
        // Drop what is farthest from the present events, at whichever end.
        if (at - list.front().at > list.back().at - at)
            list.erase(list.begin(), list.begin() + events_per_group / 8);
        else
            list.erase(list.end() - events_per_group / 8, list.end());
    }
    group.last_arrival = std::max(group.last_arrival, now);
    return out;
}

}  // namespace

struct Correlator::Impl {
    std::shared_ptr<const RuleSet> rules;
    std::vector<std::unordered_map<std::string, Group>> groups;  // by correlation
    Time swept{};

    // Forgets what arrived too long ago to be joined by anything.
    void sweep(Time now) {
        if (now - swept < arrive_together / 4) return;
        swept = now;
        const auto& correlations = rules->sigma->correlations();
        for (std::size_t c = 0; c < groups.size(); ++c) {
            const Time oldest = now - arrive_together - correlations[c].timespan;
            for (auto at = groups[c].begin(); at != groups[c].end();) {
                auto& list = at->second.entries;
                std::erase_if(list, [&](const Entry& entry) { return entry.arrived < oldest; });
                at = list.empty() ? groups[c].erase(at) : std::next(at);
            }
        }
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
        if (groups[c].size() >= groups_per_correlation && !groups[c].contains(key)) return;
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
    for (const auto& rule : impl_->rules->sigma->correlations()) longest = std::max(longest, rule.timespan);
    return longest;
}

}  // namespace vg::rules
