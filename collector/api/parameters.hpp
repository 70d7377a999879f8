#pragma once
// What each path takes behind its question mark, in one table. What is not in it, and what a parameter does not take,
// is refused before the handler runs, with a sentence that says what would be right. openapi.yaml says the same for
// other programs; a test holds the two together. On the pipeline thread.

#include "collector/api/routes.hpp"

namespace vg::collector::api {

enum class Takes : std::uint8_t {
    text,    // anything
    word,    // one of `words`
    order,   // one of `words`, '-' before it: from the other end
    number,  // a whole number from `least` to `most`
    time,    // ISO 8601, or milliseconds since the epoch
    // What is known here, now or from what is kept:
    unit,
    site,
    agent,
    rule,
    device_kind,  // one of `words`, or one that the register uses
    device_fact,
    event_kind,
};

struct Parameter {
    std::string_view name;
    Takes takes = Takes::text;
    std::vector<std::string_view> words = {};
    std::int64_t least = 0, most = 0;
    bool is_needed = false;
};

// Those of the route; a list's page and table are among them.
[[nodiscard]] std::vector<Parameter> parameters(const Route& route);
// Why the query cannot be answered; nothing when it is in order. A parameter without a value is one left out.
[[nodiscard]] std::optional<Answer> objection_to_query(Call& call, const Route& route);

}  // namespace vg::collector::api
