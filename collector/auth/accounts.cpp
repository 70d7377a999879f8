#include "collector/auth/accounts.hpp"

#include "collector/json_fields.hpp"

#include <boost/json.hpp>

namespace vg::collector::auth {
namespace {

namespace json = boost::json;
using std::chrono::hours;

constexpr const char* users_collection = "users";
constexpr const char* sessions_collection = "sessions";
constexpr Millis idle_life = hours(12);
constexpr Millis whole_life = hours(24 * 7);
constexpr std::size_t most_sessions_per_user = 50;

Time time(const json::object& object, std::string_view name) {
    return Time(Millis(int_field(object, name).value_or(0)));
}

std::string serialise(const User& user) {
    return json::serialize(json::object{{"role", to_string(user.role)},
                                        {"unit", user.unit},
                                        {"hash", user.password_hash},
                                        {"made_ms", user.made.time_since_epoch().count()},
                                        {"must_change", user.must_change}});
}

std::string serialise(const Session& session) {
    return json::serialize(json::object{{"user", session.user},
                                        {"csrf", session.csrf},
                                        {"made_ms", session.made.time_since_epoch().count()},
                                        {"used_ms", session.used.time_since_epoch().count()}});
}

bool is_over(const Session& session, Time now) {
    return now - session.used > idle_life || now - session.made > whole_life;
}

Result<User> read_user(const Document& document) {
    const auto object = object_of(document.text);
    const auto role = object ? parse_role(text_field(*object, "role")) : std::nullopt;
    if (!role)
        return fail(Errc::corrupt,
                    say({"không đọc được bản ghi người dùng {}", "the record of user {} cannot be read"}, document.id));
    const auto* must_change = object->if_contains("must_change");
    return User{document.id,
                *role,
                text_field(*object, "unit"),
                text_field(*object, "hash"),
                time(*object, "made_ms"),
                must_change != nullptr && *must_change == true};
}

}  // namespace

const char* to_string(Role role) noexcept {
    switch (role) {
        case Role::administrator: return "administrator";
        case Role::operator_: return "operator";
        case Role::officer: return "officer";
        case Role::auditor: return "auditor";
    }
    return "auditor";
}

std::optional<Role> parse_role(std::string_view text) noexcept {
    for (const auto role : {Role::administrator, Role::operator_, Role::officer, Role::auditor})
        if (text == to_string(role)) return role;
    return std::nullopt;
}

Result<Accounts> Accounts::load(Store& store, Time now) {
    Accounts accounts;
    if (auto refreshed = accounts.refresh_users(store); !refreshed) return refreshed.error();
    auto sessions = store.documents(sessions_collection);
    if (!sessions) return sessions.error();
    for (const auto& document : *sessions) {
        const auto object = object_of(document.text);
        if (!object) continue;
        Session session{document.id, text_field(*object, "user"), text_field(*object, "csrf"), time(*object, "made_ms"),
                        time(*object, "used_ms")};
        if (is_over(session, now) || !accounts.users_.contains(session.user)) {
            if (auto erased = store.erase(sessions_collection, document.id); !erased) return erased.error();
        } else {
            accounts.sessions_[document.id] = std::move(session);
        }
    }
    return accounts;
}

Result<void> Accounts::refresh_users(Store& store) {
    std::map<std::string, User> fresh;
    auto users = store.documents(users_collection);
    if (!users) return users.error();
    for (const auto& document : *users) {
        auto user = read_user(document);
        if (!user) return user.error();
        fresh[document.id] = std::move(*user);
    }
    users_ = std::move(fresh);
    return {};
}

const User* Accounts::user(const std::string& name) const {
    const auto found = users_.find(name);
    return found != users_.end() ? &found->second : nullptr;
}

Result<void> Accounts::put_user(Store& store, const User& user) {
    if (auto put = store.put({users_collection, user.name, serialise(user), user.made}); !put) return put.error();
    users_[user.name] = user;
    return {};
}

Result<void> Accounts::erase_user(Store& store, const std::string& name) {
    if (!users_.contains(name))
        return fail(Errc::not_found, say({"không có người dùng {}", "there is no user {}"}, name));
    if (auto erased = store.erase(users_collection, name); !erased) return erased.error();
    users_.erase(name);
    for (auto it = sessions_.begin(); it != sessions_.end();) {
        const auto id = it->first;
        const bool ends = it->second.user == name;
        ++it;
        if (!ends) continue;
        if (auto closed = close_session(store, id); !closed) return closed.error();
    }
    return {};
}

Result<void> Accounts::set_password(Store& store, const std::string& name, const std::string& hash, bool must_change,
                                    const std::string& keep_session) {
    const auto* found = user(name);
    if (found == nullptr) return fail(Errc::not_found, say({"không có người dùng {}", "there is no user {}"}, name));
    User changed = *found;
    changed.password_hash = hash;
    changed.must_change = must_change;
    if (auto put = put_user(store, changed); !put) return put.error();
    std::vector<std::string> ending;
    for (const auto& [id, session] : sessions_)
        if (session.user == name && id != keep_session) ending.push_back(id);
    for (const auto& id : ending)
        if (auto closed = close_session(store, id); !closed) return closed.error();
    return {};
}

Result<Accounts::Opened> Accounts::open_session(Store& store, const std::string& user, Time now) {
    std::size_t mine = 0;
    std::string oldest;
    for (const auto& [id, session] : sessions_) {
        if (session.user != user) continue;
        ++mine;
        if (oldest.empty() || session.used < sessions_[oldest].used) oldest = id;
    }
    if (mine >= most_sessions_per_user)
        if (auto closed = close_session(store, oldest); !closed) return closed.error();
    const auto secret = crypto::random_text(40);
    Session session{crypto::to_hex(crypto::sha256(view_of(secret))), user, crypto::random_text(26), now, now};
    if (auto put = store.put({sessions_collection, session.id, serialise(session), now}); !put) return put.error();
    Opened opened{secret, session.csrf};
    sessions_[session.id] = std::move(session);
    return opened;
}

Result<void> Accounts::close_session(Store& store, const std::string& id) {
    if (auto erased = store.erase(sessions_collection, id); !erased) return erased.error();
    sessions_.erase(id);
    return {};
}

std::optional<Principal> Accounts::principal(const std::string& secret, Time now) {
    const auto found = sessions_.find(crypto::to_hex(crypto::sha256(view_of(secret))));
    if (found == sessions_.end() || is_over(found->second, now)) return std::nullopt;
    auto& session = found->second;
    const auto* who = user(session.user);
    if (who == nullptr) return std::nullopt;
    session.used = now;
    return Principal{who->name, who->role, who->unit, session.csrf, session.id};
}

bool is_user_name(std::string_view name) {
    if (name.empty() || name.size() > 64) return false;
    for (const char c : name)
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == '@'))
            return false;
    return true;
}

