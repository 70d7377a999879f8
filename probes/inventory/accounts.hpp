#pragma once
// Accounts of passwd(5), group(5), shadow(5), and who was here last by wtmp(5) and lastlog(8). Of a password nothing is
// read but whether there is a usable one. Total over any bytes; pure; any thread.

#include "base/bytes.hpp"
#include "probes/inventory/reading.hpp"

#include <map>
#include <string>
#include <string_view>

namespace vg::probes::inventory {

struct Passwd {
    std::string name;
    std::uint32_t uid = 0, gid = 0;
    bool has_shell = false;  // one that lets somebody in
};
// Those that a person may use: root, ordinary accounts, and system accounts with a shell.
[[nodiscard]] std::vector<Passwd> read_passwd(std::string_view text);

// Names in, and numbers of, the groups whose members may become root: sudo, wheel, admin.
struct Administrators {
    std::vector<std::string> names;
    std::vector<std::uint32_t> groups;
};
[[nodiscard]] Administrators read_administrators(std::string_view group);

struct Shadow {
    bool locked = false;         // no password opens it
    std::optional<Day> changed;  // the password, which is when the account was made at the latest
    std::optional<Day> expires;
};
[[nodiscard]] std::map<std::string, Shadow> read_shadow(std::string_view text);

// The last login of each user, in seconds since 1970; fed piece by piece.
class Wtmp {
public:
    void feed(std::string_view piece);
    [[nodiscard]] const std::map<std::string, std::int64_t>& last() const { return last_; }

private:
    void record(std::string_view bytes);
    std::string rest_;
    std::map<std::string, std::int64_t> last_;
};
inline constexpr std::size_t lastlog_record = 292;  // bytes; the record of a uid stands at uid times this
[[nodiscard]] std::optional<std::int64_t> read_lastlog(std::string_view record);  // nothing: never

struct AccountSources {
    std::vector<Passwd> passwd;
    Administrators administrators;
    std::optional<std::map<std::string, Shadow>> shadow;         // nothing: it may not be read
    std::optional<std::map<std::string, std::int64_t>> last_in;  // nothing: nobody writes it down
    Day today{};
};
[[nodiscard]] std::vector<Account> make_accounts(const AccountSources& from);
[[nodiscard]] Day day_of(std::int64_t seconds_since_1970);

}  // namespace vg::probes::inventory
