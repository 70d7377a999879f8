#pragma once
// The options of an `uplink` entry, read and checked. Used when the watcher is made.

#include "probes/probe.hpp"
#include "probes/uplink/judge.hpp"

#include <optional>

namespace vg::probes::uplink {

struct Settings {
    JudgeOptions judge;
    Millis refresh{60'000};  // facts are told again this often although nothing changed
    Millis metered_refresh{300'000};
};

[[nodiscard]] std::vector<Option> options();
[[nodiscard]] std::optional<Settings> read_settings(const Task& task, Problems& problems);

}  // namespace vg::probes::uplink
