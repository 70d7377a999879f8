#include "collector/api/device_item.hpp"
#include "collector/api/handlers.hpp"
#include "collector/api/render.hpp"
#include "collector/api/search.hpp"

#include <algorithm>

namespace vg::collector::api {
namespace {

using inventory::DeviceRow;
using inventory::Record;

struct Found {
    const Record* record;
    const DeviceRow* row;
};

class Filter {
public:
    explicit Filter(Call& call) : call_(call), search_(call.query("q").value_or("")) {}

    bool takes(const Record& record, const DeviceRow& row) {
        if (const auto site = call_.query("site"); site && !site->empty() && row.site != *site) return false;
        if (!sees(row.site)) return false;
        if (const auto kind = call_.query("kind"); kind && !kind->empty() && row.kind != *kind) return false;
        if (const auto want = call_.query("registered"); want && !want->empty())
            if (*want != (row.standing.is_registered ? "yes" : "no")) return false;
        if (const auto state = call_.query("state"); state && !state->empty() && !is_in(row, *state)) return false;
        if (search_.is_empty()) return true;
        std::string text = record.id;
        for (const auto* part :
             {&row.name, &row.vendor, &row.model, &row.serial, &row.os, &row.ip, &row.mac, &row.site})
            text += " " + *part;
        const auto* site = call_.reg().site(row.site);
        return search_.matches(site != nullptr ? text + " " + site->name : text);
    }

private:
    // Asked for the same few hundred sites again and again.
    bool sees(const std::string& site) {
        const auto [seen, is_new] = sites_.try_emplace(site, false);
        if (is_new) {
            const auto unit = call_.query("unit");
            const auto* known = call_.reg().site(site);
            const bool is_inside =
                !unit || unit->empty() || (known != nullptr && call_.reg().is_within(known->unit, *unit));
            seen->second = is_inside && call_.sees_site(site);
        }
        return seen->second;
    }
    static bool is_in(const DeviceRow& row, std::string_view state) {
        if (state == "unknown") return !row.standing.is_registered && row.triage.empty() && !row.standing.is_virtual;
        if (state == "moved") return !row.standing.moved_from.empty();
        if (state == "cloned") return row.cloned;
        if (state == "ignored" || state == "flagged" || state == "adopted") return row.triage == state;
        if (state == "missing") return row.standing.is_missing.value_or(false);
        return row.state() == state;
    }

    Call& call_;
    Search search_;
    std::map<std::string, bool> sites_;
};

std::string padded(std::int64_t number) {
    auto digits = std::to_string(std::max<std::int64_t>(number, 0));
    return std::string(20 - std::min<std::size_t>(digits.size(), 20), '0') + digits;
}

// Addresses and numbers inside names in their natural order.
std::string natural(std::string_view text) {
    std::string out, digits;
    const auto flush = [&] {
        if (!digits.empty()) out += std::string(digits.size() < 8 ? 8 - digits.size() : 0, '0') + digits;
        digits.clear();
    };
    for (const char c : text) {
        if (c >= '0' && c <= '9') {
            digits += c;
            continue;
        }
        flush();
        out += c;
    }
    flush();
    return folded(out, false);
}

std::optional<std::string> sort_key(const DeviceRow& row, const OpenGaps& gaps, std::string_view column) {
    const auto ms = [](Time time) { return padded(time.time_since_epoch().count()); };
    if (column == "name") return natural(row.name);
    if (column == "site" || column == "site_name") return natural(row.site);
    if (column == "kind") return row.kind;
    if (column == "vendor") return natural(row.vendor);
    if (column == "model") return natural(row.model);
    if (column == "serial") return natural(row.serial);
    if (column == "os") return natural(row.os);
    if (column == "version") return natural(row.version);
    if (column == "ip") return natural(row.ip);
    if (column == "mac") return row.mac;
    if (column == "id") return row.id;
    if (column == "state") return row.state();
    if (column == "triage") return row.triage;
    if (column == "registered") return row.standing.is_registered ? "1" : "0";
    if (column == "source") return padded(row.sources);
    if (column == "confidence") return padded(static_cast<std::int64_t>(row.confidence * 1000));
    if (column == "first_seen") return ms(row.standing.first);
    if (column == "last_seen") return ms(row.standing.last);
    if (column == "open_gaps") return padded(static_cast<std::int64_t>(gaps.of(row.id)));
    return std::nullopt;
}

}  // namespace

Answer list_devices(Call& call) {
    Filter filter(call);
    std::vector<Found> found;
    for (const auto* record : call.pipeline.inventory().identity().records()) {
        const auto& row = call.pipeline.row_of(*record);
        if (filter.takes(*record, row)) found.push_back({record, &row});
    }
    const OpenGaps gaps(call.pipeline);
    if (const auto sort = call.query("sort"); sort && !sort->empty()) {
        const bool is_down = sort->starts_with('-');
        const auto column = std::string_view(*sort).substr(is_down ? 1 : 0);
        std::vector<std::pair<std::string, Found>> keyed;
        for (const auto& one : found) {
            auto key = sort_key(*one.row, gaps, column);
            if (!key) return bad_query("sort");
            keyed.emplace_back(std::move(*key), one);
        }
        std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
            // What has no value stands last either way.
            if (a.first.empty() != b.first.empty()) return b.first.empty();
            return is_down ? a.first > b.first : a.first < b.first;
        });
        for (std::size_t i = 0; i < keyed.size(); ++i) found[i] = keyed[i].second;
    }
    Listing list{{}, found.size(), true, {}};
    const auto page = page_of(call.request);
    for (std::size_t i = page.offset; i < found.size() && i < page.offset + page.limit; ++i)
        list.items.push_back(device_item(call, *found[i].record, *found[i].row, gaps));
    return {200, {}, std::move(list), {}};
}

}  // namespace vg::collector::api
