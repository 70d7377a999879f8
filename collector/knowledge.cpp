// Facts: whose they are, whether they are news, and those that the collector makes itself.

#include "collector/pipeline_state.hpp"
#include "collector/register/subjects.hpp"
#include "wire/fact_table.hpp"

#include <algorithm>

namespace vg::collector {
namespace {

using rules::SubjectId;
using wire::SubjectKind;

bool fits(const wire::FactRow& row, const wire::FactValue& value) {
    if (std::holds_alternative<std::monostate>(value)) return true;
    switch (row.type) {
        case wire::FactType::boolean: return std::holds_alternative<bool>(value);
        case wire::FactType::integer: return std::holds_alternative<std::int64_t>(value);
        case wire::FactType::real: return std::holds_alternative<double>(value);
        case wire::FactType::text: return std::holds_alternative<std::string>(value);
    }
    return false;
}

}  // namespace

std::string Pipeline::Impl::site_of(const SubjectId& subject) const {
    switch (subject.kind) {
        case SubjectKind::site: return subject.id;
        case SubjectKind::unit: return {};
        case SubjectKind::agent: {
            const auto* agent = agents.find(subject.id);
            return agent != nullptr ? agent->enrolment.site : std::string();
        }
        case SubjectKind::device:
            if (const auto* record = inventory.find(subject.id)) return inventory.site_of(*record);
            [[fallthrough]];
        case SubjectKind::uplink:
        case SubjectKind::service: return subject.id.substr(0, subject.id.find('/'));
    }
    return {};
}

std::vector<SubjectId> Pipeline::Impl::above(const SubjectId& subject) const {
    std::vector<SubjectId> out;
    const auto site = site_of(subject);
    if (subject.kind != SubjectKind::site && !site.empty()) out.push_back({SubjectKind::site, site});
    const auto* known = parts.reg->site(site);
    const auto own = subject.kind == SubjectKind::unit ? subject.id : known != nullptr ? known->unit : std::string();
    for (auto& unit : parts.reg->line_of(own))
        if (subject.kind != SubjectKind::unit || unit != subject.id)
            out.push_back({SubjectKind::unit, std::move(unit)});
    return out;
}

// A device is whatever was seen: who it is comes out later (devices.cpp). Every other subject is the register's.
std::optional<SubjectId> Pipeline::Impl::resolve(const Connection& from, const wire::Subject& subject) {
    switch (subject.kind) {
        case SubjectKind::agent: return SubjectId{SubjectKind::agent, from.agent};
        case SubjectKind::site: return SubjectId{SubjectKind::site, from.site};
        case SubjectKind::unit: return std::nullopt;
        case SubjectKind::uplink:
        case SubjectKind::service: return SubjectId{subject.kind, from.site + "/" + subject.key};
        case SubjectKind::device: break;
    }
    if (subject.key == "host") return SubjectId{SubjectKind::device, from.site + "/host:" + from.agent};
    if (!inventory::Inventory::is_key(subject.key)) return std::nullopt;
    SubjectId device{SubjectKind::device, from.site + "/" + subject.key};
    const bool is_full = inventory.identity().witnesses() >= inventory::Identity::most_witnesses;
    if (is_full && inventory.identity().witness(device.id) == nullptr) return std::nullopt;
    return device;
}

// False: no such fact, or about nothing that exists. Most news is not written down again.
bool Pipeline::Impl::tell(Turn& turn, FactNews news, Time received) {
    const auto* row = wire::find_fact(news.subject.kind, news.name);
    if (row == nullptr || !fits(*row, news.value)) return false;
    const bool is_witness = news.subject.kind == SubjectKind::device && !news.agent.empty();
    if (!is_witness && !facts.has(news.subject)) return false;
    if (wire::is_list(*row))  // the store knows what stood there
        turn.commit.facts.push_back(
            {news.subject, news.name, news.value, news.at, received, news.error_ms, news.agent, news.at});
    else
        for (auto& stored : ledger.weigh(news, received)) turn.commit.facts.push_back(std::move(stored));
    turn.news.push_back(std::move(news));
    return true;
}

void Pipeline::Impl::tell_own(Turn& turn, SubjectKind kind, const std::string& id, const char* name,
                              wire::FactValue value) {
    (void)tell(
        turn,
        {.subject = {kind, id}, .name = name, .value = std::move(value), .at = turn.now, .error_ms = 0, .agent = {}},
        turn.now);
}

void Pipeline::Impl::tell_own_at(Turn& turn, Time at, const SubjectId& subject, const char* name,
                                 wire::FactValue value) {
    if (const auto* held = ledger.find(subject, name)) at = std::max(at, held->confirmed);
    (void)tell(turn,
               {.subject = subject,
                .name = name,
                .value = std::move(value),
                .at = std::min(at, turn.now),
                .error_ms = 0,
                .agent = {}},
               turn.now);
}

void Pipeline::Impl::count_site(Turn& turn, const std::string& site) {
    std::int64_t heard = 0, stopped = 0, enrolled = 0;
    bool ever = false;
    for (const auto* agent : agents.of_site(site)) {
        if (agent->enrolment.revoked) continue;
        ++enrolled;
        heard += agent->heard ? 1 : 0;
        stopped += agent->has_stopped() ? 1 : 0;
        ever = ever || agent->now.last_heard;
    }
    const SubjectId subject{SubjectKind::site, site};
    // Silence began with the last word, however much later it is noticed.
    const auto last_word = turn.last_words.find(site);
    const Time at = last_word == turn.last_words.end() ? turn.now : last_word->second;
    tell_own_at(turn, at, subject, "agents_stopped", stopped);
    // Between its enrolment and its first word an agent is not silent: nothing is known yet, not even that it is none
    // as long as there was no agent.
    tell_own_at(turn, at, subject, "agents_heard", ever || enrolled == 0 ? wire::FactValue(heard) : wire::FactValue());
    tell_own(turn, SubjectKind::site, site, "agents_enrolled", enrolled);
    if (ever && heard == 0)
        fall_dark(turn, site);
    else
        come_back(turn, site);
}

void Pipeline::Impl::count_presence(Turn& turn) {
    std::set<std::string> units;
    for (const auto& site : turn.presence) {
        count_site(turn, site);
        for (const auto& step : above({SubjectKind::site, site}))
            if (step.kind == SubjectKind::unit) units.insert(step.id);
    }
    turn.presence.clear();
    if (!units.empty()) count_units(turn, units);
}

// Each site is looked at once, however many units change.
void Pipeline::Impl::count_units(Turn& turn, const std::set<std::string>& units) {
    struct Tally {
        std::int64_t heard = 0, enrolled = 0;
    };
    std::map<std::string, Tally> counts;
    for (const auto& unit : units) counts[unit];
    for (const auto& site : parts.reg->sites) {
        const auto& here = agents.of_site(site.id);
        if (here.empty()) continue;
        for (const auto& unit : parts.reg->line_of(site.unit)) {
            const auto found = counts.find(unit);
            if (found == counts.end()) continue;
            for (const auto* agent : here) {
                found->second.enrolled += agent->enrolment.revoked ? 0 : 1;
                found->second.heard += agent->heard ? 1 : 0;
            }
        }
    }
    for (const auto& [unit, count] : counts) {
        tell_own(turn, SubjectKind::unit, unit, "agents_heard", count.heard);
        tell_own(turn, SubjectKind::unit, unit, "agents_enrolled", count.enrolled);
    }
}

void Pipeline::Impl::derive_hop(Turn& turn) {
    for (const auto& mean : hop.take_changed()) {
        const char* name = mean.role == SeriesRole::hop_latency ? "hop_latency_ms" : "hop_loss_percent";
        (void)tell(turn,
                   {.subject = {SubjectKind::site, mean.site},
                    .name = name,
                    .value = mean.value,
                    .at = std::min(mean.at, turn.now),
                    .error_ms = 0,
                    .agent = {}},
                   turn.now);
    }
}

// A unit has Internet when one of its sites has; it has none when all of them are known to have none.
void Pipeline::Impl::derive_units(Turn& turn) {
    struct Known {
        bool reaches = false, any = false, all = true;
    };
    std::map<std::string, Known> units;
    for (const auto& site : parts.reg->sites) {
        const auto value = facts.value({SubjectKind::site, site.id}, "internet");
        const auto* reached = std::get_if<bool>(&value);
        for (const auto& unit : parts.reg->line_of(site.unit)) {
            auto& known = units[unit];
            known.reaches = known.reaches || (reached != nullptr && *reached);
            known.any = known.any || reached != nullptr;
            known.all = known.all && reached != nullptr;
        }
    }
    for (const auto& unit : facts.subjects(SubjectKind::unit)) {
        const auto& known = units[unit.id];
        const bool has_none = known.any && known.all;
        tell_own(turn, SubjectKind::unit, unit.id, "internet",
                 known.reaches ? wire::FactValue{true}
                 : has_none    ? wire::FactValue{false}
                               : wire::FactValue{});
    }
}

// Only of what is expected in working hours: each row is told anew four times a day.
void Pipeline::Impl::derive_hours(Turn& turn) {
    const wire::FactValue now = is_working_time(turn.now);
    for (const auto& service : facts.subjects(SubjectKind::service))
        if (facts.value(service, "kind") == wire::FactValue{std::string("document")} &&
            facts.value(service, "working_hours") != now)
            tell_own(turn, SubjectKind::service, service.id, "working_hours", now);
}

// What needs no haste: units, working hours, availability.
void Pipeline::Impl::derive_slowly(Turn& turn) {
    derive_units(turn);
    derive_hours(turn);
    const Time from = month_start(turn.now);
    for (const auto& line : facts.subjects(SubjectKind::uplink)) {
        const auto history = store.fact_history(line, "up", from, turn.now);
        if (!history) return;
        const auto* row = wire::find_fact(SubjectKind::uplink, "up");
        const auto share = availability(*history, row->fresh, from, turn.now);
        if (!share) continue;
        tell_own(turn, SubjectKind::uplink, line.id, "availability_month_low", share->low);
        tell_own(turn, SubjectKind::uplink, line.id, "availability_month_high", share->high);
    }
}

}  // namespace vg::collector
