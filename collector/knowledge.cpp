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
    std::string unit = subject.kind == SubjectKind::unit ? subject.id : known != nullptr ? known->unit : std::string();
    for (int depth = 0; !unit.empty() && depth < 8; ++depth) {
        if (subject.kind != SubjectKind::unit || unit != subject.id) out.push_back({SubjectKind::unit, unit});
        const auto* row = parts.reg->unit(unit);
        unit = row != nullptr ? row->parent : std::string();
    }
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
    // Between its enrolment and its first word an agent is not silent: nothing is known yet.
    if (ever || enrolled == 0) tell_own_at(turn, at, subject, "agents_heard", heard);
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
    for (const auto& unit : units) {
        std::int64_t heard = 0, enrolled = 0;
        for (const auto& site : parts.reg->sites) {
            if (!parts.reg->is_within(site.unit, unit)) continue;
            for (const auto* agent : agents.of_site(site.id)) {
                enrolled += agent->enrolment.revoked ? 0 : 1;
                heard += agent->heard ? 1 : 0;
            }
        }
        tell_own(turn, SubjectKind::unit, unit, "agents_heard", heard);
        tell_own(turn, SubjectKind::unit, unit, "agents_enrolled", enrolled);
    }
    turn.presence.clear();
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

wire::FactValue Pipeline::Impl::unit_internet(const std::string& unit) const {
    bool any_known = false, all_known = true;
    for (const auto& site : parts.reg->sites) {
        if (!parts.reg->is_within(site.unit, unit)) continue;
        const auto value = facts.value({SubjectKind::site, site.id}, "internet");
        const auto* reached = std::get_if<bool>(&value);
        if (reached != nullptr && *reached) return true;
        any_known = any_known || reached != nullptr;
        all_known = all_known && reached != nullptr;
    }
    if (any_known && all_known) return false;
    return std::monostate{};
}

// What needs no haste: units, availability.
void Pipeline::Impl::derive_slowly(Turn& turn) {
    for (const auto& unit : facts.subjects(SubjectKind::unit))
        tell_own(turn, SubjectKind::unit, unit.id, "internet", unit_internet(unit.id));
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
