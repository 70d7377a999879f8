#pragma once
// A message of a program that lets people in as a login, failed or accepted. Total over any text, and safe against
// names that were chosen to look like more of the message ("x from 1.2.3.4 port 22"): what a stranger chose is only
// ever read between fixed ends, and where two readings stay possible no address is given. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vg::probes::auth_log {

struct Login {
    bool accepted = false;
    // Programs tell one attempt in several lines. A `remark` may speak of an attempt that another line tells, too.
    bool is_remark = false;
    std::string user;         // as claimed; may be empty
    std::string target_user;  // whom sudo and su became
    std::string address;      // IPv4 or IPv6; empty: local or not known
    std::uint16_t port = 0;   // 0: not told
    std::string service;      // "sshd", "sudo", "gdm-password"
    std::string method;       // "password", "publickey" ...; may be empty
};

[[nodiscard]] std::optional<Login> parse_login(std::string_view program, std::string_view message);

}  // namespace vg::probes::auth_log
