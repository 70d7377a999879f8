#pragma once
// A line of a system log as its parts: which program said what. Reads the forms of RFC 3164, of RFC 5424 and rsyslog's
// with an ISO time; total over any text. Pure; any thread.

#include <cstdint>
#include <string_view>

namespace vg::probes::auth_log {

struct SyslogLine {
    std::string_view host;
    std::string_view program;  // "sshd", without path and pid
    std::uint32_t pid = 0;     // 0: none given
    std::string_view message;
};

// Views into `line`. A line without a recognisable program has an empty one.
[[nodiscard]] SyslogLine parse_syslog(std::string_view line);

}  // namespace vg::probes::auth_log
