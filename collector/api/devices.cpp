#include "collector/api/handlers.hpp"
#include "collector/api/render.hpp"
#include "collector/api/search.hpp"

#include "collector/inventory/inventory.hpp"
#include "rules/views.hpp"

#include <algorithm>

namespace vg::collector::api {
namespace {

using wire::SubjectKind;

std::string text_of(const json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : std::string();
}

struct SeenTimes {
    std::optional<Time> first, last;
};

SeenTimes seen(Call& call, const std::string& id) {
    SeenTimes out;
    for (const char* fact : {"seen", "snmp_ok"}) {
        auto history = call.pipeline.store().fact_history({SubjectKind::device, id}, fact, Time{}, Time::max());
        if (!history || history->empty()) continue;
        const auto first = history->front().at;
        const auto last = std::max(history->back().at, history->back().confirmed);
        if (!out.first || first < *out.first) out.first = first;
        if (!out.last || last > *out.last) out.last = last;
    }
    return out;
}

json::object device_item(Call& call, const std::string& id, const Row& row) {
    const auto times = seen(call, id);
    json::array sources;
    if (!column(row, "snmp_ok").is_null()) sources.push_back("snmp");
    if (!column(row, "seen").is_null()) sources.push_back("lan");
    json::object facts;
    for (const auto& [name, value] : row) {
        const auto* fact = wire::find_fact(SubjectKind::device, name);
        if (fact != nullptr && !value.is_null() && name != "interfaces_json") facts[name] = value;
    }
    const auto site = id.substr(0, id.find('/'));
    const auto* known = call.reg().device(site, id.substr(id.find('/') + 1));
    json::value name = column(row, "registered_name");
    for (const std::string_view other : {"name", "host_name"})
        if (name.is_null()) name = column(row, other);
    auto ip = column(row, "ip"), mac = column(row, "mac");
    if (known != nullptr && ip.is_null()) ip = or_null(known->ip);
    if (known != nullptr && mac.is_null()) mac = or_null(known->mac);
    auto registered = column(row, "registered");
    if (known != nullptr) registered = true;
    return {{"id", id},
            {"site", site},
            {"site_name", site_name(call.pipeline, site)},
            {"name", std::move(name)},
            {"kind", column(row, "kind")},
            {"vendor", nullptr},
            {"ip", std::move(ip)},
            {"mac", std::move(mac)},
            {"source", std::move(sources)},
            {"registered", std::move(registered)},
            {"first_seen", iso(times.first)},
            {"last_seen", iso(times.last)},
            {"facts", std::move(facts)}};
}

Result<std::vector<std::string>> ids(Call& call) {
    auto statement = call.pipeline.facts().guarded().prepare("SELECT id, site FROM device ORDER BY id");
    if (!statement) return statement.error();
    const auto site = call.query("site");
    std::vector<std::string> out;
    for (;;) {
        auto more = statement->step();
        if (!more) return more.error();
        if (!*more) return out;
        const auto id = statement->text(0);
        const auto owner = id.substr(0, id.find('/'));
        if ((!site || owner == *site) && call.sees_site(owner)) out.push_back(id);
    }
}

bool is_wanted(Call& call, const json::object& item, const Search& search) {
    if (const auto want = call.query("kind"); want && !says(item, "kind", *want)) return false;
    if (const auto want = call.query("registered")) {
        const auto* known = item.at("registered").if_bool();
        if (*want != (known == nullptr ? "unknown" : *known ? "yes" : "no")) return false;
    }
    return search.matches(item, {"name", "vendor", "ip", "mac", "site", "site_name", "id"});
}

}  // namespace

Answer list_devices(Call& call) {
    auto all = ids(call);
    if (!all) return failed(all.error());
    Listing list{{}, 0, true};
    const auto page = page_of(call.request);
    const Search search(call.query("q").value_or(""));
    const bool takes_all = search.is_empty() && !call.query("registered") && !call.query("kind");
    for (const auto& id : *all) {
        const bool is_on_page = list.total >= page.offset && list.total < page.offset + page.limit;
        if (takes_all && !is_on_page) {
            ++list.total;
            continue;
        }
        auto item = device_item(call, id, row_of(call.pipeline, {SubjectKind::device, id}));
        if (!is_wanted(call, item, search)) continue;
        ++list.total;
        if (is_on_page) list.items.push_back(std::move(item));
    }
    return {200, {}, std::move(list), {}};
}

Answer get_device(Call& call) {
    const auto* record = call.pipeline.inventory().find(call.path.front());
    const auto id = record != nullptr ? record->id : call.path.front();
    const auto row = row_of(call.pipeline, {SubjectKind::device, id});
    if (row.empty() || !call.sees_site(id.substr(0, id.find('/')))) return not_found("thiết bị", "device");
    auto item = device_item(call, id, row);
    boost::system::error_code ec;
    auto interfaces = json::parse(text_of(column(row, "interfaces_json")), ec);
    json::array out;
    if (!ec && interfaces.is_array())
        for (const auto& one : interfaces.get_array()) {
            const auto* object = one.if_object();
            if (object == nullptr) continue;
            json::object face;
            for (const char* key : {"index", "name", "oper", "admin", "speed_bps"}) {
                const auto* value = object->if_contains(key);
                face[key] = value != nullptr ? *value : json::value();
            }
            out.push_back(std::move(face));
        }
    item["interfaces"] = std::move(out);
    return answer(std::move(item));
}

}  // namespace vg::collector::api
