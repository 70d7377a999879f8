#include "base/text.hpp"
#include "collector/api/handlers.hpp"
#include "collector/api/render.hpp"
#include "collector/api/search.hpp"

#include <algorithm>

namespace vg::collector::api {
namespace {

using rules::Gap;
using rules::GapState;

bool wanted_state(const Gap& gap, std::string_view state) {
    switch (gap.state) {
        case GapState::pending: return state == "all" || state == "pending";
        case GapState::open:
        case GapState::acknowledged: return state == "all" || state == "open";
        case GapState::closed: return state == "all" || state == "closed";
    }
    return false;
}

bool is_wanted(Call& call, const Gap& gap, std::string_view state, const std::optional<Time>& since) {
    if (!wanted_state(gap, state)) return false;
    const auto unit = unit_of(call.pipeline, gap.key.subject);
    if (!call.sees_unit(unit)) return false;
    if (const auto want = call.query("unit"); want && !call.reg().is_within(unit, *want)) return false;
    if (const auto want = call.query("site"); want && site_of(call.pipeline, gap.key.subject) != *want) return false;
    if (const auto want = call.query("rule"); want && gap.key.rule != *want) return false;
    if (const auto want = call.query("severity"); want && rules::to_string(gap.severity) != *want) return false;
    if (const auto want = call.query("acknowledged");
        want && call.is_set("acknowledged") != (gap.state == GapState::acknowledged))
        return false;
    return !since || gap.since >= *since || (gap.closed && *gap.closed >= *since) || gap.state != GapState::closed;
}

Result<std::vector<Gap>> candidates(Call& call, std::string_view state, const std::optional<Time>& since) {
    auto gaps = call.pipeline.gaps().gaps();
    if (state == "all" || state == "closed") {
        Store::GapQuery query;
        query.open = false;
        query.closed = true;
        query.rule = call.query("rule").value_or("");
        query.site = call.query("site").value_or("");
        if (since) query.from = *since;
        query.limit = 10'000;
        auto closed = call.pipeline.store().gaps(query);
        if (!closed) return closed.error();
        // A pending gap that ended before it opened was never told to anybody.
        std::erase_if(*closed, [](const Gap& gap) { return !gap.opened; });
        gaps.insert(gaps.end(), closed->begin(), closed->end());
    }
    return gaps;
}

Result<std::optional<Gap>> find_gap(Call& call) {
    const auto number = to_number<std::int64_t>(call.path.front()).value_or(0);
    if (const auto* gap = call.pipeline.gaps().find(number)) return std::optional(*gap);
    auto history = call.pipeline.store().gap_history(number);
    if (!history) return history.error();
    if (history->empty()) return std::optional<Gap>();
    return std::optional(history->back().second.gap);
}

}  // namespace

Answer list_gaps(Call& call) {
    const auto state = call.query("state").value_or("open");
    const auto since = call.time("since");
    auto gaps = candidates(call, state, since);
    if (!gaps) return failed(gaps.error());
    std::erase_if(*gaps, [&](const Gap& gap) { return !is_wanted(call, gap, state, since); });
    std::sort(gaps->begin(), gaps->end(), [](const Gap& a, const Gap& b) {
        const bool a_closed = a.state == GapState::closed, b_closed = b.state == GapState::closed;
        if (a_closed != b_closed) return b_closed;
        if (!a_closed && a.severity != b.severity) return a.severity > b.severity;
        return std::pair(a.since, a.id) > std::pair(b.since, b.id);
    });
    const auto page = page_of(call.request);
    const Search search(call.query("q").value_or(""));
    Listing list{{}, search.is_empty() ? gaps->size() : 0, true};
    const auto wanted_until = page.offset + page.limit;
    for (std::size_t i = search.is_empty() ? page.offset : 0; i < gaps->size(); ++i) {
        if (search.is_empty() && i >= wanted_until) break;
        auto item = gap_item(call.pipeline, (*gaps)[i]);
        if (!search.matches(item, {"title.vi", "title.en", "rule", "subject.name", "subject.id", "site", "unit_name"}))
            continue;
        const auto place = search.is_empty() ? i : list.total++;
        if (place >= page.offset && place < wanted_until) list.items.push_back(std::move(item));
    }
    return {200, {}, std::move(list), {}};
}

Answer get_gap(Call& call) {
    auto gap = find_gap(call);
    if (!gap) return failed(gap.error());
    if (!*gap || !call.sees_unit(unit_of(call.pipeline, (*gap)->key.subject))) return not_found("điểm chưa đạt", "gap");
    auto item = gap_item(call.pipeline, **gap);
    json::array behind, steps;
    for (const auto& other : call.pipeline.gaps().gaps())
        if (other.cause == (*gap)->id) behind.push_back(gap_item(call.pipeline, other));
    auto history = call.pipeline.store().gap_history((*gap)->id);
    if (!history) return failed(history.error());
    for (const auto& [at, step] : *history)
        steps.push_back(json::object{{"at", iso(step.at == Time{} ? at : step.at)},
                                     {"from", rules::to_string(step.from)},
                                     {"to", rules::to_string(step.gap.state)},
                                     {"note", rules::split_evidence(step.gap.evidence).vi},
                                     {"note_en", rules::split_evidence(step.gap.evidence).en}});
    item["behind_items"] = std::move(behind);
    item["history"] = std::move(steps);
    return answer(std::move(item));
}

Answer acknowledge_gap(Call& call) {
    auto gap = find_gap(call);
    if (!gap) return failed(gap.error());
    if (!*gap || !call.sees_unit(unit_of(call.pipeline, (*gap)->key.subject))) return not_found("điểm chưa đạt", "gap");
    const auto body = body_of(call.request);
    if (!body) return problem(400, "malformed", "Nội dung không phải JSON.", "The body is not JSON.");
    auto acknowledged = call.pipeline.acknowledge((*gap)->id, call.who.user, text_field(*body, "note"));
    if (!acknowledged) return failed(acknowledged.error());
    return answer(gap_item(call.pipeline, *acknowledged));
}

}  // namespace vg::collector::api
