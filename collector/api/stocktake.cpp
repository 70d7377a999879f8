// The stocktake: every device that the register expects beside what is seen, with the fields that the law wants
// (report R04), and the record that it was made.

#include "base/log.hpp"
#include "collector/api/device_item.hpp"
#include "collector/api/handlers.hpp"
#include "collector/api/render.hpp"
#include "collector/api/search.hpp"
#include "collector/record_reader.hpp"
#include "collector/register/mandatory.hpp"

#include <algorithm>

namespace vg::collector::api {
namespace {

using inventory::DeviceRow;
using inventory::Record;

struct Totals {
    std::int64_t expected = 0, present = 0, missing = 0, not_known = 0, unknown = 0, moved = 0;
    [[nodiscard]] json::object item() const {
        return {{"expected", expected},   {"present", present}, {"missing", missing},
                {"not_known", not_known}, {"unknown", unknown}, {"moved", moved}};
    }
    void count(std::string_view verdict) {
        expected += verdict == "unknown" ? 0 : 1;
        present += verdict == "present" ? 1 : 0;
        missing += verdict == "missing" ? 1 : 0;
        not_known += verdict == "not_known" ? 1 : 0;
        unknown += verdict == "unknown" ? 1 : 0;
        moved += verdict == "moved" ? 1 : 0;
    }
};

// A device that was never seen is missing when the site was watched for long enough to have seen it.
const char* verdict_of(const Call& call, const DeviceRow& row) {
    const auto& standing = row.standing;
    if (!standing.is_expected) return "unknown";
    if (!standing.moved_from.empty()) return "moved";
    if (standing.is_seen) return "present";
    if (standing.last != Time{})
        return call.now - standing.last > inventory::patience_of(row.kind) ? "missing" : "present";
    return standing.is_missing.value_or(false) ? "missing" : "not_known";
}

json::object stocktake_item(Call& call, const Record& record, const DeviceRow& row, const registry::Device* device) {
    const RecordReader reader(call.pipeline, record);
    const auto text = [&](std::string_view column) {
        const auto value = reader.value(column);
        const auto* known = std::get_if<std::string>(&value);
        return known != nullptr ? or_null(*known) : json::value();
    };
    const auto site = device != nullptr ? device->site : row.site;
    const auto* known_site = call.reg().site(site);
    const auto* unit = known_site != nullptr ? call.reg().unit(known_site->unit) : nullptr;
    json::object item{{"id", record.id},
                      {"site", site},
                      {"site_name", site_name(call.pipeline, site)},
                      {"unit_name", unit != nullptr ? json::value(registry::full_name(*unit)) : json::value()},
                      {"name", or_null(device != nullptr ? device->name : row.name)},
                      {"kind", or_null(device != nullptr ? device->kind : row.kind)},
                      {"static_ip", or_null(device != nullptr ? device->ip : row.ip)},
                      {"mac", or_null(device != nullptr && !device->mac.empty() ? device->mac : row.mac)},
                      {"serial", or_null(device != nullptr && !device->serial.empty() ? device->serial : row.serial)},
                      {"support_end", text("support_end")},
                      {"geographic_location", text("registered_location")},
                      {"network_location", text("segment")},
                      {"purpose", text("purpose")},
                      {"status", text("status")},
                      {"responsible", text("responsible")},
                      {"seen", row.standing.is_seen},
                      {"last_seen", iso(row.standing.last)},
                      {"seen_at", row.site},
                      {"verdict", verdict_of(call, row)}};
    json::array missing;
    if (device != nullptr)
        for (const auto& field : registry::missing_fields(*device)) missing.push_back(json::string(field.key));
    item["missing_fields"] = std::move(missing);
    return item;
}

bool is_asked(Call& call, const std::string& site) {
    if (const auto want = call.query("site"); want && site != *want) return false;
    if (const auto unit = call.query("unit"); unit) {
        const auto* known = call.reg().site(site);
        if (known == nullptr || !call.reg().is_within(known->unit, *unit)) return false;
    }
    return call.sees_site(site);
}

// One row for each of the register, and one for each stranger that is seen.
template <class Take>
void each_row(Call& call, const std::function<bool(const std::string& site)>& takes, const Take& take) {
    for (const auto* record : call.pipeline.inventory().identity().records()) {
        const auto& row = call.pipeline.row_of(*record);
        const auto rows = call.pipeline.inventory().rows(*record);
        for (const auto* device : rows)
            if (takes(device->site)) take(*record, row, device);
        const bool is_stranger = rows.empty() && !row.standing.is_registered && row.standing.is_seen &&
                                 !row.standing.is_virtual && row.triage != "ignored";
        if (is_stranger && takes(row.site)) take(*record, row, nullptr);
    }
}

}  // namespace

Answer list_stocktake(Call& call) {
    const Search search(call.query("q").value_or(""));
    const auto wanted = call.query("verdict").value_or("");
    Totals totals;
    json::array items;
    each_row(
        call, [&](const std::string& site) { return is_asked(call, site); },
        [&](const Record& record, const DeviceRow& row, const registry::Device* device) {
            totals.count(verdict_of(call, row));
            auto item = stocktake_item(call, record, row, device);
            if (!wanted.empty() && !says(item, "verdict", wanted)) return;
            if (search.matches(item, {"name", "site", "site_name", "unit_name", "static_ip", "mac", "serial", "purpose",
                                      "responsible"}))
                items.push_back(std::move(item));
        });
    std::stable_sort(items.begin(), items.end(), [](const json::value& a, const json::value& b) {
        return a.at("site").as_string() < b.at("site").as_string();
    });
    auto out = list_of(std::move(items));
    out.list->extra["totals"] = totals.item();
    return out;
}

Answer record_stocktake(Call& call) {
    const auto body = body_of(call.request);
    if (!body) return problem(400, "malformed", "Nội dung không phải JSON.", "The body is not JSON.");
    const auto site = text_field(*body, "site");
    if (call.reg().site(site) == nullptr || !call.sees_site(site)) return not_found("trụ sở", "site");
    Totals totals;
    each_row(
        call, [&](const std::string& one) { return one == site; },
        [&](const Record&, const DeviceRow& row, const registry::Device*) { totals.count(verdict_of(call, row)); });
    const json::object kept{
        {"site", site}, {"who", call.who.user}, {"note", text_field(*body, "note", 2'000)}, {"totals", totals.item()}};
    if (auto done = call.pipeline.stocktake_made(site, json::serialize(kept)); !done) return failed(done.error());
    log::info("api", "a stocktake of site " + site + " was recorded by " + call.who.user);
    auto item = kept;
    item["at"] = iso(call.now);
    item["site_name"] = site_name(call.pipeline, site);
    return answer(std::move(item), 201);
}

Answer list_stocktakes(Call& call) {
    auto all = call.pipeline.store().documents("stocktakes");
    if (!all) return failed(all.error());
    json::array out;
    for (auto document = all->rbegin(); document != all->rend(); ++document) {
        auto read = object_of(document->text);
        if (!read) continue;
        auto& item = *read;
        const auto site = text_field(item, "site");
        if (!is_asked(call, site)) continue;
        item["at"] = iso(document->at);
        item["site_name"] = site_name(call.pipeline, site);
        out.push_back(std::move(item));
    }
    std::stable_sort(out.begin(), out.end(), [](const json::value& a, const json::value& b) {
        return a.at("at").as_string() > b.at("at").as_string();
    });
    return list_of(std::move(out));
}

}  // namespace vg::collector::api
