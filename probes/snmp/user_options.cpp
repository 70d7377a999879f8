#include "probes/snmp/user_options.hpp"

namespace vg::probes::snmp {

std::vector<Option> user_options() {
    return {
        {"user", "text", "-", "tên người dùng (3)", "user (3)"},
        {"auth_protocol", "SHA|SHA-224|SHA-256|SHA-384|SHA-512", "SHA-256", "cách xác thực (3)", "authentication (3)"},
        {"auth_password", "text", "-", "mật khẩu xác thực (3)", "authentication password (3)"},
        {"privacy_protocol", "AES|AES-192|AES-256", "AES", "cách mã hóa (3)", "encryption (3)"},
        {"privacy_password", "text", "-", "mật khẩu mã hóa (3)", "encryption password (3)"},
    };
}

User read_user(Options& options) {
    User user;
    user.name = options.text("user");
    user.auth_protocol = options.text("auth_protocol", "SHA-256");
    user.auth_password = options.text("auth_password");
    user.privacy_protocol = options.text("privacy_protocol", "AES");
    user.privacy_password = options.text("privacy_password");
    for (const auto* key : {"auth_password", "privacy_password"}) {
        const auto& password = key == std::string_view("auth_password") ? user.auth_password : user.privacy_password;
        if (!password.empty() && password.size() < 8)
            options.complain(key,
                             {"mật khẩu SNMPv3 có ít nhất 8 ký tự", "a password of SNMPv3 has at least 8 characters"});
    }
    if (!user.privacy_password.empty() && user.auth_password.empty())
        options.complain("auth_password",
                         {"SNMPv3 không mã hóa được khi không xác thực; hãy thêm auth_password",
                          "privacy without authentication is not possible in SNMPv3; add auth_password"});
    if (!knows_auth(user.auth_protocol))
        options.complain("auth_protocol", {"auth_protocol phải là SHA, SHA-224, SHA-256, SHA-384 hoặc SHA-512",
                                           "auth_protocol must be SHA, SHA-224, SHA-256, SHA-384 or SHA-512"});
    if (!knows_privacy(user.privacy_protocol))
        options.complain("privacy_protocol", {"privacy_protocol phải là AES, AES-192 hoặc AES-256",
                                              "privacy_protocol must be AES, AES-192 or AES-256"});
    return user;
}

}  // namespace vg::probes::snmp
