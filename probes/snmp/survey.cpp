#include "probes/snmp/survey.hpp"

#include "probes/snmp/banner.hpp"
#include "probes/snmp/pattern.hpp"
#include "probes/snmp/shapes.hpp"

#include <algorithm>

namespace vg::probes::snmp {
namespace {

constexpr std::size_t own_level = 9;  // below it nobody keeps values: 1.3.6.1.4.1.NUMBER.x.y
constexpr double enough_for_version = 2.5, enough_for_serial = 2.8, enough_for_hardware = 3.0,
                 enough_without_banner = 1.4;

using GroupKey = std::pair<Oid, std::uint32_t>;  // scalars of one parent, or one row of a table

struct Found {
    std::string said;
    GroupKey group;
    std::size_t place = 0;  // among all texts
    bool is_alone = false;  // a scalar, or a table's only row
    bool is_in_descr = false, is_repeated = false, is_model = false;
    Likeness version = Likeness::none, serial = Likeness::none;
};

struct Group {
    bool has_version = false, has_serial = false, has_model = false, has_known_model = false;
    int models = 0;
};

bool is_plain(const std::string& bytes) {
    const auto end = std::min(bytes.find('\0'), bytes.size());
    return std::all_of(bytes.begin(), bytes.begin() + static_cast<long>(end),
                       [](unsigned char c) { return c >= 0x20 || c == '\r' || c == '\n' || c == '\t'; });
}

double points(Likeness likeness) {
    switch (likeness) {
        case Likeness::none: return 0;
        case Likeness::faint: return 0.5;
        case Likeness::likely: return 1;
        case Likeness::strong: return 2;
    }
    return 0;
}

std::vector<Found> texts_of(const std::vector<Binding>& found, const std::string& descr, const std::string& name) {
    std::map<Oid, int> rows;
    for (const auto& b : found)
        if (b.oid.size() > 1) ++rows[Oid(b.oid.begin(), b.oid.end() - 1)];
    std::map<std::string, int> times;
    std::vector<Found> all;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto& [oid, value] = found[i];
        const auto* bytes = octets(&value);
        if (!bytes || oid.size() < own_level || !is_plain(*bytes)) continue;
        Found t;
        t.said = text(&value);
        ++times[t.said];
        if (is_filler(t.said) || t.said == name) continue;
        t.group = {Oid(oid.begin(), oid.end() - 2), oid.back()};
        t.place = all.size() + 1;
        t.is_alone = oid.back() == 0 || rows[Oid(oid.begin(), oid.end() - 1)] == 1;
        t.is_in_descr = descr.find(t.said) != std::string::npos;
        t.version = version_likeness(t.said);
        if (t.version != Likeness::strong) t.serial = serial_likeness(t.said);
        t.is_model = is_model(t.said);
        all.push_back(std::move(t));
    }
    for (auto& t : all) t.is_repeated = times[t.said] > 1;
    return all;
}

std::map<GroupKey, Group> groups_of(const std::vector<Found>& texts) {
    std::map<GroupKey, Group> all;
    for (const auto& t : texts) {
        auto& group = all[t.group];
        group.has_version |= t.version != Likeness::none;
        group.has_serial |= t.serial != Likeness::none;
        group.has_model |= t.is_model && t.serial != Likeness::strong;
        group.has_known_model |= t.is_model && t.is_in_descr;
        group.models += t.is_model;
    }
    return all;
}

// The same for all three: what stands early and alone.
double place_points(const Found& t) { return (t.is_alone ? 1 : -2) - static_cast<double>(t.place) / 100; }

double version_points(const Found& t, const Group& group) {
    if (t.version == Likeness::none) return 0;
    const double near = group.has_serial || group.has_known_model ? 2 : group.has_model ? 1 : 0;
    const double own = t.version == Likeness::strong ? 2 : 1;
    return own + near + place_points(t) + (t.is_in_descr && t.said.size() > 3 ? 2 : 0);
}

// A product code begins like the model, or a longer text begins with it.
bool is_like_model(const Found& t, const std::vector<Found>& all, const std::string& descr) {
    const auto lead = find_pattern("^[A-Z]+\\d+", t.said);
    if (lead && lead->size() >= 4 && descr.find(*lead) != std::string::npos) return true;
    return std::any_of(all.begin(), all.end(), [&](const Found& other) {
        return other.said.size() > t.said.size() && other.said.starts_with(t.said);
    });
}

double serial_points(const Found& t, const Group& group) {
    if (t.serial == Likeness::none || t.is_repeated || t.is_in_descr) return 0;
    if (t.serial == Likeness::faint && group.models < 2) return 0;  // rather the model itself
    const double near = group.has_version || group.has_known_model ? 2 : group.has_model ? 1 : 0;
    return points(t.serial) + near + place_points(t) + digits_in(t.said) / 20.0;
}

// 2 in the same group, less beside it.
double near_points(const Found& t, const Found* other) {
    if (!other) return 0;
    if (t.group == other->group) return 2;
    const auto& [a, row] = t.group;
    const auto& [b, row_of_other] = other->group;
    const bool is_cousin = a.size() == b.size() && std::equal(a.begin(), a.end() - 1, b.begin());
    return is_cousin && row == row_of_other ? 1.6 : 0;
}

double hardware_points(const Found& t, const Found* version, const Found* serial, const std::string& descr) {
    const bool is_identity = version && serial && version->group == serial->group && t.group == serial->group;
    const bool is_named = is_identity && t.is_alone && t.version == Likeness::none && is_name(t.said);
    if (!t.is_model && !is_named) return 0;
    if (t.serial == Likeness::strong && !t.is_in_descr) return 0;
    const bool is_host = t.is_in_descr && descr.starts_with("Linux " + t.said + " ");
    return place_points(t) +
           (is_host         ? -1
            : t.is_in_descr ? 3
                            : 0) +
           near_points(t, version) + near_points(t, serial) + (t.is_model ? 0.5 : 0);
}

// Less is asked for where sysDescr names no model: "UPS agent".
double enough_for_model(const std::string& descr) {
    return digits_in(hardware_in(descr)) > 0 ? enough_for_hardware : enough_without_banner;
}

template <class Points>
const Found* best_of(const std::vector<Found>& all, double enough, const Points& points_of) {
    const Found* best = nullptr;
    for (const auto& t : all)
        if (const double points = points_of(t); points >= enough) {
            best = &t;
            enough = points + 1e-9;
        }
    return best;
}

// Without the words around it: "Brick Version 7.1f", "Ver11.10", "V2.40(AAHN.0) | 11/14/2017".
std::string bare_version(const std::string& said) {
    const auto before = said.substr(0, said.find(" | "));
    return find_pattern(R"((?i)\b(?:version|ver|firmware)[.: ]*v?(\d\S*)$)", before).value_or(before);
}

}  // namespace

