#pragma once
// One call of the API on its way through a handler: who asks, what for, and what there is to answer from. Handlers run
// on the pipeline thread and give an Answer; the dispatcher (api.cpp) has decided already that they may be called.

#include "base/words.hpp"
#include "collector/api/live.hpp"
#include "collector/auth/accounts.hpp"
#include "collector/http/message.hpp"
#include "collector/json_fields.hpp"
#include "collector/pipeline.hpp"

#include <boost/json.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace vg::collector::api {

namespace json = boost::json;

// What the API itself holds on the pipeline thread.
struct State {
    auth::Accounts accounts;
    std::string authority_fingerprint;
    double samples_per_s = 0;
    bool store_failing = false;  // commits failed lately
    // What keeps the collector from doing its work as it should, for people.
    [[nodiscard]] std::vector<rules::Text> problems(Pipeline& pipeline) const;
};

struct Call {
    const http::Request& request;
    std::vector<std::string> path;  // the values of {…} in the route, decoded
    auth::Principal who;
    Pipeline& pipeline;
    State& state;
    Time now{};
    std::string password_hash;  // of the body's "password", where the route wants it hashed

    // Of the query, which has been looked through before (parameters.hpp); nothing: it is left out, or empty.
    [[nodiscard]] std::optional<std::string> query(std::string_view name) const { return request.parameter(name); }
    [[nodiscard]] std::optional<Time> time(std::string_view name) const;
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const;
    [[nodiscard]] bool is_set(std::string_view name) const { return query(name) == "true"; }
    // An officer sees the own unit and what is below; the others see all.
    [[nodiscard]] bool sees_unit(std::string_view unit) const;
    [[nodiscard]] bool sees_site(std::string_view site) const;
    [[nodiscard]] const registry::Register& reg() const { return pipeline.reg(); }
};

struct Listing {
    json::array items;
    std::size_t total = 0;
    bool paged = false;       // items are the asked page already
    json::object extra = {};  // beside items and total
};

struct Answer {
    int status = 200;
    json::value body;
    std::optional<Listing> list;
    std::vector<std::pair<std::string, std::string>> headers;
};

[[nodiscard]] inline Answer answer(json::value body, int status = 200) { return {status, std::move(body), {}, {}}; }
[[nodiscard]] inline Answer list_of(json::array items) {
    const auto total = items.size();
    return {200, {}, Listing{std::move(items), total, false, {}}, {}};
}
[[nodiscard]] Answer problem(int status, std::string_view code, std::string_view vi, std::string_view en);
[[nodiscard]] Answer not_json();  // 400
[[nodiscard]] Answer not_found(std::string_view what_vi, std::string_view what_en);
[[nodiscard]] Answer failed(const Error& error);  // the store's, mostly
[[nodiscard]] Answer busy();
[[nodiscard]] Answer bad_query(const Text& why);

// The page that limit and offset ask for; limit is 100 by default, a table (CSV, XLSX) is whole.
constexpr std::int64_t most_items = 10'000, most_rows = 100'000;  // at most: of a list, of a table
constexpr std::int64_t most_offset = 1'000'000;                   // sums of it and a limit stay limits
struct Page {
    std::size_t limit = 100, offset = 0;
};
[[nodiscard]] bool is_table(const http::Request& request);
[[nodiscard]] Page page_of(const http::Request& request);
[[nodiscard]] json::array slice(json::array items, const Page& page);

// From "from" to "to" of the query, the day before now where they are left out; nothing when it would be empty.
struct Window {
    Time from{}, to{};
};
[[nodiscard]] std::optional<Window> window_of(const Call& call);
[[nodiscard]] Answer empty_window();

// The body as an object; nothing when it is not JSON.
[[nodiscard]] std::optional<json::object> body_of(const http::Request& request);

[[nodiscard]] json::value iso(const std::optional<Time>& time);       // null when empty
[[nodiscard]] json::value iso(Time time);                             // null at the epoch: never
[[nodiscard]] std::optional<Time> parse_time(std::string_view text);  // ISO 8601, or milliseconds since the epoch
[[nodiscard]] json::value to_json(const wire::FactValue& value);
[[nodiscard]] json::value or_null(const std::string& text);  // null when empty
[[nodiscard]] json::object to_json(const rules::Text& text);
[[nodiscard]] json::array to_json(const std::vector<rules::Basis>& basis);

}  // namespace vg::collector::api
