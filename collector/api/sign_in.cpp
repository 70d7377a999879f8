// Passwords: who comes in with one, and who sets one. Both are worked out beside the pipeline.
#include "base/log.hpp"
#include "collector/api/access.hpp"
#include "collector/api/api_state.hpp"
#include "collector/api/response.hpp"

namespace vg::collector::api {
namespace {

constexpr int most_password_checks = 16;  // waiting at once

}  // namespace

asio::awaitable<http::Response> Api::Impl::hash_first(const http::Request& request, const Match& matched) {
    std::string user;
    auto check = [&, kept = state](Pipeline& pipeline) -> std::optional<Answer> {
        auto who = identify(*kept, pipeline, request, pipeline.clock().wall());
        if (auto* refusal = std::get_if<Answer>(&who)) return std::move(*refusal);
        user = std::get<auth::Principal>(who).user;
        return objection(*matched.route, std::get<auth::Principal>(who), request);
    };
    if (auto closed = co_await core.ask(std::move(check))) co_return to_response(std::move(*closed), request, nullptr);
    const auto body = body_of(request);
    const auto password = body ? text_field(*body, "password") : std::string();
    // Who finds a browser that was left signed in does not get the account with it.
    if (matched.route->special == Special::own_password) {
        const auto current = body ? text_field(*body, "current") : std::string();
        auto refusal = co_await objection_to(user, current.substr(0, 1024), request.from.to_string());
        if (refusal && refusal->status == 401)
            refusal =
                problem(403, "wrong_password", "Mật khẩu hiện tại không đúng.", "The current password is not right.");
        if (refusal) co_return to_response(std::move(*refusal), request, nullptr);
    }
    if (password_checks >= most_password_checks) co_return to_response(busy(), request, nullptr);
    ++password_checks;
    auto work = [password] { return crypto::hash_password(password.substr(0, 1024)); };
    auto hash = co_await beside(std::move(work));
    --password_checks;
    if (!hash) co_return to_response(failed(hash.error()), request, nullptr);
    co_return co_await call(request, matched, std::move(*hash));
}

// Nothing when the password is the user's, else the refusal. Each failure makes the next attempt wait longer; success
// is told to the throttle by the caller, in the call that goes on.
asio::awaitable<std::optional<Answer>> Api::Impl::objection_to(std::string user, std::string password,
                                                               std::string address) {
    if (password_checks >= most_password_checks) co_return busy();
    struct Asked {
        std::optional<Millis> wait;
        std::string hash;
    };
    auto ask = [&, kept = state](Pipeline& pipeline) -> Asked {
        const auto now = pipeline.clock().wall();
        auto& throttle = kept->accounts.throttle();
        if (auto wait = throttle.wait(user, address, now)) return {wait, {}};
        throttle.failed(user, address, now);
        const auto* found = kept->accounts.user(user);
        return {std::nullopt, found != nullptr ? found->password_hash : nobodys_hash};
    };
    const Asked asked = co_await core.ask(std::move(ask));
    if (asked.wait) {
        auto slow_down = problem(429, "slow_down", "Sai mật khẩu nhiều lần; hãy chờ rồi thử lại.",
                                 "Too many wrong passwords; wait and try again.");
        slow_down.headers.emplace_back("Retry-After", std::to_string(asked.wait->count() / 1000 + 1));
        co_return slow_down;
    }
    ++password_checks;
    auto verify = [hash = asked.hash, password] { return crypto::verify_password(hash, password); };
    const bool right = co_await beside(std::move(verify));
    --password_checks;
    if (right) co_return std::nullopt;
    log::warning("api", "a wrong password for '" + http::printable(user) + "' from " + address);
    co_return problem(401, "wrong_password", "Tên đăng nhập hoặc mật khẩu không đúng.",
                      "The user name or the password is not right.");
}

asio::awaitable<http::Response> Api::Impl::sign_in(const http::Request& request) {
    const auto body = body_of(request);
    const auto user = body ? text_field(*body, "user") : std::string();
    const auto password = body ? text_field(*body, "password") : std::string();
    if (user.empty() || user.size() > 64 || password.size() > 1024)
        co_return to_response(
            problem(400, "malformed", "Cần tên đăng nhập và mật khẩu.", "A user name and a password are needed."),
            request, nullptr);
    const auto address = request.from.to_string();
    if (auto refusal = co_await objection_to(user, password, address))
        co_return to_response(std::move(*refusal), request, nullptr);
    auto open = [&, kept = state](Pipeline& pipeline) -> Answer {
        kept->accounts.throttle().succeeded(user, address);
        const auto* found = kept->accounts.user(user);
        if (found == nullptr) return not_found("tài khoản", "user");
        auto opened = kept->accounts.open_session(pipeline.store(), user, pipeline.clock().wall());
        if (!opened) return failed(opened.error());
        auto out = api::answer(json::object{{"user", user},
                                            {"role", auth::to_string(found->role)},
                                            {"unit", or_null(found->unit)},
                                            {"csrf", opened->csrf},
                                            {"must_change_password", found->must_change}});
        out.headers.emplace_back("Set-Cookie", std::string(session_cookie) + "=" + opened->secret +
                                                   "; Path=/; HttpOnly; Secure; SameSite=Strict");
        return out;
    };
    auto opened = co_await core.ask(std::move(open));
    co_return to_response(std::move(opened), request, nullptr);
}

}  // namespace vg::collector::api