Guess guess(const std::vector<Binding>& found, const std::string& descr, const std::string& name) {
    const auto all = texts_of(found, descr, name);
    const auto groups = groups_of(all);
    const auto* version =
        best_of(all, enough_for_version, [&](const Found& t) { return version_points(t, groups.at(t.group)); });
    const auto* serial = best_of(all, enough_for_serial, [&](const Found& t) {
        const auto sum = serial_points(t, groups.at(t.group));
        return sum >= enough_for_serial && is_like_model(t, all, descr) ? sum - 2 : sum;
    });
    const auto* hardware = best_of(all, enough_for_model(descr), [&](const Found& t) {
        return t.said == (serial ? serial->said : "") ? 0.0 : hardware_points(t, version, serial, descr);
    });
    return {hardware ? hardware->said : "", version ? bare_version(version->said) : "", serial ? serial->said : ""};
}

Oid behind_column(const std::vector<Binding>& found) {
    // Rows of one column, by their index; of an index of two parts more, because they look like a row's columns.
    for (const auto& [rows, index] : {std::pair<std::size_t, std::size_t>{4, 1}, {24, 2}}) {
        if (found.size() < rows) return {};
        const auto& last = found.back().oid;
        if (last.size() < own_level + index || last.back() == 0) return {};
        const auto column = static_cast<long>(last.size() - index);
        const bool are_rows = std::all_of(found.end() - static_cast<long>(rows), found.end(), [&](const Binding& b) {
            return b.oid.size() == last.size() && std::equal(last.begin(), last.begin() + column, b.oid.begin());
        });
        if (!are_rows || last[column - 1] == UINT32_MAX) continue;
        Oid next(last.begin(), last.begin() + column);
        ++next.back();
        return next;
    }
    return {};
}

}  // namespace vg::probes::snmp
