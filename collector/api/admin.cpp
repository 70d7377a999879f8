#include "base/log.hpp"
#include "collector/api/handlers.hpp"
#include "collector/tokens.hpp"

namespace vg::collector::api {
namespace {

json::object user_item(const auth::User& user) {
    return {{"user", user.name},
            {"role", auth::to_string(user.role)},
            {"unit", or_null(user.unit)},
            {"made", iso(user.made)},
            {"must_change_password", user.must_change}};
}

std::optional<Answer> complaint(const std::string& password, const std::string& user) {
    const auto found = auth::complaint_about_password(password, user);
    if (!found) return std::nullopt;
    return problem(422, "weak_password", found->vi, found->en);
}

}  // namespace

Answer get_session(Call& call) {
    const auto* user = call.state.accounts.user(call.who.user);
    return answer(json::object{{"user", call.who.user},
                               {"role", auth::to_string(call.who.role)},
                               {"unit", or_null(call.who.unit)},
                               {"csrf", call.who.csrf},
                               {"must_change_password", user != nullptr && user->must_change}});
}

Answer delete_session(Call& call) {
    if (!call.who.session.empty())
        if (auto closed = call.state.accounts.close_session(call.pipeline.store(), call.who.session); !closed)
            return failed(closed.error());
    auto out = answer(json::object{{"signed_out", true}});
    out.headers.emplace_back("Set-Cookie", "vg_session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict");
    return out;
}

Answer change_password(Call& call) {
    call.state.accounts.throttle().succeeded(call.who.user, call.request.from.to_string());
    const auto body = body_of(call.request);
    if (!body) return not_json();
    if (const auto bad = complaint(text_field(*body, "password"), call.who.user)) return *bad;
    if (text_field(*body, "password") == text_field(*body, "current"))  // which was found right
        return problem(422, "same_password", "Mật khẩu mới phải khác mật khẩu hiện tại.",
                       "The new password must be another than the current one.");
    auto changed = call.state.accounts.set_password(call.pipeline.store(), call.who.user, call.password_hash, false,
                                                    call.who.session);
    if (!changed) return failed(changed.error());
    log::info("api", "user " + call.who.user + " changed the own password");
    return answer(json::object{{"changed", true}});
}

Answer list_users(Call& call) {
    json::array out;
    for (const auto& [name, user] : call.state.accounts.users()) out.push_back(user_item(user));
    return list_of(std::move(out));
}

Answer put_user(Call& call) {
    const auto body = body_of(call.request);
    if (!body) return not_json();
    auth::User user;
    user.name = text_field(*body, "user");
    user.unit = text_field(*body, "unit");
    user.password_hash = call.password_hash;
    user.made = call.now;
    user.must_change = true;
    const auto role = auth::parse_role(text_field(*body, "role"));
    if (!auth::is_user_name(user.name) || !role)
        return problem(422, "invalid", "Cần tên đăng nhập (chữ thường, số, . - _ @) và vai trò.",
                       "A user name (lower-case letters, digits, . - _ @) and a role are needed.");
    user.role = *role;
    if ((user.role == auth::Role::officer) != !user.unit.empty() ||
        (!user.unit.empty() && call.reg().unit(user.unit) == nullptr))
        return problem(422, "invalid", "Cán bộ xã cần mã đơn vị có trong danh mục; vai trò khác thì không.",
                       "An officer needs a unit of the register, other roles have none.");
    if (const auto bad = complaint(text_field(*body, "password"), user.name)) return *bad;
    if (user.name == call.who.user && user.role != auth::Role::administrator)
        return problem(409, "conflict", "Không thể tự bỏ vai trò quản trị của mình.",
                       "You cannot take the administrator's role from yourself.");
    const bool is_new = call.state.accounts.user(user.name) == nullptr;
    if (auto put = call.state.accounts.put_user(call.pipeline.store(), user); !put) return failed(put.error());
    if (auto set = call.state.accounts.set_password(call.pipeline.store(), user.name, user.password_hash, true,
                                                    call.who.session);
        !set)
        return failed(set.error());
    log::info("api", "user " + user.name + " was set by " + call.who.user);
    return answer(user_item(*call.state.accounts.user(user.name)), is_new ? 201 : 200);
}

Answer delete_user(Call& call) {
    const auto& name = call.path.front();
    if (name == call.who.user)
        return problem(409, "conflict", "Không thể tự xoá tài khoản của mình.", "You cannot erase your own account.");
    if (call.state.accounts.user(name) == nullptr) return not_found("tài khoản", "user");
    if (auto erased = call.state.accounts.erase_user(call.pipeline.store(), name); !erased)
        return failed(erased.error());
    log::info("api", "user " + name + " was erased by " + call.who.user);
    return answer(json::object{{"erased", true}});
}

Answer make_token(Call& call) {
    const auto body = body_of(call.request);
    if (!body) return not_json();
    NewToken wanted;
    wanted.site = text_field(*body, "site");
    wanted.made_by = call.who.user;
    const auto uses = int_field(*body, "uses").value_or(1), hours = int_field(*body, "valid_hours").value_or(72);
    if (call.reg().site(wanted.site) == nullptr) return not_found("trụ sở", "site");
    if (uses < 1 || uses > 10'000 || hours < 1 || hours > 24 * 366)
        return problem(422, "invalid", "uses từ 1 đến 10000, valid_hours từ 1 đến 8784.",
                       "uses is from 1 to 10000, valid_hours from 1 to 8784.");
    wanted.uses = static_cast<std::uint32_t>(uses);
    wanted.valid = std::chrono::hours(hours);
    auto token = make_enrolment_token(call.pipeline.store(), wanted, call.state.authority_fingerprint, call.now);
    if (!token) return failed(token.error());
    log::info("api", "an enrolment token for site " + wanted.site + " was made by " + call.who.user);
    return answer(
        json::object{
            {"token", *token}, {"site", wanted.site}, {"uses", uses}, {"expires", iso(call.now + wanted.valid)}},
        201);
}

Answer get_status(Call& call) {
    std::size_t total = 0, heard = 0;
    for (const auto& [id, agent] : call.pipeline.agents().all()) {
        if (agent.state() == AgentState::revoked || !call.sees_site(agent.enrolment.site)) continue;
        ++total;
        heard += agent.state() == AgentState::heard ? 1 : 0;
    }
    json::array problems;
    for (const auto& text : call.state.problems(call.pipeline)) problems.push_back(to_json(text));
    return answer(json::object{{"version", VONGGAC_VERSION},
                               {"now", iso(call.now)},
                               {"agents", json::object{{"total", total}, {"heard", heard}}},
                               {"samples_per_s", call.state.samples_per_s},
                               {"register_version", or_null(call.reg().version)},
                               {"rules_version", or_null(call.pipeline.rules().version)},
                               {"problems", std::move(problems)}});
}

}  // namespace vg::collector::api
