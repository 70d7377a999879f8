#include "collector/api/access.hpp"

#include "collector/tokens.hpp"

namespace vg::collector::api {
namespace {

Answer sign_in_first() { return problem(401, "sign_in", "Hãy đăng nhập.", "Sign in first."); }

}  // namespace

std::variant<auth::Principal, Answer> identify(State& state, Pipeline& pipeline, const http::Request& request,
                                               Time now) {
    const auto authorisation = request.header("authorization");
    if (authorisation.starts_with("Bearer ")) {
        auto token = find_api_token(pipeline.store(), std::string(authorisation.substr(7)), now);
        if (!token) return failed(token.error());
        const auto role = *token ? auth::parse_role((*token)->role) : std::nullopt;
        if (!role)
            return problem(401, "bad_token", "Mã truy cập không đúng hoặc đã hết hạn.",
                           "The access token is not right or has expired.");
        return auth::Principal{"token " + (*token)->id, *role, "", "", ""};
    }
    const auto secret = request.cookie(session_cookie);
    if (secret.empty()) return sign_in_first();
    auto who = state.accounts.principal(std::string(secret), now);
    if (!who) return sign_in_first();
    return std::move(*who);
}

std::optional<Answer> objection(const Route& route, const auth::Principal& who, const http::Request& request) {
    if (!auth::contains(route.roles, who.role))
        return problem(403, "forbidden", "Vai trò của bạn không được làm việc này.", "Your role may not do this.");
    const bool changes = route.method != "GET";
    if (changes && !who.session.empty() &&
        !crypto::equal_constant_time(view_of(request.header("x-csrf")), view_of(who.csrf)))
        return problem(403, "csrf", "Yêu cầu thiếu mã X-CSRF của phiên đăng nhập.",
                       "The request lacks the session's X-CSRF.");
    return std::nullopt;
}

}  // namespace vg::collector::api
