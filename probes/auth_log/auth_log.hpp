#pragma once
// The `auth_log` watcher: failed and accepted logins of this machine. Target: "journal", a log file, or nothing (what
// this machine has).

#include "probes/probe.hpp"

namespace vg::probes {

[[nodiscard]] Kind auth_log_kind();

}  // namespace vg::probes
