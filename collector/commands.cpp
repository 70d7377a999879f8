#include "collector/commands.hpp"

#include "base/system_words.hpp"
#include "collector/auth/accounts.hpp"
#include "collector/authority.hpp"
#include "collector/register/read.hpp"
#include "collector/register/versions.hpp"
#include "collector/register_import.hpp"
#include "collector/rule_files.hpp"
#include "collector/tokens.hpp"
#include "collector/verify.hpp"
#include "rules/rule_test.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace vg::collector::commands {
namespace {

namespace fs = std::filesystem;

int complain(const Error& error) {
    std::fprintf(stderr, "vonggac-collector: %s\n", in_both(told(error)).c_str());
    return 1;
}

template <class... Values>
void print(Wording<sizeof...(Values)> wording, const Values&... values) {
    std::puts(in_both(say(wording, values...)).c_str());
}

int list(const Problems& problems) {
    std::fprintf(stderr, "%s", problems.text().c_str());
    return 1;
}

Result<std::unique_ptr<Store>> open(const Config& config) {
    std::error_code ec;
    fs::create_directories(config.data_dir, ec);
    if (ec)
        return fail(Errc::permission, say({"không tạo được thư mục {}: {}", "the folder {} cannot be made: {}"},
                                          config.data_dir, system_words(ec)));
    fs::permissions(config.data_dir, fs::perms::owner_all, ec);  // keys and hashes live there
    return open_sqlite_store((fs::path(config.data_dir) / "vonggac.db").string());
}

Time now() { return system_clock().wall(); }

}  // namespace

int make_token(const Config& config, const TokenWish& wish) {
    auto store = open(config);
    if (!store) return complain(store.error());
    if (wish.api && !wish.site.empty())
        return complain(
            fail(Errc::invalid_input,
                 say({"mã API không thuộc trụ sở nào; hãy bỏ --site, hoặc bỏ --api nếu mã dành cho trạm gác",
                      "an API token belongs to no site: leave out --site, or --api if it is for agents"})));
    if (wish.api) {
        const auto role = auth::parse_role(wish.role);
        if (!role || *role == auth::Role::officer)
            return complain(fail(Errc::invalid_input, say({"--role là administrator, operator hoặc auditor",
                                                           "--role is administrator, operator or auditor"})));
        auto token = make_api_token(**store, wish.role, "command line", wish.note,
                                    std::chrono::hours(wish.valid_hours > 0 ? wish.valid_hours : 24 * 366), now());
        if (!token) return complain(token.error());
        std::puts(token->c_str());
        return 0;
    }
    if (wish.site.empty())
        return complain(
            fail(Errc::invalid_input, say({"hãy nêu trụ sở: --site MÃ_TRỤ_SỞ", "name the site: --site SITE"})));
    auto reg = registry::load_latest(**store);
    if (!reg) return complain(reg.error());
    if (*reg == nullptr || (*reg)->site(wish.site) == nullptr)
        return complain(
            fail(Errc::not_found, say({"danh mục không có trụ sở '{}'", "the register has no site '{}'"}, wish.site)));
    auto authority = Authority::open(config.data_dir, config.names, now());
    if (!authority) return complain(authority.error());
    const NewToken wanted{wish.site, wish.uses, std::chrono::hours(wish.valid_hours > 0 ? wish.valid_hours : 72),
                          "command line"};
    auto token = make_enrolment_token(**store, wanted, authority->fingerprint(), now());
    if (!token) return complain(token.error());
    std::puts(token->c_str());
    return 0;
}

int register_check(const std::vector<std::string>& paths) {
    Problems problems;
    const auto reg = registry::read_paths(paths, {}, problems);
    if (!problems.empty()) {
        std::fprintf(stderr, "%s%zu lỗi / %zu problems\n", problems.text().c_str(), problems.list().size(),
                     problems.list().size());
        return 1;
    }
    print({"hợp lệ: {} đơn vị, {} trụ sở, {} đường truyền, {} dịch vụ, {} thiết bị",
           "in order: {} units, {} sites, {} uplinks, {} services, {} devices"},
          reg.units.size(), reg.sites.size(), reg.uplinks.size(), reg.services.size(), reg.devices.size());
    return 0;
}

