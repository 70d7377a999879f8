#include "probes/auth_log/login_line.hpp"

#include "probes/auth_log/text_ends.hpp"

#include <algorithm>
#include <array>

namespace vg::probes::auth_log {
namespace {

using Text = std::string_view;
using Found = std::optional<Login>;

Login failed(Text service, Text method, Text user) {
    Login login;
    login.service = service;
    login.method = method;
    login.user = user;
    return login;
}

Login accepted(Text service, Text method, Text user) {
    auto login = failed(service, method, user);
    login.accepted = true;
    return login;
}

Login with_peer(Login login, const Peer& peer) {
    login.address = peer.address;
    login.port = peer.port;
    return login;
}

Login remark(Login login) {
    login.is_remark = true;
    return login;
}

// ---- OpenSSH (auth.c: auth_log, auth_maxtries_exceeded; packet.c: sshpkt_vfatal)

// "password for [invalid user ]NAME from ADDRESS port N ssh2[: KEY]"
Found ssh_attempt(Text rest, bool is_accepted) {
    Text method;
    if (!cut_word(rest, method) || !cut_front(rest, "for ")) return std::nullopt;
    const bool is_stranger = cut_front(rest, "invalid user ") || cut_front(rest, "illegal user ");
    const auto slash = method.find('/');
    method = method.substr(0, slash);
    // A name that the system knows holds no blank: its end is certain whatever follows.
    const auto peer = is_stranger ? last_from(rest, Tail::ssh_key) : first_from(rest, Tail::anything);
    if (!peer) return is_accepted ? Found{} : failed("sshd", method, "");  // a failure, but nobody can say whose
    return with_peer(is_accepted ? accepted("sshd", method, peer->before) : failed("sshd", method, peer->before),
                     *peer);
}

// "authenticating user NAME ADDRESS port N", "invalid user NAME ADDRESS port N"
Found ssh_left(Text rest) {
    if (!cut_front(rest, "authenticating user ") && !cut_front(rest, "invalid user ")) {
        Text kind;  // patched servers have words of their own here
        if (!cut_word(rest, kind) || kind == "user" || !cut_front(rest, "user ")) return std::nullopt;
    }
    (void)cut_back(rest, ": Too many authentication failures");
    const auto peer = last_bare_peer(rest);
    if (!peer) return std::nullopt;
    return remark(with_peer(failed("sshd", "", peer->before), *peer));
}

Found ssh_pam(Text rest) {  // "Authentication failure for [illegal user ]NAME from ADDRESS"
    const auto at = rest.find(" for ");
    if (at == Text::npos) return std::nullopt;
    rest.remove_prefix(at + 5);
    (void)(cut_front(rest, "illegal user ") || cut_front(rest, "invalid user "));
    const auto peer = last_from(rest, Tail::nothing);
    if (!peer) return std::nullopt;
    return with_peer(failed("sshd", "keyboard-interactive", peer->before), *peer);
}

Found ssh_named(Text rest) {  // "NAME from ADDRESS[ port N]"
    const auto peer = last_from(rest, Tail::nothing);
    if (!peer) return std::nullopt;
    return remark(with_peer(failed("sshd", "", peer->before), *peer));
}

Found ssh_not_allowed(Text rest) {  // "NAME from ADDRESS not allowed because REASON"
    const auto at = rest.rfind(" not allowed because ");
    return at == Text::npos ? std::nullopt : ssh_named(rest.substr(0, at));
}

Found ssh_tries(Text rest) {  // "[invalid user ]NAME from ADDRESS port N ssh2"
    const bool is_stranger = cut_front(rest, "invalid user ");
    const auto peer = is_stranger ? last_from(rest, Tail::ssh_key) : first_from(rest, Tail::anything);
    if (!peer) return std::nullopt;
    return remark(with_peer(failed("sshd", "", peer->before), *peer));
}

Found ssh_root_refused(Text rest) {  // "ADDRESS port N"
    const auto peer = last_bare_peer(rest);
    if (!peer || !peer->before.empty()) return std::nullopt;
    return remark(with_peer(failed("sshd", "", "root"), *peer));
}

Found parse_sshd(Text m) {
    (void)(cut_front(m, "error: ") || cut_front(m, "fatal: "));
    (void)cut_back(m, " [preauth]");
    if (cut_front(m, "Accepted ")) return ssh_attempt(m, true);
    if (cut_front(m, "Failed ")) return ssh_attempt(m, false);
    if (cut_front(m, "Invalid user ") || cut_front(m, "Illegal user ")) return ssh_named(m);
    if (cut_front(m, "User ")) return ssh_not_allowed(m);
    if (cut_front(m, "PAM: ")) return ssh_pam(m);
    if (cut_front(m, "maximum authentication attempts exceeded for ")) return ssh_tries(m);
    if (cut_front(m, "ROOT LOGIN REFUSED FROM ")) return ssh_root_refused(m);
    for (const Text verb : {"Connection closed by ", "Connection reset by ", "Disconnected from ", "Disconnecting "})
        if (cut_front(m, verb)) return ssh_left(m);
    return std::nullopt;
}

// ---- Dropbear (svr-authpasswd.c, svr-authpubkey.c)

Found dropbear_peer(Text rest, Text method, bool is_accepted) {
    const auto at = rest.rfind(" from ");
    if (at == Text::npos) return std::nullopt;
    const auto peer = joined_peer(rest.substr(at + 6));
    if (!peer) return std::nullopt;
    auto name = rest.substr(0, at);
    if (cut_front(name, "'")) name = name.substr(0, name.find('\''));
    if (name == "nonexistent user") name = {};
    auto login = is_accepted ? accepted("dropbear", method, name) : failed("dropbear", method, name);
    return with_peer(std::move(login), *peer);
}

Found parse_dropbear(Text m) {
    for (const Text front : {"Bad password attempt for ", "Bad PAM password attempt for "})
        if (cut_front(m, front)) return dropbear_peer(m, "password", false);
    if (cut_front(m, "Login attempt for ")) return dropbear_peer(m, "", false);
    if (cut_front(m, "Password auth succeeded for ")) return dropbear_peer(m, "password", true);
    if (cut_front(m, "PAM password auth succeeded for ")) return dropbear_peer(m, "password", true);
    if (cut_front(m, "Pubkey auth succeeded for ")) return dropbear_peer(m, "publickey", true);
    return std::nullopt;
}

// ---- PAM (pam_unix and its like)

// Several readings are possible when a name holds " rhost=" itself; then only a certain one counts.
Text pam_host(Text fields) {
    constexpr Text key = " rhost=";
    const auto first = fields.find(key);
    if (first == Text::npos) return {};
    const auto user = fields.find(" user=");
    const auto last = fields.rfind(key);
    if (first != last && user != Text::npos && last > user) return {};
    const auto value = fields.substr(last + key.size());
    return value.substr(0, value.find(' '));
}

Text pam_user(Text fields) {
    const auto at = fields.find(" user=");
    if (at != Text::npos) return fields.substr(at + 6);
    const auto ruser = fields.find(" ruser=");
    if (ruser == Text::npos) return {};
    const auto value = fields.substr(ruser + 7);
    return value.substr(0, value.find(' '));
}

bool is_session_of_a_person(Text service) {
    constexpr auto known =
        std::to_array<Text>({"login", "gdm-password", "gdm-autologin", "gdm-fingerprint", "gdm-smartcard", "gdm",
                             "gdm3", "lightdm", "lightdm-autologin", "sddm", "xdm", "lxdm", "kdm", "xrdp-sesman",
                             "cockpit", "su", "su-l", "vsftpd", "remote"});
    return std::find(known.begin(), known.end(), service) != known.end();
}

// "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=1.2.3.4  user=root"
Found parse_pam(Text m) {
    const auto open = m.find('(');
    const auto colon = m.find(':', open == Text::npos ? 0 : open);
    const auto close = m.find("): ");
    if (open == Text::npos || colon == Text::npos || close == Text::npos || colon > close) return std::nullopt;
    const auto service = m.substr(open + 1, colon - open - 1);
    const auto step = m.substr(colon + 1, close - colon - 1);
    auto rest = m.substr(close + 3);
    if (service.empty() || service.find(' ') != Text::npos) return std::nullopt;
    if (step == "auth" && cut_front(rest, "authentication failure;")) {
        auto login = failed(service, "pam", pam_user(rest));
        login.address = address_of(pam_host(rest));
        return remark(std::move(login));
    }
    if (step == "session" && cut_front(rest, "session opened for user ") && is_session_of_a_person(service)) {
        const auto end = std::min(rest.find_first_of(" ("), rest.size());
        return remark(accepted(service, "pam", rest.substr(0, end)));
    }
    return std::nullopt;
}

// ---- sudo, su, login

// "NAME : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=..."; no name holds " : ".
Found parse_sudo(Text m) {
    const auto at = m.find(" : ");
    if (at == Text::npos) return std::nullopt;
    const auto user = m.substr(0, at);
    auto rest = m.substr(at + 3);
    if (user.empty() || user.find(' ') != Text::npos) return std::nullopt;
    // The command is the caller's own text, so everything is read in front of it.
    const auto command = rest.find(" ; COMMAND=");
    const auto front = rest.substr(0, command);
    const auto target = front.find(" ; USER=");
    auto login = failed("sudo", "password", user);
    if (target != Text::npos) {
        const auto name = front.substr(target + 8);
        login.target_user = name.substr(0, name.find(' '));
    }
    if (front.find("incorrect password attempt") < front.find(" ; ")) return remark(std::move(login));
    for (const Text refused :
         {"user NOT in sudoers", "command not allowed", "NOT in sudoers", "a password is required"})
        if (cut_front(rest, refused)) return login;
    if (command == Text::npos || !cut_front(rest, "TTY=")) return std::nullopt;
    login.accepted = true;
    login.method = {};
    return login;
}

Found su_pair(Text target, Text user, bool is_accepted) {
    auto login = is_accepted ? accepted("su", "", user) : failed("su", "password", user);
    login.target_user = target;
    return remark(std::move(login));
}

Found parse_su(Text m) {
    const bool has_failed = cut_front(m, "FAILED SU ");
    if (cut_front(m, "(to ")) {  // util-linux: "(to root) anna on pts/0"
        const auto close = m.find(") ");
        const auto on = m.rfind(" on ");
        if (close == Text::npos || on == Text::npos || on < close + 2) return std::nullopt;
        return su_pair(m.substr(0, close), m.substr(close + 2, on - close - 2), !has_failed);
    }
    const bool good = cut_front(m, "Successful su for ");  // shadow: "FAILED su for root by anna"
    if (!good && !cut_front(m, "FAILED su for ")) return std::nullopt;
    const auto by = m.rfind(" by ");
    if (by == Text::npos) return std::nullopt;
    return su_pair(m.substr(0, by), m.substr(by + 4), good);
}

// "FAILED LOGIN (1) on '/dev/tty1' FOR 'anna', Authentication failure"; "LOGIN ON tty1 BY anna[ FROM host]"
Found parse_login_program(Text m) {
    if (cut_front(m, "FAILED LOGIN ")) {
        const auto start = m.find(" FOR ");
        const auto end = m.rfind(", ");
        if (start == Text::npos || end == Text::npos || end < start + 5) return std::nullopt;
        auto name = m.substr(start + 5, end - start - 5);
        if (name.size() >= 2 && name.front() == '\'' && name.back() == '\'') name = name.substr(1, name.size() - 2);
        return failed("login", "password", name);
    }
    if (cut_front(m, "ROOT LOGIN ON ") || cut_front(m, "ROOT LOGIN  on ")) return remark(accepted("login", "", "root"));
    if (!cut_front(m, "LOGIN ON ")) return std::nullopt;
    const auto by = m.find(" BY ");
    if (by == Text::npos) return std::nullopt;
    const auto name = m.substr(by + 4);
    return remark(accepted("login", "", name.substr(0, name.find(' '))));
}

}  // namespace

std::optional<Login> parse_login(std::string_view program, std::string_view message) {
    constexpr std::size_t most = 4096;  // no program writes more; a longer text is somebody's play
    if (message.size() > most) return std::nullopt;
    const auto cut = [&](Text front) { return message.substr(0, front.size()) == front; };
    Found found;
    if (cut("pam_")) found = parse_pam(message);
    if (!found && (program == "sshd" || program == "sshd-session" || program == "sshd-auth"))
        found = parse_sshd(message);
    if (!found && program == "dropbear") found = parse_dropbear(message);
    if (!found && program == "sudo") found = parse_sudo(message);
    if (!found && (program == "su" || program == "su-l")) found = parse_su(message);
    if (!found && program == "login") found = parse_login_program(message);
    constexpr std::size_t longest_name = 256;
    if (found && found->user.size() > longest_name) found->user.resize(longest_name);
    return found;
}

}  // namespace vg::probes::auth_log
