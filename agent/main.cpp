// vonggac-agent: the sentry of one machine. Sub-commands: run (default), enrol, probe, watch, status.
#include "agent/commands.hpp"
#include "agent/platform/machine.hpp"
#include "base/usage.hpp"

#include "probes/lan/watch.hpp"
#include "probes/once.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

int main(int argc, char** argv) {
    vg::agent::platform::be_thrifty_with_memory();
    using namespace vg::agent;

    CLI::App app{"Vọng Gác: trạm gác của một máy / the sentry of one machine", "vonggac-agent"};
    app.set_version_flag("--version", "vonggac-agent " VONGGAC_VERSION);
    app.set_help_flag("-h,--help", "In trợ giúp này / print this help");
    app.get_formatter()->label("Usage", "Cách dùng / usage");
    CommonOptions common;
    app.add_option("-c,--config", common.config_file, "Tệp cấu hình / configuration file")->capture_default_str();
    bool check = false;
    app.add_flag("--check", check, "Chỉ kiểm tra cấu hình / only check the configuration");

    auto* run = app.add_subcommand("run", "Chạy trạm gác (mặc định) / run the agent (default)");
    run->add_flag("--check", check, "Chỉ kiểm tra cấu hình / only check the configuration");
    run->fallthrough();

    EnrolCommand enrolment;
    auto* enrol = app.add_subcommand("enrol", "Đăng ký với trung tâm / enrol with the collector");
    enrol->add_option("--token", enrolment.token,
                      "Mã đăng ký; bỏ trống: token_file của tệp cấu hình / token; the configuration's token_file when "
                      "left out");
    enrol->add_option("--collector", enrolment.collector, "Trung tâm / the collector: HOST:PORT");
    enrol->add_option("--server-name", enrolment.server_name,
                      "Tên trong chứng thư của trung tâm / name in the collector's certificate");
    enrol->add_option("--state-dir", enrolment.state_dir, "Thư mục trạng thái / state directory");
    enrol->fallthrough();

    auto* status = app.add_subcommand("status", "Trạng thái của trạm gác trên máy này / this agent's state");
    bool json = false;
    status->add_flag("--json", json, "JSON");
    std::string state_dir;
    status->add_option("--state-dir", state_dir, "Thư mục trạng thái / state directory");
    status->fallthrough();

    auto* probe = app.add_subcommand("probe", "Chạy một phép dò một lần / run one probe once: NAME TARGET [--json]");
    probe->prefix_command()->set_help_flag();  // its help is the registry's

    auto* watch = app.add_subcommand(
        "watch",
        "Ai đang ở trên mạng nội bộ: CỔNG_MẠNG hoặc --read TỆP / who is on the LAN: INTERFACE or --read FILE [--json]");
    watch->prefix_command()->set_help_flag();

    app.require_subcommand(0, 1);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& mistake) {
        if (mistake.get_exit_code() == 0) return app.exit(mistake);  // help, version
        std::cerr << vg::usage_mistake("vonggac-agent", mistake.get_exit_code(), mistake.what());
        return vg::wrong_usage;
    }

    if (*probe) return vg::probes::probe_command(probe->remaining(), std::cout, std::cerr);
    if (*watch) return vg::probes::watch_command(watch->remaining(), std::cout, std::cerr);
    if (*enrol) return enrol_command(common, enrolment);
    if (*status) return status_command(common, state_dir, json);
    return check ? check_command(common) : run_command(common);
}
