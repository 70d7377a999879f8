#pragma once
// collector.yaml: defaults stand beside the fields; unknown keys are refused and all errors come at once with
// file:line:column. Plain values.

#include "base/log.hpp"
#include "base/problems.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vg::collector {

struct Config {
    std::string address = "0.0.0.0";  // listen: "address:port", "[::]:443"
    std::uint16_t port = 443;         // 0: any free one
    std::string data_dir = "/var/lib/vonggac-collector";
    std::string web_root = "/usr/share/vonggac/web";
    std::vector<std::string> rules_dirs = {"/usr/share/vonggac/rules"};  // rules_dir: one or a list
    std::vector<std::string> names = {"localhost", "127.0.0.1"};         // of the server, for its certificate
    std::string public_address;  // host:port as agents see it; empty: the first name with the port
    std::int64_t samples_kept_ms = 400LL * 86'400'000;
    std::int64_t events_kept_ms = 400LL * 86'400'000;  // 12 months and a margin (domain: access logs)
    log::Level log_level = log::Level::info;

    [[nodiscard]] std::string seen_address(std::uint16_t bound_port) const;
};

[[nodiscard]] Config read_config(std::string_view text, const std::string& file, Problems& problems);
[[nodiscard]] Config read_config_file(const std::string& file, Problems& problems);

inline constexpr const char* usual_config = "/etc/vonggac/collector.yaml";
// The file that a command line named or, when it named none (""), the usual one; a missing file is a problem.
[[nodiscard]] Config load_config(const std::string& named, Problems& problems, const std::string& usual = usual_config);

}  // namespace vg::collector