int register_import(const Config& config, const std::vector<std::string>& paths, const std::string& who,
                    const std::string& why, bool is_sure) {
    auto store = open(config);
    if (!store) return complain(store.error());
    auto current = registry::load_latest(**store);
    if (!current) return complain(current.error());
    Problems problems;
    const auto reg = registry::read_paths(paths, *current != nullptr ? **current : registry::Register(), problems);
    if (!problems.empty()) {
        std::fprintf(stderr, "%s", problems.text().c_str());
        std::fprintf(stderr, "%zu lỗi; bản cũ vẫn có hiệu lực / %zu problems; the old version stays in force\n",
                     problems.list().size(), problems.list().size());
        return 1;
    }
    const RegisterWish wish{registry::source_text(paths, reg), who, why, is_sure};
    const auto done =
        import_register(**store, *current != nullptr ? **current : registry::Register(), reg, wish, now());
    if (!done) return complain(done.error());
    for (const auto& line : done->report.lines()) std::puts(in_both(line).c_str());
    if (!done->kept)
        return complain(fail(Errc::conflict, say({"không nhập, bản cũ vẫn có hiệu lực; nếu đúng là bỏ các trụ sở ấy, "
                                                  "hãy thêm --yes",
                                                  "not brought in, the old version stays in force; if these sites are "
                                                  "to go, add --yes"})));
    if (*current != nullptr && done->kept->version == (*current)->version)
        print({"danh mục không có gì thay đổi, bản {} vẫn có hiệu lực", "nothing changed, register {} stays in force"},
              done->kept->version);
    else
        print({"danh mục {} có hiệu lực", "register {} is in force"}, done->kept->version);
    return 0;
}

int register_export(const Config& config, const std::string& version) {
    auto store = open(config);
    if (!store) return complain(store.error());
    auto wanted = version.empty() ? registry::latest_version(**store) : Result<std::string>(version);
    if (!wanted) return complain(wanted.error());
    auto text = registry::text_of(**store, *wanted);
    if (!text) return complain(text.error());
    std::fputs(text->c_str(), stdout);
    return 0;
}

int rules_check(const std::vector<std::string>& paths) {
    Problems problems;
    const auto rules = load_rule_files(paths, problems);
    if (!problems.empty()) return list(problems);
    print({"hợp lệ: {} yêu cầu, {} dấu hiệu", "in order: {} expectations, {} detections"}, rules->expectations.size(),
          rules->detections.size());
    for (const auto& rule : rules->expectations)
        for (const auto& why : rule.problems)
            std::printf("%s: %s: %s\n", to_string(rule.place).c_str(), rule.id.c_str(), in_both(why).c_str());
    return 0;
}

int rules_test(const std::vector<std::string>& paths) {
    if (auto readable = can_read_rules(paths); !readable) return complain(readable.error());
    Problems problems;
    const auto rules = load_rule_files(paths, problems);
    const auto tests = rules::read_test_files(paths, problems);
    if (!problems.empty()) return list(problems);
    const auto report = rules::run_rule_tests(rules, tests, problems);
    if (!problems.empty()) return list(problems);
    if (!report.failures.empty()) return list(report.failures);
    print({"{} bài thử, {} phép kiểm tra: đều đúng", "{} tests, {} checks: all hold"}, report.tests, report.checks);
    return 0;
}

int make_user(const Config& config, const UserWish& wish) {
    const auto role = auth::parse_role(wish.role);
    if (!wish.role.empty() && (!role || *role == auth::Role::officer))
        return complain(fail(Errc::invalid_input, say({"--role là administrator, operator hoặc auditor",
                                                       "--role is administrator, operator or auditor"})));
    auto store = open(config);
    if (!store) return complain(store.error());
    const auto made = auth::make_user(**store, {wish.name, role, wish.replace}, now());
    if (!made) return complain(made.error());
    // The password alone goes where a script reads it.
    const auto name = made->user.name, as = std::string(auth::to_string(made->user.role));
    const auto done =
        made->was_there
            ? say({"đã đặt lại mật khẩu của người dùng '{}' (vai trò {}); mật khẩu mới chỉ in một lần này:",
                   "user '{}' (role {}) has a new password, printed this once:"},
                  name, as)
            : say({"đã tạo người dùng '{}' với vai trò {}; mật khẩu chỉ in một lần này, người dùng hãy "
                   "đổi ngay sau khi đăng nhập:",
                   "user '{}' was made with the role {}; the password, printed this once, should be changed "
                   "after signing in:"},
                  name, as);
    std::fprintf(stderr, "%s\n", in_both(done).c_str());
    std::puts(made->password.c_str());
    return 0;
}

