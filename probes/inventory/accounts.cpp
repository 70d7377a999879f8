#include "probes/inventory/accounts.hpp"

#include "probes/inventory/words.hpp"

#include <algorithm>
#include <cstring>

namespace vg::probes::inventory {
namespace {

constexpr std::uint32_t first_ordinary = 1000, last_ordinary = 60'000;  // login.defs(5), as every distribution ships it
constexpr std::size_t most_accounts = 2000;
constexpr auto idle_after = std::chrono::days{45};

bool lets_in(std::string_view shell) {
    shell = shell.substr(shell.rfind('/') + 1);
    return shell != "nologin" && shell != "false" && shell != "sync" && shell != "shutdown" && shell != "halt" &&
           shell != "git-shell" && shell != "true";
}

// utmp(5) as glibc writes it on every Linux of today: times of 32 bits.
constexpr std::size_t wtmp_record = 384, wtmp_user = 44, wtmp_seconds = 340;
constexpr std::size_t name_size = 32;
constexpr std::int16_t user_process = 7;

template <class Number>
Number at(std::string_view bytes, std::size_t offset) {
    Number value{};
    if (offset + sizeof value <= bytes.size()) std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

std::optional<Day> day_number(std::string_view text) {
    const auto days = to_number<int>(text);
    if (!days || *days <= 0 || *days > 100'000) return std::nullopt;
    return Day{std::chrono::days{*days}};
}

std::optional<Day> last_login_of(const Passwd& who, const AccountSources& from) {
    if (!from.last_in) return std::nullopt;
    const auto found = from.last_in->find(who.name);
    if (found == from.last_in->end()) return std::nullopt;
    return day_of(found->second);
}

std::optional<bool> is_enabled(const Passwd& who, const Shadow* shadow, const Account& account, Day today) {
    if (!who.has_shell) return false;
    if (shadow != nullptr && shadow->expires && *shadow->expires <= today) return false;
    // Who was here lately can come in, by a key if not by a password.
    if (account.last_login && today - *account.last_login <= idle_after) return true;
    if (shadow == nullptr) return std::nullopt;
    return !shadow->locked || account.last_login.has_value();
}

std::optional<bool> is_idle(const Shadow* shadow, const Account& account, const AccountSources& from) {
    if (account.last_login) return from.today - *account.last_login > idle_after;
    if (!from.last_in || shadow == nullptr || !shadow->changed) return std::nullopt;
    // Never here as far as the records go: idle once the account is older than that.
    return from.today - *shadow->changed > idle_after;
}

}  // namespace

Day day_of(std::int64_t seconds_since_1970) {
    constexpr std::chrono::hours ahead{7};
    return std::chrono::floor<std::chrono::days>(
        std::chrono::sys_seconds{std::chrono::seconds{seconds_since_1970} + ahead});
}

std::vector<Passwd> read_passwd(std::string_view text) {
    std::vector<Passwd> out;
    for (std::string_view line; next_line(text, line) && out.size() < most_accounts;) {
        if (std::ranges::count(line, ':') != 6) continue;
        Passwd one;
        const auto name = next_piece(line, ':');
        next_piece(line, ':');
        const auto uid = to_number<std::uint32_t>(next_piece(line, ':'));
        const auto gid = to_number<std::uint32_t>(next_piece(line, ':'));
        next_piece(line, ':');
        next_piece(line, ':');
        if (name.empty() || name.front() == '+' || name.front() == '-' || !uid || !gid) continue;
        one = {clean(name, 64), *uid, *gid, lets_in(line)};
        const bool ordinary = one.uid >= first_ordinary && one.uid <= last_ordinary;
        if (one.uid == 0 || ordinary || one.has_shell) out.push_back(std::move(one));
    }
    return out;
}

Administrators read_administrators(std::string_view group) {
    Administrators out;
    for (std::string_view line; next_line(group, line);) {
        const auto name = next_piece(line, ':');
        if (name != "sudo" && name != "wheel" && name != "admin") continue;
        next_piece(line, ':');
        if (const auto gid = to_number<std::uint32_t>(next_piece(line, ':'))) out.groups.push_back(*gid);
        while (!line.empty() && out.names.size() < most_accounts)
            if (const auto member = trim(next_piece(line, ',')); !member.empty())
                out.names.push_back(clean(member, 64));
    }
    return out;
}

std::map<std::string, Shadow> read_shadow(std::string_view text) {
    std::map<std::string, Shadow> out;
    for (std::string_view line; next_line(text, line) && out.size() < most_accounts;) {
        const auto name = next_piece(line, ':');
        const auto password = next_piece(line, ':');
        Shadow one;
        one.locked = password.starts_with('!') || password.starts_with('*');
        one.changed = day_number(next_piece(line, ':'));
        for (int i = 0; i < 4; ++i) next_piece(line, ':');
        one.expires = day_number(next_piece(line, ':'));
        if (!name.empty()) out[clean(name, 64)] = one;
    }
    return out;
}

void Wtmp::feed(std::string_view piece) {
    if (!rest_.empty()) {
        const auto wanted = std::min(wtmp_record - rest_.size(), piece.size());
        rest_ += piece.substr(0, wanted);
        piece.remove_prefix(wanted);
        if (rest_.size() < wtmp_record) return;
        record(rest_);
        rest_.clear();
    }
    for (; piece.size() >= wtmp_record; piece.remove_prefix(wtmp_record)) record(piece.substr(0, wtmp_record));
    rest_ = piece;
}

void Wtmp::record(std::string_view bytes) {
    if (at<std::int16_t>(bytes, 0) != user_process) return;
    const auto user = bytes.substr(wtmp_user, name_size);
    const auto seconds = at<std::uint32_t>(bytes, wtmp_seconds);
    auto name = clean(user.substr(0, user.find('\0')), 64);
    if (name.empty() || seconds == 0 || (last_.size() >= most_accounts && !last_.contains(name))) return;
    auto& last = last_[std::move(name)];
    last = std::max<std::int64_t>(last, seconds);
}

std::optional<std::int64_t> read_lastlog(std::string_view record) {
    const auto seconds = at<std::uint32_t>(record, 0);
    if (record.size() < 4 || seconds == 0) return std::nullopt;
    return seconds;
}

std::vector<Account> make_accounts(const AccountSources& from) {
    std::vector<Account> out;
    const auto& admins = from.administrators;
    for (const auto& who : from.passwd) {
        Account account;
        account.name = who.name;
        account.uid = who.uid;
        account.administrator = who.uid == 0 || std::ranges::find(admins.names, who.name) != admins.names.end() ||
                                std::ranges::find(admins.groups, who.gid) != admins.groups.end();
        account.last_login = last_login_of(who, from);
        const Shadow* shadow = nullptr;
        if (from.shadow)
            if (const auto found = from.shadow->find(who.name); found != from.shadow->end()) shadow = &found->second;
        account.enabled = is_enabled(who, shadow, account, from.today);
        account.idle = account.enabled == false ? std::optional(false) : is_idle(shadow, account, from);
        out.push_back(std::move(account));
    }
    return out;
}

}  // namespace vg::probes::inventory
