// vonggac-collector: the command line. CLI11 is named here only; what the sub-commands do stands in commands.

#include "collector/commands.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

using namespace vg;
namespace commands = vg::collector::commands;

namespace {

struct Words {
    std::string config_file;
    bool check_only = false;
    commands::TokenWish token;
    std::vector<std::string> paths;
    std::string who = "command line", why, name, role = "administrator", folder, version;
};

// A missing file is refused when it was named, and stands for the defaults when it was not.
bool load_config(const Words& words, collector::Config& config) {
    if (words.config_file.empty()) return true;
    Problems problems;
    config = collector::read_config_file(words.config_file, problems);
    if (!problems.empty()) std::fprintf(stderr, "%s", problems.text().c_str());
    return problems.empty();
}

}  // namespace

int main(int argc, char** argv) {
    Words words;
    CLI::App app{"Vọng Gác: trung tâm / the collector"};
    app.set_version_flag("--version", std::string("vonggac-collector ") + VONGGAC_VERSION);
    app.add_option("--config", words.config_file, "collector.yaml");
    app.add_flag("--check", words.check_only, "check the configuration and exit");
    app.fallthrough();
    app.require_subcommand(0, 1);

    auto* serve = app.add_subcommand("serve", "run the collector (what is done when only --config is given)");
    auto* token = app.add_subcommand("token", "make an enrolment token, or with --api one for automation");
    token->add_option("--site", words.token.site, "site of the agents that use it");
    token->add_option("--uses", words.token.uses, "how many agents may use it")->check(CLI::Range(1, 10'000));
    token->add_option("--hours", words.token.valid_hours, "how long it is valid; 72, with --api a year")
        ->check(CLI::Range(1, 87'600));
    token->add_flag("--api", words.token.api, "a bearer token for the API");
    token->add_option("--role", words.token.role, "of an API token: administrator, operator, auditor");
    token->add_option("--note", words.token.note, "what an API token is for");

    auto* reg = app.add_subcommand("register", "what should exist: check it, bring it in, write it out");
    reg->require_subcommand(1)->fallthrough();
    auto* reg_check = reg->add_subcommand("check", "list every mistake of a YAML file or of CSV tables");
    auto* reg_import = reg->add_subcommand("import", "bring in a YAML file, or replace the tables given as CSV");
    auto* reg_export = reg->add_subcommand("export", "print a version as YAML");
    for (auto* one : {reg_check, reg_import})
        one->add_option("paths", words.paths, "one .yaml file, or .csv files, or a folder of them")->required();
    reg_import->add_option("--who", words.who, "who brings it in");
    reg_import->add_option("--why", words.why, "why");
    reg_export->add_option("version", words.version, "as in the list of versions; the newest when left out");

    auto* rules = app.add_subcommand("rules", "check and test rule files");
    rules->require_subcommand(1)->fallthrough();
    auto* rules_check = rules->add_subcommand("check", "list every mistake of rule files");
    auto* rules_test = rules->add_subcommand("test", "run the *.test.yaml files");
    for (auto* one : {rules_check, rules_test})
        one->add_option("paths", words.paths, "folders or files; those of the configuration when left out");

    auto* user = app.add_subcommand("user", "make a user or give one a new password, printed once");
    user->add_option("name", words.name, "the user's name")->required();
    user->add_option("--role", words.role, "administrator, operator, auditor");
    auto* backup = app.add_subcommand("backup", "write database and keys to a folder while the collector runs");
    backup->add_option("folder", words.folder, "an empty or new folder")->required();
    auto* verify = app.add_subcommand("verify", "check the database and every event chain");
    for (auto* one : app.get_subcommands({})) one->fallthrough();
    CLI11_PARSE(app, argc, argv);

    // The defaults are for a packaged collector: nobody should start one by asking what this is.
    if (app.get_subcommands().empty() && words.config_file.empty() && !words.check_only) {
        std::fputs(app.help().c_str(), stderr);
        return 2;
    }
    collector::Config config;
    if (!load_config(words, config)) return 2;
    if (words.check_only) {
        std::puts("the configuration is in order");
        return 0;
    }
    const auto rule_paths = words.paths.empty() ? config.rules_dirs : words.paths;
    if (*token) return commands::make_token(config, words.token);
    if (*reg_check) return commands::register_check(words.paths);
    if (*reg_import) return commands::register_import(config, words.paths, words.who, words.why);
    if (*reg_export) return commands::register_export(config, words.version);
    if (*rules_check) return commands::rules_check(rule_paths);
    if (*rules_test) return commands::rules_test(rule_paths);
    if (*user) return commands::reset_user(config, words.name, words.role);
    if (*backup) return commands::backup(config, words.folder);
    if (*verify) return commands::verify(config);
    (void)serve;
    return commands::serve(config);
}
