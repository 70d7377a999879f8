#pragma once
// Which profile of talk applies, from what the uplink watcher reports about the active line of the site. Pure.

#include "wire/observation.hpp"

#include <string>
#include <string_view>

namespace vg::agent {

enum class LineClass { fibre, metered };

[[nodiscard]] std::string_view to_string(LineClass line);

class LineWatch {
public:
    enum class Change {
        none,
        line,     // another line is active now: the present connection may be dead
        profile,  // and it asks for the other profile
    };
    // Looks at the facts `active_uplink` (kind) and `active_uplink_name` of the site; others are ignored.
    Change note(const wire::Observation& observation);

    [[nodiscard]] LineClass line_class() const { return class_; }
    [[nodiscard]] const std::string& kind() const { return kind_; }  // "" before the first fact
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    std::string kind_, name_;
    LineClass class_ = LineClass::fibre;
};

// 2g, 3g, 4g, 5g and satellite are paid by the byte; an unknown line is, when its name says that it is a modem's.
[[nodiscard]] LineClass class_of_line(std::string_view kind, std::string_view name);

}  // namespace vg::agent
