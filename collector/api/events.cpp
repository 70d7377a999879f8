#include "collector/api/coded.hpp"
#include "collector/api/handlers.hpp"
#include "collector/api/render.hpp"
#include "collector/api/search.hpp"

#include <algorithm>
#include <map>

namespace vg::collector::api {
namespace {

using wire::SubjectKind;

constexpr std::size_t most_searched = 100'000;

// An officer's sites are asked one by one; everybody else's question goes to the store as it is.
Result<std::vector<StoredEvent>> ask(Call& call, Store::EventQuery query) {
    if (call.who.role != auth::Role::officer || !query.site.empty()) return call.pipeline.store().events(query);
    std::vector<StoredEvent> out;
    for (const auto& site : call.reg().sites) {
        if (!call.sees_unit(site.unit)) continue;
        query.site = site.id;
        auto some = call.pipeline.store().events(query);
        if (!some) return some.error();
        out.insert(out.end(), std::make_move_iterator(some->begin()), std::make_move_iterator(some->end()));
    }
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.id > b.id; });
    return out;
}

std::optional<SubjectKind> kind_of(std::string_view text) {
    for (const auto kind : {SubjectKind::agent, SubjectKind::site, SubjectKind::uplink, SubjectKind::device,
                            SubjectKind::service, SubjectKind::unit})
        if (text == wire::to_string(kind)) return kind;
    return std::nullopt;
}

std::optional<StoredFact> latest(Call& call, const rules::SubjectId& subject, const std::string& name) {
    const Time lately = call.now - std::chrono::days(2);
    for (const Time from : {lately, Time{}}) {
        auto history = call.pipeline.store().fact_history(subject, name, from, Time::max());
        if (history && !history->empty()) return std::move(history->back());
    }
    return std::nullopt;
}

// People search by what the pages call it.
std::string words_of_kind(std::string_view kind) {
    const auto words = words_for("kind", kind);
    return words ? words->vi + ' ' + words->en : std::string();
}

}  // namespace

Answer list_events(Call& call) {
    Store::EventQuery query;
    query.kind = call.query("kind").value_or("");
    query.site = call.query("site").value_or("");
    query.agent = call.query("agent").value_or("");
    query.from = call.time("since").value_or(query.from);
    query.to = call.time("until").value_or(query.to);
    query.before_id = call.number("before").value_or(query.before_id);
    const auto page = page_of(call.request);
    const Search search(call.query("q").value_or(""));
    // One more tells whether there are more; a search looks through as many as a table may hold.
    query.limit = search.is_empty() ? page.offset + page.limit + 1 : most_searched;
    auto events = ask(call, query);
    if (!events) return failed(events.error());
    Listing list{{}, 0, true};
    // One subject has many events; what it is called is asked for once.
    std::map<rules::SubjectId, std::string> names;
    for (const auto& event : *events) {
        const auto [name, is_new] = names.try_emplace({event.event.subject.kind, event.subject_id});
        if (is_new) name->second = name_of(call.pipeline, name->first);
        auto item = event_item(call.pipeline, event, name->second);
        if (!search.matches(item, {"kind", "site", "site_name", "agent", "host", "subject.name", "fields"}) &&
            !search.matches(words_of_kind(event.event.kind)))
            continue;
        if (list.total >= page.offset && list.items.size() < page.limit) list.items.push_back(std::move(item));
        ++list.total;
    }
    return {200, {}, std::move(list), {}};
}

Answer list_facts(Call& call) {
    const auto kind = kind_of(call.query("kind").value_or(""));
    if (!kind) return not_found("loại đối tượng", "kind of subject");
    const rules::SubjectId subject{*kind, call.query("id").value_or("")};
    const auto row = row_of(call.pipeline, subject);
    if (row.empty() || !call.sees_unit(unit_of(call.pipeline, subject))) return not_found("đối tượng", "subject");
    json::array out;
    for (const auto& fact : wire::fact_table()) {
        if (fact.subject != *kind) continue;
        const auto told = latest(call, subject, std::string(fact.name));
        std::optional<Time> fresh_until;
        if (told && fact.fresh.count() > 0) fresh_until = std::max(told->at, told->confirmed) + fact.fresh;
        out.push_back(json::object{{"name", fact.name},
                                   {"value", column(row, fact.name)},
                                   {"at", told ? iso(told->at) : json::value()},
                                   {"error_ms", told ? json::value(told->error_ms) : json::value()},
                                   {"fresh_until", iso(fresh_until)},
                                   {"vi", fact.vi},
                                   {"en", fact.en}});
    }
    return list_of(std::move(out));
}

}  // namespace vg::collector::api
