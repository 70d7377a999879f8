// vonggac-collector: the command line. CLI11 is named here only; what the sub-commands do stands in commands.

#include "base/usage.hpp"
#include "collector/commands.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

using namespace vg;
namespace commands = vg::collector::commands;

namespace {

struct Words {
    std::string config_file;
    bool check_only = false, is_sure = false;
    commands::TokenWish token;
    std::vector<std::string> paths;
    commands::UserWish user;
    std::string who, why, folder, version;
};

struct Commands {  // to ask whether it was given
    CLI::App *token = nullptr, *reg_check = nullptr, *reg_import = nullptr, *reg_export = nullptr;
    CLI::App *rules_check = nullptr, *rules_test = nullptr;
    CLI::App *user = nullptr, *backup = nullptr, *verify = nullptr;
};

// What looks only at files that are named on the command line does without a configuration.
bool needs_config(const Commands& chosen, const Words& words) {
    if (words.check_only) return true;
    if (*chosen.reg_check) return false;
    return words.paths.empty() || !(*chosen.rules_check || *chosen.rules_test);
}

bool load_config(const Commands& chosen, const Words& words, collector::Config& config) {
    if (words.config_file.empty() && !needs_config(chosen, words)) return true;
    Problems problems;
    config = collector::load_config(words.config_file, problems);
    if (!problems.empty()) std::fprintf(stderr, "%s", problems.text().c_str());
    return problems.empty();
}

void declare_token(CLI::App& app, Words& words, Commands& out) {
    out.token = app.add_subcommand("token",
                                   "Tạo mã đăng ký trạm gác, hoặc với --api mã cho phần mềm khác / make an enrolment "
                                   "token, or with --api one for automation");
    out.token->add_option("--site", words.token.site,
                          "Điểm (trụ sở) của các trạm gác / site of the agents that use it");
    out.token
        ->add_option("--uses", words.token.uses,
                     "Số trạm gác được dùng (mặc định 1) / how many agents may use it (default 1)")
        ->check(CLI::Range(1, 10'000));
    out.token
        ->add_option("--hours", words.token.valid_hours,
                     "Số giờ có hiệu lực: mặc định 72; với --api 8784 (một năm) / hours that it is valid: default 72; "
                     "with --api 8784 (a year)")
        ->check(CLI::Range(1, 87'600));
    out.token->add_flag(
        "--api", words.token.api,
        "Mã truy cập API: vai trò operator, hiệu lực một năm nếu không chọn khác / a bearer token for the "
        "API: role operator, valid for a year unless chosen otherwise");
    out.token->add_option("--role", words.token.role,
                          "Vai trò của mã API: administrator, operator (mặc định), auditor / role of an API token: "
                          "administrator, operator (default), auditor");
    out.token->add_option("--note", words.token.note, "Mã API dùng để làm gì / what an API token is for");
}

void declare_register(CLI::App& app, Words& words, Commands& out) {
    auto* reg = app.add_subcommand(
        "register",
        "Danh mục: kiểm tra, nhập, xuất / the register, what should exist: check it, bring it in, write it out");
    reg->require_subcommand(1)->fallthrough();
    out.reg_check = reg->add_subcommand(
        "check", "Liệt kê mọi lỗi của tệp YAML hoặc các bảng CSV / list every mistake of a YAML file or of CSV tables");
    out.reg_import = reg->add_subcommand(
        "import", "Nhập tệp YAML, hoặc thay các bảng CSV / bring in a YAML file, or replace the tables given as CSV");
    out.reg_export = reg->add_subcommand("export", "In một phiên bản dạng YAML / print a version as YAML");
    for (auto* one : {out.reg_check, out.reg_import})
        one->add_option(
               "paths", words.paths,
               "Một tệp .yaml, hoặc các tệp .csv, hoặc thư mục / one .yaml file, or .csv files, or a folder of them")
            ->required();
    out.reg_import->add_option("--who", words.who, "Người nhập / who brings it in")->required();
    out.reg_import->add_option("--why", words.why, "Lý do / why")->required();
    out.reg_import->add_flag("--yes", words.is_sure,
                             "Nhập cả khi trạm gác đã đăng ký mất trụ sở / even where enrolled agents lose their site");
    out.reg_export->add_option("version", words.version,
                               "Phiên bản; bỏ trống: mới nhất / as in the list of versions; the newest when left out");
}

void declare_rules(CLI::App& app, Words& words, Commands& out) {
    auto* rules = app.add_subcommand("rules", "Kiểm tra và thử các tệp quy tắc / check and test rule files");
    rules->require_subcommand(1)->fallthrough();
    out.rules_check =
        rules->add_subcommand("check", "Liệt kê mọi lỗi của tệp quy tắc / list every mistake of rule files");
    out.rules_test = rules->add_subcommand("test", "Chạy các tệp *.test.yaml / run the *.test.yaml files");
    for (auto* one : {out.rules_check, out.rules_test})
        one->add_option(
            "paths", words.paths,
            "Thư mục hoặc tệp; bỏ trống: theo cấu hình / folders or files; those of the configuration when left out");
}

void declare_upkeep(CLI::App& app, Words& words, Commands& out) {
    out.user = app.add_subcommand(
        "user",
        "Tạo người dùng hoặc đặt lại mật khẩu, in ra một lần / make a user or give one a new password, printed once");
    out.user->add_option("name", words.user.name, "Tên đăng nhập / the user's name")->required();
    out.user->add_option(
        "--role", words.user.role,
        "Vai trò: administrator, operator, auditor (mặc định, chỉ xem); với --replace mặc định là vai "
        "trò đang có / role: administrator, operator, auditor (default, sees only); with --replace the "
        "one that the user has");
    out.user->add_flag("--replace", words.user.replace,
                       "Đặt lại mật khẩu của người dùng đã có / give a user who is there a new password");
    out.backup = app.add_subcommand("backup",
                                    "Sao lưu cơ sở dữ liệu và khóa khi trung tâm đang chạy / write database and keys "
                                    "to a folder while the collector runs");
    out.backup->add_option("folder", words.folder, "Thư mục mới hoặc rỗng / an empty or new folder")->required();
    out.verify = app.add_subcommand(
        "verify", "Kiểm tra cơ sở dữ liệu và mọi chuỗi sự kiện / check the database and every event chain");
    out.verify->add_option(
        "backup", words.folder,
        "Bản sao lưu: thư mục hoặc tệp vonggac.db; bỏ trống: dữ liệu theo cấu hình / a backup: its folder or "
        "vonggac.db file; the configuration's data when left out");
}

Commands declare(CLI::App& app, Words& words) {
    Commands out;
    app.name("vonggac-collector");
    app.set_help_flag("-h,--help", "In trợ giúp này / print this help");
    app.get_formatter()->label("Usage", "Cách dùng / usage");
    app.set_version_flag("--version", std::string("vonggac-collector ") + VONGGAC_VERSION);
    app.add_option("--config", words.config_file,
                   std::string("Tệp cấu hình / configuration file [") + collector::usual_config + "]");
    app.add_flag("--check", words.check_only, "Chỉ kiểm tra cấu hình / only check the configuration");
    app.fallthrough();
    app.require_subcommand(0, 1);
    app.add_subcommand(
        "serve",
        "Chạy trung tâm (mặc định khi có --config) / run the collector (what is done when only --config is given)");
    declare_token(app, words, out);
    declare_register(app, words, out);
    declare_rules(app, words, out);
    declare_upkeep(app, words, out);
    for (auto* one : app.get_subcommands({})) one->fallthrough();
    return out;
}

int run(const Commands& chosen, const Words& words, const collector::Config& config) {
    if (words.check_only) return commands::check(config);
    const auto rule_paths = words.paths.empty() ? config.rules_dirs : words.paths;
    if (*chosen.token) return commands::make_token(config, words.token);
    if (*chosen.reg_check) return commands::register_check(words.paths);
    if (*chosen.reg_import) return commands::register_import(config, words.paths, words.who, words.why, words.is_sure);
    if (*chosen.reg_export) return commands::register_export(config, words.version);
    if (*chosen.rules_check) return commands::rules_check(rule_paths);
    if (*chosen.rules_test) return commands::rules_test(rule_paths);
    if (*chosen.user) return commands::make_user(config, words.user);
    if (*chosen.backup) return commands::backup(config, words.folder);
    if (*chosen.verify) return commands::verify(config, words.folder);
    return commands::serve(config);
}

}  // namespace

int main(int argc, char** argv) {
    Words words;
    CLI::App app{"Vọng Gác: trung tâm / the collector"};
    const auto chosen = declare(app, words);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& mistake) {
        if (mistake.get_exit_code() == 0) return app.exit(mistake);  // help, version
        std::fputs(usage_mistake("vonggac-collector", mistake.get_exit_code(), mistake.what()).c_str(), stderr);
        return wrong_usage;
    }

    // Nobody should start a collector by asking what this is.
    if (app.get_subcommands().empty() && words.config_file.empty() && !words.check_only) {
        std::fputs(app.help().c_str(), stderr);
        return 2;
    }
    collector::Config config;
    if (!load_config(chosen, words, config)) return wrong_usage;
    return run(chosen, words, config);
}
