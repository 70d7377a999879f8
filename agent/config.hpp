#pragma once
// The agent's own configuration: where the collector is and where the state lies; what to watch comes from the
// collector (agent/assignment.hpp). Plain values with their defaults; read once at start-up.

#include "base/log.hpp"
#include "base/problems.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace vg::agent {

struct HostPort {
    std::string host;
    std::uint16_t port = 443;
};

struct Config {
    HostPort collector;                                   // `collector: host:port`; required
    std::string server_name;                              // name in the collector's certificate; default: its host
    std::string state_dir = "/var/lib/vonggac-agent";     // key, certificates, assignment, spool
    std::string site;                                     // only a hint for people: the token decides
    std::string token_file;                               // enrols by itself at the first start
    std::uint64_t spool_max_bytes = 64ULL * 1024 * 1024;  // `spool: { max_bytes: ... }`
    log::Level log_level = log::Level::info;

    [[nodiscard]] std::string path(std::string_view file) const { return state_dir + "/" + std::string(file); }
    [[nodiscard]] const std::string& expected_name() const {
        return server_name.empty() ? collector.host : server_name;
    }
};

// All problems at once; the result is to be used only when there are none.
[[nodiscard]] Config parse_config(std::string_view text, const std::string& file, Problems& problems);
[[nodiscard]] Config load_config(const std::string& file, Problems& problems);

// "host:port", "host", "[::1]:port"; false on anything else.
[[nodiscard]] bool parse_host_port(std::string_view text, HostPort& out);

}  // namespace vg::agent
