#include "probes/auth_log/auth_log.hpp"

#include "base/log.hpp"
#include "probes/auth_log/attempts.hpp"
#include "probes/auth_log/lines.hpp"
#include "probes/auth_log/login_line.hpp"
#include "probes/auth_log/pseudonym.hpp"
#include "probes/options.hpp"

#include <filesystem>

namespace vg::probes {
namespace {

using namespace auth_log;

constexpr auto default_state_dir = "/var/lib/vonggac-agent";  // of a run at the terminal

struct Settings {
    std::string id, target, key_file;
    bool plain_users = false;
    bool from_start = false;
    bool key_file_given = false;
};

class AuthLogWatcher final : public Watcher {
public:
    AuthLogWatcher(Settings settings, Surroundings around)
        : settings_(std::move(settings)), around_(around), names_(Names::plain()) {}

    asio::awaitable<Result<void>> watch(Emit emit) override {
        if (auto ready = prepare_names(); !ready) co_return ready.error();
        auto source = open_source();
        if (!source) co_return source.error();
        source_ = std::move(*source);
        Result<void> end;
        for (;;) {
            auto lines = co_await source_->next();
            if (!lines) {
                if (lines.error().code != Errc::cancelled) end = lines.error();
                break;
            }
            tell(*lines, emit);
        }
        source_.reset();
        co_return end;
    }

    void stop() override {
        if (source_) source_->cancel();
    }

private:
    Result<void> prepare_names() {
        if (settings_.plain_users) return {};
        if (auto names = Names::with_key_file(settings_.key_file)) {
            names_ = std::move(*names);
        } else {
            if (settings_.key_file_given) return names.error();
            log::warning("auth_log", names.error().message + "; pseudonyms will differ after a restart");
            names_ = Names::with_passing_key();
        }
        return {};
    }

    Result<std::unique_ptr<LineSource>> open_source() {
        if (!settings_.target.empty() && settings_.target != "journal")
            return follow_file(around_.io, settings_.target, settings_.from_start);
        auto journal = follow_journal(around_.io);
        if (journal || settings_.target == "journal") return journal;
        for (const auto* path : {"/var/log/auth.log", "/var/log/secure", "/var/log/messages"}) {
            std::error_code ignored;
            if (std::filesystem::exists(path, ignored)) return follow_file(around_.io, path, settings_.from_start);
        }
        return fail(
            Errc::unavailable,
            say({"máy này không có nhật ký hệ thống (journal) và cũng không có tệp nhật ký đăng nhập quen thuộc",
                 "this machine has neither a journal nor a known log file of logins"}));
    }

    void tell(const std::vector<LogLine>& lines, const Emit& emit) {
        wire::Observation o;
        o.probe = settings_.id;
        o.at = around_.clock.mono();
        for (const auto& line : lines) {
            const auto login = parse_login(line.program, line.message);
            if (login && attempts_.is_new(*login, line.pid, o.at)) o.events.push_back(event(*login, o.at - line.age));
        }
        if (!o.events.empty()) emit(std::move(o));
    }

    [[nodiscard]] wire::Event event(const Login& login, Mono at) const {
        wire::Event e;
        e.kind = login.accepted ? "login.accepted" : "login.failed";
        e.severity = login.accepted ? wire::Severity::info : wire::Severity::low;
        e.subject = {wire::SubjectKind::agent, ""};
        const auto add = [&](const char* name, std::string value) {
            if (!value.empty()) e.fields.emplace_back(name, std::move(value));
        };
        add("user", names_.shown(login.user));
        add("src_ip", login.address);
        add("service", login.service);
        add("method", login.method);
        if (login.port != 0) add("port", std::to_string(login.port));
        add("target_user", names_.shown(login.target_user));
        e.at = std::max(at, Mono{});
        return e;
    }

    Settings settings_;
    Surroundings around_;
    Names names_;
    Attempts attempts_;
    std::unique_ptr<LineSource> source_;
};

std::unique_ptr<Watcher> make(const Task& task, Surroundings around, Problems& problems) {
    Options options(task, problems);
    Settings s;
    s.id = task.id;
    s.target = task.target;
    const auto state_dir = around.state_dir.empty() ? std::string(default_state_dir) : around.state_dir;
    s.key_file = options.text("pseudonym_key_file", state_dir + "/pseudonym.key");
    s.key_file_given = options.node("pseudonym_key_file") != nullptr;
    const auto users = options.text("users", "pseudonym");
    if (users != "plain" && users != "pseudonym")
        options.complain("users", {"users phải là plain hoặc pseudonym", "users must be plain or pseudonym"});
    s.plain_users = users == "plain";
    s.from_start = options.flag("from_start", false);
    if (!options.ok()) return nullptr;
    return std::make_unique<AuthLogWatcher>(std::move(s), around);
}

}  // namespace

Kind auth_log_kind() {
    Kind kind;
    kind.name = "auth_log";
    kind.vi = "Các lần đăng nhập thành công và thất bại trên máy này";
    kind.en = "Failed and accepted logins of this machine";
    kind.target_help = "journal, a log file, or nothing: what this machine has";
    kind.options = {
        {"users", "pseudonym|plain", "pseudonym", "tên người dùng: thay bằng bí danh hay để nguyên",
         "names of people as pseudonyms or as they are"},
        {"pseudonym_key_file", "text", "state_dir/pseudonym.key",
         "tệp khóa để tạo bí danh; trạm gác tự tạo nếu chưa có",
         "the key that makes pseudonyms; made by the agent when missing"},
        {"from_start", "true|false", "false", "đọc tệp từ đầu thay vì chỉ dòng mới",
         "read a file from its beginning, not only new lines"},
    };
    kind.make_watcher = make;
    return kind;
}

}  // namespace vg::probes