int backup(const Config& config, const std::string& folder) {
    auto store = open(config);
    if (!store) return complain(store.error());
    const fs::path from(config.data_dir), to(folder);
    std::error_code ec;
    fs::create_directories(to, ec);
    if (ec)
        return complain(
            fail(Errc::permission,
                 say({"không tạo được thư mục {}: {}", "the folder {} cannot be made: {}"}, folder, system_words(ec))));
    fs::permissions(to, fs::perms::owner_all, ec);
    if (fs::exists(to / "vonggac.db"))
        return complain(fail(Errc::conflict, say({"thư mục {} đã có một bản sao lưu; hãy chọn thư mục khác",
                                                  "a backup stands in {} already; name another folder"},
                                                 folder)));
    if (auto done = (*store)->backup_to((to / "vonggac.db").string()); !done) return complain(done.error());
    for (const char* name : {"ca.key", "ca.crt", "server.key", "server.crt"}) {
        fs::copy_file(from / name, to / name, ec);
        if (ec && fs::exists(from / name))
            return complain(fail(Errc::no_space,
                                 say({"không chép được {}: {}", "{} cannot be copied: {}"}, name, system_words(ec))));
        if (!ec) fs::permissions(to / name, fs::perms::owner_read | fs::perms::owner_write, ec);
    }
    std::printf("%s\n", (to / "vonggac.db").c_str());
    return 0;
}

int check(const Config& config) {
    const auto warn = [](const std::string& path, const char* vi, const char* en) {
        std::fprintf(stderr, "%s: %s / %s\n", path.c_str(), vi, en);
    };
    std::error_code ec;
    for (const auto& folder : config.rules_dirs)
        if (!fs::exists(folder, ec))
            warn(folder, "cảnh báo: không có thư mục quy tắc này, sẽ không có quy tắc nào từ đây",
                 "warning: there is no such rules folder, no rule will come from it");
    if (!config.web_root.empty() && !fs::exists(fs::path(config.web_root) / "index.html", ec))
        warn(config.web_root, "cảnh báo: không có trang web (index.html) ở đây",
             "warning: the pages (index.html) are not there");
    std::puts("cấu hình hợp lệ / the configuration is in order");
    return 0;
}

int verify(const Config& config, const std::string& backup) {
    std::error_code ec;
    fs::path database = backup.empty() ? fs::path(config.data_dir) : fs::path(backup);
    if (backup.empty() || fs::is_directory(database, ec)) database /= "vonggac.db";
    const fs::path folder = database.parent_path();
    // A database that was copied alone is held against this collector's authority.
    fs::path certificate = folder / "ca.crt";
    if (!fs::exists(certificate, ec)) certificate = fs::path(config.data_dir) / "ca.crt";
    std::ifstream in(certificate);
    std::stringstream authority;
    authority << in.rdbuf();
    if (!in.is_open())
        return complain(fail(Errc::not_found, say({"không đọc được {}; cần tệp này để kiểm tra dấu niêm phong",
                                                   "{} cannot be read; seals need it"},
                                                  certificate.string())));
    const auto report = collector::verify(database.string(), authority.str());
    if (!report) return complain(report.error());
    for (const auto& finding : report->findings)
        std::printf("%s: trạm gác / agent %s, epoch %llu, event %llu: %s / %s\n", to_string(finding.kind),
                    finding.agent.c_str(), static_cast<unsigned long long>(finding.epoch),
                    static_cast<unsigned long long>(finding.index), finding.vi.c_str(), finding.en.c_str());
    print({"{} sự kiện, {} chuỗi, {} dấu niêm phong: {}", "{} events, {} chains, {} seals: {}"}, report->events,
          report->chains, report->seals,
          report->is_intact() ? say({"nguyên vẹn", "intact"}) : say({"KHÔNG nguyên vẹn", "NOT intact"}));
    return report->is_intact() ? 0 : 1;
}

}  // namespace vg::collector::commands
