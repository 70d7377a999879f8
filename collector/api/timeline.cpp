#include "collector/api/handlers.hpp"
#include "collector/api/render.hpp"

#include <algorithm>
#include <chrono>
#include <set>

namespace vg::collector::api {
namespace {

using wire::SubjectKind;

struct Span {
    Time from{}, to{};
    std::string value;  // "unknown" where nothing vouches for it
};

// Nobody at the site looked then: between two starts of all its agents, or until now.
std::vector<Span> unwatched(Call& call, const std::string& site, const std::vector<Span>& heard) {
    std::vector<Span> out;
    for (const auto& span : heard) {
        if (span.value != "0") continue;
        std::set<std::string> began;
        Store::EventQuery query;
        query.site = site;
        query.kind = "agent.started";
        query.from = span.from;
        query.to = span.to + std::chrono::minutes(1);
        query.limit = 1000;
        if (auto events = call.pipeline.store().events(query))
            for (const auto& event : *events) began.insert(event.agent);
        const auto& agents = call.pipeline.agents().of_site(site);
        const bool all_anew = std::all_of(agents.begin(), agents.end(), [&](const Agent* agent) {
            return agent->enrolment.revoked || began.contains(agent->enrolment.id);
        });
        const bool lasts = &span == &heard.back() && span.to >= call.now;
        if (lasts || all_anew) out.push_back(span);
    }
    return out;
}

// What was told last before somebody ceased to look says nothing of the time after.
void cut_out(std::vector<Span>& spans, const std::vector<StoredFact>& history, const Span& gap) {
    Time from = gap.from;
    for (const auto& fact : history)
        for (const Time told : {fact.at, fact.confirmed})
            if (told < gap.to) from = std::max(from, told);
    std::vector<Span> out;
    for (const auto& span : spans) {
        if (span.to <= from || span.from >= gap.to) {
            out.push_back(span);
            continue;
        }
        if (span.from < from) out.push_back({span.from, from, span.value});
        out.push_back({std::max(span.from, from), std::min(span.to, gap.to), "unknown"});
        if (span.to > gap.to) out.push_back({gap.to, span.to, span.value});
    }
    spans.clear();
    for (auto& span : out) {
        if (!spans.empty() && spans.back().value == span.value)
            spans.back().to = span.to;
        else
            spans.push_back(std::move(span));
    }
}

// A fact is the same from its telling until the next one, but not longer than its freshness after it was last told.
std::vector<Span> spans(const std::vector<StoredFact>& history, const wire::FactRow& row, Time from, Time to) {
    std::vector<Span> out;
    Time at = from;
    const auto add = [&](Time until, const std::string& value) {
        until = std::min(until, to);
        if (until <= at) return;
        if (!out.empty() && out.back().value == value)
            out.back().to = until;
        else
            out.push_back({at, until, value});
        at = until;
    };
    for (std::size_t i = 0; i < history.size(); ++i) {
        const auto& fact = history[i];
        add(fact.at, "unknown");
        const Time next = i + 1 < history.size() ? history[i + 1].at : Time::max();
        const Time vouched = std::max(fact.at, fact.confirmed) + row.fresh;
        const auto* text = std::get_if<std::string>(&fact.value);
        const auto* number = std::get_if<std::int64_t>(&fact.value);
        add(row.fresh.count() == 0 ? next : std::min(next, vouched), text != nullptr     ? *text
                                                                     : number != nullptr ? std::to_string(*number)
                                                                                         : "unknown");
    }
    add(to, "unknown");
    return out;
}

Result<std::vector<Span>> history_of(Call& call, const std::string& site, std::string_view fact, Time from, Time to,
                                     const std::vector<Span>& gaps = {}) {
    const auto* row = wire::find_fact(SubjectKind::site, fact);
    if (row == nullptr) return fail(Errc::internal, say({"không có thông tin này", "no such fact"}));
    // What held at `from` was told before it.
    const Time earlier = from > Time(std::chrono::days(60)) ? from - std::chrono::days(60) : Time{};
    auto history = call.pipeline.store().fact_history({SubjectKind::site, site}, std::string(fact), earlier, to);
    if (!history) return history.error();
    auto out = spans(*history, *row, from, to);
    for (const auto& gap : gaps) cut_out(out, *history, gap);
    return out;
}

std::string name_at(const std::vector<Span>& names, Time at) {
    for (const auto& span : names)
        if (span.from <= at && at < span.to) return span.value == "unknown" ? "" : span.value;
    return {};
}

Result<json::array> gaps_of(Call& call, const std::string& site, Time from, Time to) {
    Store::GapQuery query;
    query.open = false;
    query.closed = true;
    query.site = site;
    query.from = from;
    query.to = to;
    auto gaps = call.pipeline.store().gaps(query);
    if (!gaps) return gaps.error();
    for (const auto& gap : call.pipeline.gaps().gaps())
        if (site_of(call.pipeline, gap.key.subject) == site) gaps->push_back(gap);
    json::array out;
    for (const auto& gap : *gaps) {
        if (!gap.opened || gap.since >= to || (gap.closed && *gap.closed <= from)) continue;
        const auto words = call.pipeline.rules().gap_words(gap.key.rule);
        out.push_back(json::object{{"id", gap.id},
                                   {"rule", gap.key.rule},
                                   {"title", words.empty() ? json::value() : json::value(to_json(words))},
                                   {"from", iso(gap.since)},
                                   {"to", iso(gap.closed)}});
    }
    return out;
}

}  // namespace

Answer get_timeline(Call& call) {
    const auto* site = call.reg().site(call.path.front());
    if (site == nullptr || !call.sees_unit(site->unit)) return not_found("trụ sở", "site");
    const auto window = window_of(call);
    if (!window) return empty_window();
    const auto [from, to] = *window;
    const auto heard = history_of(call, site->id, "agents_heard", from, to);
    const auto blind = heard ? unwatched(call, site->id, *heard) : std::vector<Span>{};
    const auto kinds = history_of(call, site->id, "active_uplink", from, to, blind);
    const auto names = history_of(call, site->id, "active_uplink_name", from, to, blind);
    auto gaps = gaps_of(call, site->id, from, to);
    if (!kinds || !names || !heard || !gaps)
        return failed(!kinds ? kinds.error() : !names ? names.error() : !heard ? heard.error() : gaps.error());
    json::array link, silence;
    for (const auto& span : *kinds)
        link.push_back(json::object{{"from", iso(span.from)},
                                    {"to", iso(span.to)},
                                    {"kind", span.value},
                                    {"uplink", or_null(name_at(*names, span.from))}});
    for (const auto& span : *heard)
        if (span.value == "0") silence.push_back(json::object{{"from", iso(span.from)}, {"to", iso(span.to)}});
    return answer(json::object{{"from", iso(from)},
                               {"to", iso(to)},
                               {"link", std::move(link)},
                               {"silence", std::move(silence)},
                               {"gaps", std::move(*gaps)}});
}

}  // namespace vg::collector::api
