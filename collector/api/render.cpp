#include "collector/api/render.hpp"

#include "collector/inventory/device_row.hpp"
#include "collector/inventory/inventory.hpp"
#include "rules/views.hpp"

namespace vg::collector::api {
namespace {

using rules::SubjectId;
using wire::SubjectKind;

bool is_open(const rules::Gap& gap) {
    return gap.state == rules::GapState::open || gap.state == rules::GapState::acknowledged;
}

}  // namespace

std::string name_of(Pipeline& pipeline, const SubjectId& subject) {
    const auto& reg = pipeline.reg();
    switch (subject.kind) {
        case SubjectKind::site: {
            const auto* site = reg.site(subject.id);
            return site != nullptr ? site->name : subject.id;
        }
        case SubjectKind::unit: {
            const auto* unit = reg.unit(subject.id);
            return unit != nullptr ? registry::full_name(*unit) : subject.id;
        }
        case SubjectKind::agent: {
            const auto* agent = pipeline.agents().find(subject.id);
            return agent != nullptr && !agent->enrolment.host.empty() ? agent->enrolment.host : subject.id;
        }
        case SubjectKind::device:
            if (const auto* record = pipeline.inventory().find(subject.id))
                if (const auto& name = pipeline.row_of(*record).name; !name.empty()) return name;
            break;
        case SubjectKind::uplink:
        case SubjectKind::service: break;
    }
    const auto row = row_of(pipeline, subject);
    for (const std::string_view key : {"registered_name", "name", "host_name", "ip"}) {
        const auto value = column(row, key);
        if (value.is_string() && !value.get_string().empty()) return std::string(value.get_string());
    }
    return subject.id.substr(subject.id.find('/') + 1);
}

std::string site_of(const Pipeline& pipeline, const SubjectId& subject) {
    switch (subject.kind) {
        case SubjectKind::unit: return {};
        case SubjectKind::site: return subject.id;
        case SubjectKind::agent: {
            const auto* agent = const_cast<Pipeline&>(pipeline).agents().find(subject.id);
            return agent != nullptr ? agent->enrolment.site : "";
        }
        case SubjectKind::uplink:
        case SubjectKind::service:
        case SubjectKind::device: break;
    }
    return subject.id.substr(0, subject.id.find('/'));
}

std::string unit_of(const Pipeline& pipeline, const SubjectId& subject) {
    if (subject.kind == SubjectKind::unit) return subject.id;
    const auto* site = pipeline.reg().site(site_of(pipeline, subject));
    return site != nullptr ? site->unit : "";
}

json::object gap_item(Pipeline& pipeline, const rules::Gap& gap) {
    const auto* expectation = pipeline.rules().expectation(gap.key.rule);
    const auto* detection = pipeline.rules().detection(gap.key.rule);
    auto title = pipeline.rules().gap_words(gap.key.rule);
    if (title.empty()) title = {gap.key.rule, gap.key.rule};
    const rules::Text nothing;
    const auto& advice = expectation != nullptr ? expectation->advice
                         : detection != nullptr ? detection->advice
                                                : nothing;
    const std::vector<rules::Basis> none;
    const auto& basis = expectation != nullptr ? expectation->basis : detection != nullptr ? detection->basis : none;
    const auto unit_code = unit_of(pipeline, gap.key.subject);
    const auto* unit = pipeline.reg().unit(unit_code);
    const auto evidence = rules::split_evidence(gap.evidence);
    const bool waits = gap.state == rules::GapState::pending && expectation != nullptr;
    return {{"id", gap.id},
            {"rule", gap.key.rule},
            {"title", to_json(title)},
            {"severity", rules::to_string(gap.severity)},
            {"state", rules::to_string(gap.state)},
            {"subject", json::object{{"kind", wire::to_string(gap.key.subject.kind)},
                                     {"id", gap.key.subject.id},
                                     {"name", name_of(pipeline, gap.key.subject)}}},
            {"discriminator", gap.key.discriminator},
            {"site", or_null(site_of(pipeline, gap.key.subject))},
            {"unit", or_null(unit_code)},
            {"unit_name", unit != nullptr ? json::value(registry::full_name(*unit)) : json::value()},
            {"since", iso(gap.since)},
            {"opened", iso(gap.opened)},
            {"opens", waits && !gap.uncertain ? iso(gap.since + expectation->hold) : json::value()},
            {"closed", iso(gap.closed)},
            {"recorded", iso(gap.recorded)},
            {"detected", iso(gap.detected)},
            {"uncertain", gap.uncertain},
            {"rewritten", gap.rewritten},
            {"cause", gap.cause != 0 ? json::value(gap.cause) : json::value()},
            {"behind", pipeline.gaps().behind(gap.id)},
            {"evidence", evidence.vi},
            {"evidence_en", evidence.en},
            {"evidence_at", iso(gap.evidence_at)},
            {"count", gap.count},
            {"advice", to_json(advice)},
            {"basis", to_json(basis)},
            {"acknowledged_by", or_null(gap.acknowledged_by)}};
}

json::object agent_item(Pipeline& pipeline, const Agent& agent) {
    const auto* site = pipeline.reg().site(agent.enrolment.site);
    json::array lost;
    for (const auto& [epoch, range] : agent.lost.all()) {
        const char* name = range.batch_class == wire::BatchClass::events  ? "events"
                           : range.batch_class == wire::BatchClass::facts ? "facts"
                                                                          : "samples";
        lost.push_back(json::object{{"first", range.seqs.first},
                                    {"last", range.seqs.last},
                                    {"class", name},
                                    {"items", range.items},
                                    {"reason", range.reason}});
    }
    const auto last_heard = agent.now.last_heard ? agent.now.last_heard : agent.enrolment.last_heard;
    return {{"id", agent.enrolment.id},
            {"host", agent.enrolment.host},
            {"site", agent.enrolment.site},
            {"site_name", site != nullptr ? or_null(site->name) : json::value()},
            {"unit", site != nullptr ? or_null(site->unit) : json::value()},
            {"version", or_null(agent.now.version)},
            {"state", to_string(agent.state())},
            {"last_heard", iso(last_heard)},
            {"profile", to_string(agent.now.profile)},
            {"spool_batches", agent.now.spool_batches},
            {"spool_bytes", agent.now.spool_bytes},
            {"clock_error_ms", agent.now.clock_error_ms},
            {"clock_offset_ms", agent.now.clock_offset_ms},
            {"bytes_today", agent.now.bytes_today},
            {"bye", or_null(agent.now.bye)},
            {"enrolled", iso(agent.enrolment.enrolled)},
            {"certificate_expires", iso(agent.enrolment.expires)},
            {"lost", std::move(lost)}};
}

json::value site_name(Pipeline& pipeline, std::string_view id) {
    const auto* site = pipeline.reg().site(id);
    return site != nullptr ? or_null(site->name) : json::value();
}

json::object event_item(Pipeline& pipeline, const StoredEvent& event, std::string subject_name) {
    const auto* agent = pipeline.agents().find(event.agent);
    json::object fields;
    for (const auto& [name, value] : event.event.fields) fields[name] = value;
    return {{"id", event.id},
            {"kind", event.event.kind},
            {"severity", rules::to_string(event.event.severity)},
            {"agent", event.agent},
            {"host", agent != nullptr ? or_null(agent->enrolment.host) : json::value()},
            {"site", or_null(event.site)},
            {"site_name", site_name(pipeline, event.site)},
            {"subject", json::object{{"kind", wire::to_string(event.event.subject.kind)},
                                     {"id", event.subject_id},
                                     {"name", std::move(subject_name)}}},
            {"at", iso(event.at)},
            {"error_ms", event.error_ms},
            {"device_time", iso(event.device_time)},
            {"received", iso(event.received)},
            {"fields", std::move(fields)},
            {"chain_index", event.index}};
}

Standing standing(Pipeline& pipeline) {
    Standing out;
    for (const auto& gap : pipeline.gaps().gaps()) {
        if (!is_open(gap)) continue;
        if (gap.key.subject.kind == SubjectKind::unit)
            ++out.open["unit:" + gap.key.subject.id];
        else
            ++out.open[site_of(pipeline, gap.key.subject)];
    }
    return out;
}

rules::Verdict state_of_site(Pipeline& pipeline, std::string_view site, const Standing& standing) {
    if (standing.open.find(site) != standing.open.end()) return rules::Verdict::not_met;
    std::size_t met = 0;
    for (const auto& [rule, verdict] : pipeline.judge().verdicts({SubjectKind::site, std::string(site)})) {
        if (verdict == rules::Verdict::not_known || verdict == rules::Verdict::not_met)
            return rules::Verdict::not_known;
        met += verdict == rules::Verdict::met ? 1 : 0;
    }
    return met > 0 ? rules::Verdict::met : rules::Verdict::not_known;
}

json::object site_item(Pipeline& pipeline, const registry::Site& site, const Standing& standing) {
    const auto row = row_of(pipeline, {SubjectKind::site, site.id});
    const auto* unit = pipeline.reg().unit(site.unit);
    std::size_t enrolled = 0, heard = 0;
    std::optional<Time> last_heard;
    for (const auto* agent : pipeline.agents().of_site(site.id)) {
        if (agent->state() == AgentState::revoked) continue;
        ++enrolled;
        heard += agent->state() == AgentState::heard ? 1 : 0;
        const auto when = agent->now.last_heard ? agent->now.last_heard : agent->enrolment.last_heard;
        if (when && (!last_heard || *last_heard < *when)) last_heard = when;
    }
    const auto open = standing.open.find(site.id);
    return {{"id", site.id},
            {"name", site.name},
            {"unit", site.unit},
            {"unit_name", unit != nullptr ? json::value(registry::full_name(*unit)) : json::value()},
            {"address", or_null(site.address)},
            {"active_uplink", column(row, "active_uplink")},
            {"active_uplink_name", column(row, "active_uplink_name")},
            {"agents", enrolled},
            {"agents_heard", heard},
            {"open_gaps", open != standing.open.end() ? open->second : 0},
            {"state", rules::to_string(state_of_site(pipeline, site.id, standing))},
            {"last_heard", iso(last_heard)}};
}

Row row_of(Pipeline& pipeline, const SubjectId& subject) {
    const auto& columns = rules::view(subject.kind);
    std::string sql = "SELECT ";
    for (std::size_t i = 0; i < columns.size(); ++i)
        sql += (i == 0 ? "\"" : ", \"") + std::string(columns[i].name) + "\"";
    sql += " FROM \"" + std::string(wire::to_string(subject.kind)) + "\" WHERE id = ?1";
    auto statement = pipeline.facts().guarded().prepare(sql);
    if (!statement) return {};
    statement->bind(1, std::string_view(subject.id));
    const auto found = statement->step();
    Row row;
    if (!found || !*found) return row;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const int c = static_cast<int>(i);
        json::value value;
        if (!statement->is_null(c)) {
            switch (columns[i].type) {
                case wire::FactType::boolean: value = statement->integer(c) != 0; break;
                case wire::FactType::integer: value = statement->integer(c); break;
                case wire::FactType::real: value = statement->real(c); break;
                case wire::FactType::text: value = statement->text(c); break;
            }
        }
        row.emplace_back(columns[i].name, std::move(value));
    }
    return row;
}

json::value column(const Row& row, std::string_view name) {
    for (const auto& [key, value] : row)
        if (key == name) return value;
    return nullptr;
}

}  // namespace vg::collector::api
