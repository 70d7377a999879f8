#include "rules/support.hpp"

#include "base/text.hpp"
#include "rules/version_order.hpp"

#include <algorithm>

namespace vg::rules {
namespace {

// A line without an end says that the version was supported when somebody looked; that does not hold for ever.
constexpr auto trusted_for = std::chrono::days{550};

bool any(const std::vector<SigmaPattern>& patterns, const std::string& text) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const auto& one) { return one.matches(text); });
}

struct Known {  // a query in lower case
    std::string os, vendor, hardware, raw_version, version, name;
    explicit Known(const SupportQuery& query)
        : os(lower(query.os)),
          vendor(lower(query.vendor)),
          hardware(lower(query.hardware)),
          raw_version(lower(query.version)),
          version(version_in(query.version)),
          name(lower(query.name)) {}
};

bool is_about(const SupportProduct& product, const Known& known) {
    return product.vendors.empty() ? !known.os.empty() && any(product.os, known.os)
                                   : !known.vendor.empty() && any(product.vendors, known.vendor);
}

// Whether the line speaks of this device at all, whatever its version.
bool covers(const SupportRow& row, const Known& known) {
    if (!row.hardware.empty() && (known.hardware.empty() || !any(row.hardware, known.hardware))) return false;
    return row.names.empty() || any(row.names, known.name);
}

// Nothing: the version would decide and is not known.
std::optional<bool> has_version(const SupportRow& row, const Known& known) {
    if (row.versions.empty() && row.from.empty() && row.before.empty() && !row.build) return true;
    if (known.version.empty()) return std::nullopt;
    if (!row.versions.empty() && !any(row.versions, known.version) && !any(row.versions, known.raw_version))
        return false;
    if (!row.from.empty() && compare_versions(known.version, row.from) < 0) return false;
    if (!row.before.empty() && compare_versions(known.version, row.before) >= 0) return false;
    if (!row.build) return true;
    const auto build = build_in(known.raw_version);
    return build ? std::optional(*build < *row.build) : std::nullopt;
}

void find_support(const SupportProduct& product, const Known& known, Day today, SupportAnswer& out) {
    for (const auto& row : product.versions) {
        if (!covers(row, known)) continue;
        const auto fits = has_version(row, known);
        if (fits == false) continue;
        if (!fits) return;  // a later line must not answer for this one
        out.end = row.end;
        if (row.end)
            out.supported = today <= *row.end;
        else if (today <= product.checked + trusted_for)
            out.supported = true;
        return;
    }
}

void find_vulnerable(const SupportProduct& product, const Known& known, SupportAnswer& out) {
    bool undecided = false;
    for (const auto& row : product.vulnerable) {
        if (!covers(row, known)) continue;
        const auto fits = has_version(row, known);
        if (!fits) {
            undecided = true;
        } else if (*fits) {
            out.vulnerable = true;
            if (out.advisories.find(row.advisory) == std::string::npos)
                out.advisories += (out.advisories.empty() ? "" : ", ") + row.advisory;
        } else if (!out.vulnerable) {
            out.vulnerable = false;
        }
    }
    if (undecided && out.vulnerable == false) out.vulnerable.reset();
}

}  // namespace

SupportTables::SupportTables(std::vector<SupportProduct> products) : products_(std::move(products)) {
    std::stable_sort(products_.begin(), products_.end(),
                     [](const auto& a, const auto& b) { return a.checked > b.checked; });
}

SupportAnswer SupportTables::look_up(const SupportQuery& query, Day today) const {
    SupportAnswer out;
    const Known known(query);
    for (const auto& product : products_) {
        if (!is_about(product, known)) continue;
        if (!out.supported) find_support(product, known, today, out);
        if (!out.vulnerable) find_vulnerable(product, known, out);
    }
    return out;
}

}  // namespace vg::rules
