#pragma once
// What each sub-command does; each gives the process's exit code: 0 done, 1 failed, 2 wrong configuration or arguments.

#include <string>
#include <vector>

namespace vg::agent {

struct CommonOptions {
    std::string config_file = "/etc/vonggac/agent.yaml";
};

struct EnrolCommand {  // what is empty comes from the configuration
    std::string token, collector, server_name, state_dir;
};

[[nodiscard]] int run_command(const CommonOptions& common);
[[nodiscard]] int check_command(const CommonOptions& common);
[[nodiscard]] int enrol_command(const CommonOptions& common, const EnrolCommand& command);
[[nodiscard]] int status_command(const CommonOptions& common, std::string state_dir, bool json);

}  // namespace vg::agent