Result<UserMade> make_user(Store& store, const UserWish& wish, Time now) {
    auto kept = store.document(users_collection, wish.name);
    if (!kept) return kept.error();
    if (*kept && !wish.replace)
        return fail(Errc::conflict,
                    say({"đã có người dùng '{0}'; muốn đặt lại mật khẩu của người này, hãy thêm --replace",
                         "there is a user '{0}' already; add --replace to give this user a new password"},
                        wish.name));
    if (!*kept && !is_user_name(wish.name))
        return fail(
            Errc::invalid_input,
            say({"'{}' không dùng làm tên đăng nhập được; hãy dùng chữ thường, số, . - _ @, nhiều nhất 64 ký tự",
                 "'{}' cannot be the name of a user; use lower-case letters, digits, . - _ @, 64 at most"},
                wish.name));
    UserMade out;
    out.user.name = wish.name;
    out.user.made = now;
    out.user.must_change = true;
    out.password = crypto::random_text(20);
    out.was_there = kept->has_value();
    if (*kept) {
        const auto old = read_user(**kept);
        if (!old) return old.error();
        out.user.made = old->made;
        out.user.role = old->role;
        if (!wish.role || *wish.role == old->role) out.user.unit = old->unit;
    }
    if (wish.role) out.user.role = *wish.role;
    auto hash = crypto::hash_password(out.password);
    if (!hash) return hash.error();
    out.user.password_hash = std::move(*hash);
    if (auto put = store.put({users_collection, out.user.name, serialise(out.user), now}); !put) return put.error();
    return out;
}

Result<std::optional<std::string>> make_first_administrator(Store& store, Time now) {
    auto users = store.documents(users_collection);
    if (!users) return users.error();
    if (!users->empty()) return std::optional<std::string>();
    auto made = make_user(store, {"admin", Role::administrator, false}, now);
    if (!made) return made.error();
    return std::optional(std::move(made->password));
}

std::optional<Complaint> complaint_about_password(std::string_view password, std::string_view user) {
    if (password.size() < 10)
        return Complaint{"Mật khẩu cần ít nhất 10 ký tự.", "A password needs 10 characters or more."};
    if (password.size() > 256) return Complaint{"Mật khẩu quá dài.", "The password is too long."};
    if (password == user) return Complaint{"Mật khẩu trùng tên đăng nhập.", "The password equals the user name."};
    return std::nullopt;
}

}  // namespace vg::collector::auth
