#pragma once
// The sub-commands of vonggac-collector, as main.cpp names them. Each prints what people asked for on standard output,
// mistakes on standard error, and gives the exit status.
//
// token, register, user, backup and verify work on the data directory's SQLite file beside a running collector (WAL,
// busy waits of 5 s); the collector takes up a new register or user within a second and reads tokens when they are
// used.

#include "collector/auth/role.hpp"
#include "collector/config.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace vg::collector::commands {

[[nodiscard]] int serve(const Config& config);
// The configuration was read; warns of what it names and is not there.
[[nodiscard]] int check(const Config& config);

struct TokenWish {
    std::string site;
    std::uint32_t uses = 1;
    std::int64_t valid_hours = 0;  // 0: 72 for enrolment, a year for the API
    bool api = false;              // a token for automation instead
    std::string role = "operator", note;
};
[[nodiscard]] int make_token(const Config& config, const TokenWish& wish);

[[nodiscard]] int register_check(const std::vector<std::string>& paths);
[[nodiscard]] int register_import(const Config& config, const std::vector<std::string>& paths, const std::string& who,
                                  const std::string& why, bool is_sure);
[[nodiscard]] int register_export(const Config& config, const std::string& version);

[[nodiscard]] int rules_check(const std::vector<std::string>& paths);
[[nodiscard]] int rules_test(const std::vector<std::string>& paths);

struct UserWish {
    std::string name, role;  // "": as it was, or an auditor
    bool replace = false;    // a user of this name gets a new password
};
// The password stands alone on standard output, what was done on standard error.
[[nodiscard]] int make_user(const Config& config, const UserWish& wish);
[[nodiscard]] int backup(const Config& config, const std::string& folder);
// `backup`: a folder that backup() wrote, or the database in it; empty: the data of the configuration.
[[nodiscard]] int verify(const Config& config, const std::string& backup);

}  // namespace vg::collector::commands
