#pragma once
// Users and their sessions, kept in the store: passwords as Argon2id, session secrets as SHA-256. Checking a password
// takes tens of milliseconds and happens elsewhere: this class gives the hash to check and takes the outcome. Used from
// the thread that owns the store.

#include "collector/auth/role.hpp"
#include "collector/auth/throttle.hpp"
#include "collector/store.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vg::collector::auth {

struct User {
    std::string name;
    Role role = Role::auditor;
    std::string unit;           // officers only
    std::string password_hash;  // never leaves this room
    Time made{};
    bool must_change = false;  // the password was given by somebody else
};

struct Session {
    std::string id;  // SHA-256 of the secret, hex
    std::string user, csrf;
    Time made{}, used{};
};

class Accounts {
public:
    [[nodiscard]] static Result<Accounts> load(Store& store, Time now);

    // Takes up what another process (the sub-command `user`) wrote.
    [[nodiscard]] Result<void> refresh_users(Store& store);

    [[nodiscard]] const std::map<std::string, User>& users() const { return users_; }
    [[nodiscard]] const User* user(const std::string& name) const;
    [[nodiscard]] Result<void> put_user(Store& store, const User& user);
    [[nodiscard]] Result<void> erase_user(Store& store, const std::string& name);  // and its sessions
    // A new password ends all sessions of the user but one.
    [[nodiscard]] Result<void> set_password(Store& store, const std::string& name, const std::string& hash,
                                            bool must_change, const std::string& keep_session);

    [[nodiscard]] Throttle& throttle() { return throttle_; }

    struct Opened {
        std::string secret;  // for the cookie
        std::string csrf;
    };
    [[nodiscard]] Result<Opened> open_session(Store& store, const std::string& user, Time now);
    [[nodiscard]] Result<void> close_session(Store& store, const std::string& id);
    // Whose session the cookie's secret is; ended and unknown ones give nothing.
    [[nodiscard]] std::optional<Principal> principal(const std::string& secret, Time now);

private:
    std::map<std::string, User> users_;
    std::map<std::string, Session> sessions_;  // by id
    Throttle throttle_;
};

struct UserWish {
    std::string name;
    std::optional<Role> role;  // nothing: as it was; of somebody new the least, an auditor's
    bool replace = false;      // somebody of this name may be there already
};
struct UserMade {
    User user;
    std::string password;  // to be shown once
    bool was_there = false;
};
// Lower-case letters, digits and . - _ @, 1 to 64 of them.
[[nodiscard]] bool is_user_name(std::string_view name);
// Makes a user with a password from chance, or gives one who is there another: Error(conflict) unless that is wished.
// For sub-commands; nobody is signed out.
[[nodiscard]] Result<UserMade> make_user(Store& store, const UserWish& wish, Time now);
// Makes the first administrator when there is no user at all; gives the password, to be shown once.
[[nodiscard]] Result<std::optional<std::string>> make_first_administrator(Store& store, Time now);

// Why a password is not good enough; nothing when it is.
struct Complaint {
    std::string vi, en;
};
[[nodiscard]] std::optional<Complaint> complaint_about_password(std::string_view password, std::string_view user);

}  // namespace vg::collector::auth
