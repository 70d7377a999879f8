#include "agent/profile.hpp"

#include <algorithm>
#include <array>

namespace vg::agent {

std::string_view to_string(LineClass line) {
    switch (line) {
        case LineClass::fibre: return "fibre";
        case LineClass::metered: return "metered";
    }
    return "fibre";
}

LineClass class_of_line(std::string_view kind, std::string_view name) {
    static constexpr auto metered = std::to_array<std::string_view>({"2g", "3g", "4g", "5g", "satellite"});
    if (std::ranges::find(metered, kind) != metered.end()) return LineClass::metered;
    const bool modem = name.starts_with("wwan") || name.starts_with("ppp");
    return kind == "unknown" && modem ? LineClass::metered : LineClass::fibre;
}

LineWatch::Change LineWatch::note(const wire::Observation& observation) {
    std::string kind = kind_, name = name_;
    for (const auto& fact : observation.facts) {
        if (fact.subject.kind != wire::SubjectKind::site) continue;
        // A line that is not known now keeps what was: nothing can be sent on none, and little is lost by waiting.
        const auto* text = std::get_if<std::string>(&fact.value);
        if (text == nullptr || *text == "none") continue;
        if (fact.name == "active_uplink") kind = *text;
        if (fact.name == "active_uplink_name") name = *text;
    }
    if (kind == kind_ && name == name_) return Change::none;
    const bool first = kind_.empty() && name_.empty();
    const auto line_class = class_of_line(kind, name);
    const bool profile = line_class != class_;
    kind_ = std::move(kind);
    name_ = std::move(name);
    class_ = line_class;
    if (profile) return Change::profile;
    return first ? Change::none : Change::line;
}

}  // namespace vg::agent
