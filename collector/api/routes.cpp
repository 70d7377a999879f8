#include "collector/api/routes.hpp"

#include "collector/api/handlers.hpp"

#include <algorithm>

namespace vg::collector::api {
namespace {

using namespace auth;
using Columns = std::vector<std::string_view>;

const Columns gap_columns{"id",           "rule",       "title.vi",     "title.en", "severity", "state",
                          "subject.kind", "subject.id", "subject.name", "site",     "unit",     "unit_name",
                          "since",        "opened",     "closed",       "recorded", "detected", "uncertain",
                          "rewritten",    "cause",      "behind",       "evidence", "count",    "acknowledged_by"};
const Columns event_columns{"id",          "kind",         "severity",   "agent",        "host", "site",
                            "site_name",   "subject.kind", "subject.id", "subject.name", "at",   "error_ms",
                            "device_time", "received",     "fields",     "chain_index"};
const Columns agent_columns{"id",
                            "host",
                            "site",
                            "site_name",
                            "unit",
                            "version",
                            "state",
                            "last_heard",
                            "profile",
                            "spool_batches",
                            "spool_bytes",
                            "clock_error_ms",
                            "clock_offset_ms",
                            "bytes_today",
                            "enrolled",
                            "certificate_expires"};

const Columns device_columns{"id",         "site",       "site_name",  "name",    "kind",     "vendor",
                             "model",      "serial",     "os",         "version", "ip",       "mac",
                             "source",     "registered", "known_by",   "triage",  "state",    "confidence",
                             "first_seen", "last_seen",  "moved_from", "cloned",  "open_gaps"};
const Columns stocktake_columns{
    "site",        "site_name",           "unit_name",        "name",    "kind",   "static_ip",   "mac",  "serial",
    "support_end", "geographic_location", "network_location", "purpose", "status", "responsible", "seen", "last_seen",
    "verdict",     "missing_fields"};

const std::vector<Route>& table() {
    static const std::vector<Route> rows{
        {"POST", "/session", everybody, nullptr, {}, Special::sign_in},
        {"GET", "/session", everybody, get_session},
        {"DELETE", "/session", everybody, delete_session},
        {"POST", "/session/password", everybody, change_password, {}, Special::own_password},
        {"GET", "/status", everybody, get_status},
        {"GET", "/live", everybody, nullptr, {}, Special::live},
        {"GET", "/openapi.yaml", everybody, nullptr, {}, Special::document},

        {"GET", "/gaps", everybody, list_gaps, gap_columns},
        {"GET", "/gaps/{id}", everybody, get_gap},
        {"POST", "/gaps/{id}/acknowledge", workers, acknowledge_gap},
        {"GET",
         "/coverage",
         everybody,
         list_coverage,
         {"rule", "title.vi", "title.en", "target", "population", "met", "not_met", "not_known", "low", "high"}},
        {"GET",
         "/rules",
         everybody,
         list_rules,
         {"id", "family", "title.vi", "title.en", "severity", "subject", "where", "expect", "hold_s", "recover_s",
          "target"}},

        {"GET",
         "/units",
         everybody,
         list_units,
         {"code", "full_name", "kind", "level", "parent", "sites", "open_gaps", "state"}},
        {"GET",
         "/sites",
         everybody,
         list_sites,
         {"id", "name", "unit", "unit_name", "address", "active_uplink", "active_uplink_name", "agents", "agents_heard",
          "open_gaps", "state", "last_heard"}},
        {"GET", "/sites/{id}", everybody, get_site},
        {"GET", "/sites/{id}/timeline", everybody, get_timeline},
        {"GET", "/devices", everybody, list_devices, device_columns},
        {"POST", "/devices/merge", operators, merge_devices},
        {"GET", "/devices/{id}", everybody, get_device},
        {"GET", "/devices/{id}/list/{name}", everybody, list_device_entries, {"entry", "value", "at"}},
        {"GET", "/devices/{id}/history", everybody, list_device_history, {"at", "name", "from", "to", "witness"}},
        {"POST", "/devices/{id}/triage", operators, triage_device},
        {"POST", "/devices/{id}/split", operators, split_device},
        {"GET", "/topology", everybody, get_topology},
        {"GET", "/stocktake", everybody, list_stocktake, stocktake_columns},
        {"POST", "/stocktake", operators, record_stocktake},
        {"GET",
         "/stocktake/log",
         everybody,
         list_stocktakes,
         {"at", "site", "site_name", "who", "note", "totals.expected", "totals.present", "totals.missing",
          "totals.unknown", "totals.moved"}},
        {"GET", "/views", everybody, list_views, {"id", "page", "name", "query", "columns"}},
        {"POST", "/views", everybody, add_view},
        {"DELETE", "/views/{id}", everybody, delete_view},
        {"GET",
         "/series",
         everybody,
         list_series,
         {"id", "agent", "site", "metric", "target", "unit", "first", "last"}},
        {"GET", "/series/{id}/data", everybody, get_series_data},
        {"GET", "/events", everybody, list_events, event_columns},
        {"GET", "/facts", everybody, list_facts, {"name", "vi", "en", "value", "at", "error_ms", "fresh_until"}},

        {"GET", "/agents", everybody, list_agents, agent_columns},
        {"POST", "/agents/{id}/revoke", operators, revoke_agent},
        {"POST", "/tokens", administrators, make_token},
        {"GET", "/register/versions", overseers, list_register_versions, {"version", "at", "who", "why"}},
        {"GET", "/register/versions/{version}", overseers, get_register},
        {"POST", "/register", operators, import_register},
        {"GET", "/users", administrators, list_users, {"user", "role", "unit", "made", "must_change_password"}},
        {"POST", "/users", administrators, put_user, {}, Special::hash_password},
        {"DELETE", "/users/{user}", administrators, delete_user},
    };
    return rows;
}

std::vector<std::string_view> segments(std::string_view path) {
    std::vector<std::string_view> out;
    while (!path.empty()) {
        path.remove_prefix(path.front() == '/' ? 1 : 0);
        const auto end = std::min(path.find('/'), path.size());
        out.push_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return out;
}

// The values of the braces, or nothing when the path is another.
std::optional<std::vector<std::string>> take(const std::vector<std::string_view>& pattern,
                                             const std::vector<std::string_view>& path) {
    if (pattern.size() != path.size()) return std::nullopt;
    std::vector<std::string> values;
    for (std::size_t i = 0; i < path.size(); ++i) {
        auto value = http::percent_decode(path[i], false);
        if (!value || value->empty()) return std::nullopt;
        if (pattern[i].starts_with('{'))
            values.push_back(std::move(*value));
        else if (*value != pattern[i])
            return std::nullopt;
    }
    return values;
}

}  // namespace

std::span<const Route> routes() { return table(); }

Match match(std::string_view method, std::string_view raw_path) {
    Match out;
    if (method == "HEAD") method = "GET";
    const auto path = segments(raw_path);
    for (const auto& route : table()) {
        auto values = take(segments(route.path), path);
        if (!values) continue;
        out.path_exists = true;
        out.allow += (out.allow.empty() ? "" : ", ") + std::string(route.method);
        if (route.method != method) continue;
        out.route = &route;
        out.path = std::move(*values);
    }
    return out;
}

}  // namespace vg::collector::api
