#include "collector/api/device_order.hpp"
#include "collector/api/handlers.hpp"
#include "collector/api/search.hpp"

#include <algorithm>
#include <unordered_map>

namespace vg::collector::api {
namespace {

using inventory::DeviceRow;

// What the query asks for, read once.
class Filter {
public:
    explicit Filter(Call& call)
        : call_(call),
          site_(call.query("site")),
          unit_(call.query("unit")),
          kind_(call.query("kind")),
          registered_(call.query("registered")),
          known_by_(call.query("known_by")),
          state_(call.query("state")),
          triage_(call.query("triage")),
          search_(call.query("q").value_or("")) {}

    bool takes(const DeviceRow& row) {
        if (site_ && row.site != *site_) return false;
        const auto& place = place_of(row.site);
        if (!place.is_seen) return false;
        if (kind_ && row.kind != *kind_) return false;
        if (registered_ && *registered_ != (row.standing.has_row ? "yes" : "no")) return false;
        if (known_by_ && *known_by_ != (row.standing.is_registered ? row.standing.known_by() : "nobody")) return false;
        if (triage_ && *triage_ != (row.triage.empty() ? "none" : row.triage)) return false;
        if (state_ && !is_in(row, *state_)) return false;
        return search_.is_empty() ||
               search_.matches_folded({row.folded, place.folded}, [&] { return row.searched() + " " + place.name; });
    }

private:
    struct Place {  // devices ask for the same few hundred sites again and again
        bool is_seen = false;
        std::string name, folded;
    };
    const Place& place_of(const std::string& site) {
        const auto [found, is_new] = places_.try_emplace(site);
        if (is_new) {
            const auto* known = call_.reg().site(site);
            const bool is_inside = !unit_ || (known != nullptr && call_.reg().is_within(known->unit, *unit_));
            auto name = known != nullptr ? known->name : std::string();
            auto plain = folded(name, Marks::dropped);
            found->second = {is_inside && call_.sees_site(site), std::move(name), std::move(plain)};
        }
        return found->second;
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
    std::optional<std::string> site_, unit_, kind_, registered_, known_by_, state_, triage_;
    Search search_;
    std::unordered_map<std::string, Place> places_;
};

}  // namespace

Answer list_devices(Call& call) {
    Filter filter(call);
    std::vector<const DeviceRow*> found;
    for (const auto* record : call.pipeline.inventory().identity().records())
        if (const auto& row = call.pipeline.row_of(*record); filter.takes(row)) found.push_back(&row);
    const OpenGaps gaps(call.pipeline);
    const auto page = page_of(call.request);
    const auto end = std::min(found.size(), page.offset + page.limit);
    if (const auto sort = call.query("sort")) put_in_order(found, *sort, gaps, end);
    Listing list{{}, found.size(), true, {}};
    for (std::size_t i = page.offset; i < end; ++i)
        list.items.push_back(is_table(call.request) ? device_fields(call, *found[i], gaps)
                                                    : device_item(call, *found[i], gaps));
    return {200, {}, std::move(list), {}};
}

}  // namespace vg::collector::api
