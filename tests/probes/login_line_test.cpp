// Lines of logs as logins: what is told, what is not, and what a stranger cannot make it say.
#include "probes/auth_log/login_line.hpp"
#include "probes/auth_log/attempts.hpp"
#include "probes/auth_log/line_cutter.hpp"
#include "probes/auth_log/syslog_line.hpp"

#include <gtest/gtest.h>

namespace vg::probes::auth_log {
namespace {

struct Case {
    const char* program;
    const char* message;
    bool accepted;
    const char* user;
    const char* address;
    int port;
    const char* service;
    const char* method;
};

const Case told[] = {
    {"sshd", "Failed password for root from 203.0.113.5 port 4711 ssh2", false, "root", "203.0.113.5", 4711, "sshd",
     "password"},
    {"sshd-session", "Failed password for invalid user bao an from 203.0.113.5 port 4711 ssh2", false, "bao an",
     "203.0.113.5", 4711, "sshd", "password"},
    {"sshd", "Failed none for invalid user  from 203.0.113.5 port 4711 ssh2", false, "", "203.0.113.5", 4711, "sshd",
     "none"},
    {"sshd", "error: PAM: Authentication failure for illegal user x from 2001:db8::5", false, "x", "2001:db8::5", 0,
     "sshd", "keyboard-interactive"},
    {"sshd", "Accepted publickey for lan from 198.51.100.7 port 50022 ssh2: ED25519 SHA256:AbC+/x", true, "lan",
     "198.51.100.7", 50022, "sshd", "publickey"},
    {"sshd", "Accepted keyboard-interactive/pam for lan from ::ffff:198.51.100.7 port 1 ssh2", true, "lan",
     "198.51.100.7", 1, "sshd", "keyboard-interactive"},
    {"sshd", "Invalid user admin from fe80::1%eth0 port 99", false, "admin", "fe80::1", 99, "sshd", ""},
    {"sshd", "Invalid user  from 203.0.113.9", false, "", "203.0.113.9", 0, "sshd", ""},
    {"sshd", "User minh from 203.0.113.9 not allowed because not listed in AllowUsers", false, "minh", "203.0.113.9", 0,
     "sshd", ""},
    {"sshd", "Connection closed by authenticating user root 203.0.113.9 port 40000 [preauth]", false, "root",
     "203.0.113.9", 40000, "sshd", ""},
    {"sshd", "Disconnecting invalid user x y 203.0.113.9 port 40000: Too many authentication failures [preauth]", false,
     "x y", "203.0.113.9", 40000, "sshd", ""},
    {"sshd", "error: maximum authentication attempts exceeded for root from 203.0.113.9 port 4 ssh2 [preauth]", false,
     "root", "203.0.113.9", 4, "sshd", ""},
    {"sshd",
     "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=lan",
     false, "lan", "203.0.113.9", 0, "sshd", "pam"},
    {"gdm-password",
     "pam_unix(gdm-password:auth): authentication failure; logname=lan uid=0 euid=0 tty=/dev/tty1 ruser= rhost=  "
     "user=lan",
     false, "lan", "", 0, "gdm-password", "pam"},
    {"lightdm", "pam_unix(lightdm:session): session opened for user lan(uid=1000) by (uid=0)", true, "lan", "", 0,
     "lightdm", "pam"},
    {"sudo", "lan : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/home/lan ; USER=root ; COMMAND=/usr/bin/id", false,
     "lan", "", 0, "sudo", "password"},
    {"sudo", "lan : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh", false, "lan", "", 0, "sudo",
     "password"},
    {"sudo", "lan : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/echo 3 incorrect password attempts", true, "lan", "",
     0, "sudo", ""},
    {"su", "FAILED SU (to root) lan on pts/0", false, "lan", "", 0, "su", "password"},
    {"su", "(to root) lan on pts/0", true, "lan", "", 0, "su", ""},
    {"su", "FAILED su for root by lan", false, "lan", "", 0, "su", "password"},
    {"login", "FAILED LOGIN (2) on '/dev/tty1' FOR 'lan', Authentication failure", false, "lan", "", 0, "login",
     "password"},
    {"login", "LOGIN ON tty1 BY lan", true, "lan", "", 0, "login", ""},
    {"dropbear", "Bad password attempt for 'root' from 203.0.113.9:45678", false, "root", "203.0.113.9", 45678,
     "dropbear", "password"},
    {"dropbear", "Login attempt for nonexistent user from 2001:db8::9:45678", false, "", "2001:db8::9", 45678,
     "dropbear", ""},
    {"dropbear", "Pubkey auth succeeded for 'root' with key sha1!! 00:11 from 10.0.0.9:4000", true, "root", "10.0.0.9",
     4000, "dropbear", "publickey"},
};

TEST(LoginLine, EachFormIsRead) {
    for (const auto& c : told) {
        const auto login = parse_login(c.program, c.message);
        ASSERT_TRUE(login) << c.message;
        EXPECT_EQ(login->accepted, c.accepted) << c.message;
        EXPECT_EQ(login->user, c.user) << c.message;
        EXPECT_EQ(login->address, c.address) << c.message;
        EXPECT_EQ(login->port, c.port) << c.message;
        EXPECT_EQ(login->service, c.service) << c.message;
        EXPECT_EQ(login->method, c.method) << c.message;
    }
}

// What the attacker at 203.0.113.66 sends as a name, a key or a certificate must not speak for another address.
TEST(LoginLine, NamesCannotSpeakForAnotherAddress) {
    const std::pair<const char*, const char*> tries[] = {
        {"sshd", "Failed password for invalid user x from 1.2.3.4 port 22 ssh2 from 203.0.113.66 port 9 ssh2"},
        {"sshd",
         "Failed publickey for invalid user x from 1.2.3.4 port 22 ssh2: RSA SHA256:a from 203.0.113.66 port 9 "
         "ssh2: RSA SHA256:b"},
        {"sshd", "Invalid user x from 1.2.3.4 port 22 from 203.0.113.66 port 9"},
        {"sshd", "Invalid user from 1.2.3.4 from 203.0.113.66"},
        {"sshd",
         "User x from 1.2.3.4 not allowed because from 203.0.113.66 not allowed because not listed in AllowUsers"},
        {"sshd", "Connection closed by invalid user root 1.2.3.4 port 22 [preauth] 203.0.113.66 port 9 [preauth]"},
        {"sshd",
         "Disconnected from invalid user x 1.2.3.4 port 22: Too many authentication failures 203.0.113.66 port 9 "
         "[preauth]"},
        {"sshd", "error: PAM: Authentication failure for illegal user x from 1.2.3.4 from 203.0.113.66"},
        {"sshd",
         "error: maximum authentication attempts exceeded for invalid user x from 1.2.3.4 port 22 ssh2 from "
         "203.0.113.66 port 9 ssh2 [preauth]"},
        {"sshd",
         "Failed publickey for root from 203.0.113.66 port 9 ssh2: RSA-CERT SHA256:a ID k from 1.2.3.4 port 22 ssh2 "
         "(serial 0) CA RSA SHA256:b"},
        {"sshd",
         "Accepted publickey for lan from 203.0.113.66 port 9 ssh2: RSA-CERT SHA256:a ID x from 1.2.3.4 port 22 ssh2"},
        {"vsftpd",
         "pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=x rhost=1.2.3.4 "
         "rhost=203.0.113.66"},
        {"vsftpd",
         "pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=rhost=1.2.3.4 "
         "rhost=203.0.113.66  user=x"},
        {"dropbear", "Bad password attempt for 'x' from 1.2.3.4:22' from 203.0.113.66:9"},
    };
    for (const auto& [program, message] : tries) {
        const auto login = parse_login(program, message);
        ASSERT_TRUE(login) << message;
        EXPECT_EQ(login->address, "203.0.113.66") << message;
    }
}

TEST(LoginLine, WhereTwoReadingsArePossibleNoAddressIsGiven) {
    const std::pair<const char*, const char*> tries[] = {
        {"sshd",
         "Failed publickey for invalid user x from 1.2.3.4 port 22 ssh2: RSA-CERT SHA256:a from 203.0.113.66 port 9 "
         "ssh2: RSA-CERT SHA256:b ID y (serial 0) CA RSA SHA256:c"},
        {"vsftpd",
         "pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser= rhost=203.0.113.66  "
         "user=x rhost=1.2.3.4"},
    };
    for (const auto& [program, message] : tries) {
        const auto login = parse_login(program, message);
        ASSERT_TRUE(login) << message;
        EXPECT_EQ(login->address, "") << message;
    }
}

TEST(LoginLine, OtherLinesAreNoLogins) {
    const std::pair<const char*, const char*> others[] = {
        {"sshd", "Server listening on 0.0.0.0 port 22."},
        {"sshd", "Connection closed by 203.0.113.9 port 33594 [preauth]"},
        {"sshd", "Disconnected from user lan 203.0.113.9 port 5"},
        {"sshd", "Disconnected from user user 203.0.113.9 port 5"},
        {"sshd", "Received disconnect from 203.0.113.9 port 5:11: Failed password for root from 1.2.3.4 port 22 ssh2"},
        {"sshd",
         "Bad protocol version identification 'Failed password for root from 1.2.3.4 port 22 ssh2' from 9.9.9.9"},
        {"sshd", "Unable to negotiate with 203.0.113.9 port 45626: no matching key exchange method found."},
        {"sshd", "Accepted password for lan from nowhere port x ssh2"},
        {"sshd", ""},
        {"cron", "pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)"},
        {"sudo", "pam_unix(sudo:session): session opened for user root(uid=0) by lan(uid=1000)"},
        {"nginx", "Failed password for root from 1.2.3.4 port 22 ssh2"},
        {"", "Failed password for root from 1.2.3.4 port 22 ssh2"},
        {"pam", "pam_"},
        {"pam", "pam_unix(:auth): authentication failure; rhost=1.2.3.4"},
    };
    for (const auto& [program, message] : others) EXPECT_FALSE(parse_login(program, message)) << message;
}

TEST(SyslogLine, Forms) {
    const char* lines[] = {
        "Nov  2 04:05:06 may-01 sshd[123]: Invalid user x from 1.2.3.4",
        "<38>Nov  2 04:05:06 may-01 sshd[123]: Invalid user x from 1.2.3.4",
        "2026-11-22T04:05:06.789+07:00 may-01 sshd[123]: Invalid user x from 1.2.3.4",
        "2026-11-22 04:05:06 may-01 /usr/sbin/sshd[123]: Invalid user x from 1.2.3.4\r\n",
        "<38>1 2026-11-22T04:05:06Z may-01 sshd 123 - - Invalid user x from 1.2.3.4",
        "<38>1 2026-11-22T04:05:06Z may-01 sshd 123 ID [a b=\"]\\\"\"][c] \xEF\xBB\xBFInvalid user x from 1.2.3.4",
    };
    for (const auto* text : lines) {
        const auto line = parse_syslog(text);
        EXPECT_EQ(line.host, "may-01") << text;
        EXPECT_EQ(line.program, "sshd") << text;
        EXPECT_EQ(line.pid, 123u) << text;
        EXPECT_EQ(line.message, "Invalid user x from 1.2.3.4") << text;
    }
    EXPECT_EQ(parse_syslog("Nov  2 04:05:06 h gdm-password]: pam_unix(gdm-password:auth): x").program, "gdm-password");
    EXPECT_EQ(parse_syslog("Nov  2 04:05:06 h sudo:      lan : TTY=x").message, "lan : TTY=x");
    EXPECT_EQ(parse_syslog("Nov  2 04:05:06 h last message repeated 2 times").program, "");
    EXPECT_EQ(parse_syslog("no log at all").program, "");
    EXPECT_EQ(parse_syslog("").message, "");
    EXPECT_EQ(parse_syslog("<38>1 ").program, "");
}

Login line_of(const char* message) { return *parse_login("sshd", message); }

TEST(Attempts, OneAttemptToldInThreeLinesIsOne) {
    Attempts attempts;
    const Mono at{std::chrono::seconds(50)};
    int counted = 0;
    const auto hear = [&](const char* message, std::uint32_t pid) {
        counted += attempts.is_new(line_of(message), pid, at);
    };
    hear("Invalid user x from 203.0.113.9 port 4", 7);
    hear("pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9", 7);
    hear("Failed password for invalid user x from 203.0.113.9 port 4 ssh2", 7);
    EXPECT_EQ(counted, 1);
    hear("Failed password for invalid user x from 203.0.113.9 port 4 ssh2", 7);
    hear("Failed password for invalid user x from 203.0.113.9 port 4 ssh2", 7);
    hear("Connection closed by invalid user x 203.0.113.9 port 4 [preauth]", 7);
    EXPECT_EQ(counted, 3);
    hear("Failed password for invalid user x from 203.0.113.9 port 5 ssh2", 8);
    hear("Accepted password for lan from 203.0.113.9 port 4 ssh2", 8);
    EXPECT_EQ(counted, 5);
}

TEST(LineCutter, LinesFromPieces) {
    LineCutter cutter;
    std::vector<std::string> lines;
    cutter.feed("one\ntw", lines);
    cutter.feed("o\n\n", lines);
    cutter.feed(std::string(20000, 'x') + "\nend\n", lines);
    ASSERT_EQ(lines.size(), 4u);
    EXPECT_EQ(lines[1], "two");
    EXPECT_EQ(lines[2].size(), 8192u);
    EXPECT_EQ(lines[3], "end");
}

}  // namespace
}  // namespace vg::probes::auth_log
