#pragma once
// Counts attempts, not lines: programs tell one failed login in several ("Invalid user", PAM's remark, "Failed
// password"). Keyed by process, since one process serves one connection. Pure: time is an argument; owned by the
// watcher.

#include "base/clock.hpp"
#include "probes/auth_log/login_line.hpp"

#include <list>

namespace vg::probes::auth_log {

class Attempts {
public:
    // Whether this line tells of an attempt that no earlier line of the process has told.
    [[nodiscard]] bool is_new(const Login& login, std::uint32_t pid, Mono now);

private:
    struct Process {
        std::string service;
        std::uint32_t pid = 0;
        bool accepted = false;
        bool has_remark = false;  // a remark was counted and its plain line may follow
        Mono seen{};
    };
    std::list<Process> processes_;  // newest first
};

}  // namespace vg::probes::auth_log
