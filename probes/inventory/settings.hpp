#pragma once
// Texts of configuration and logs that say how a Linux machine is kept: units, updates, locks, malware definitions.
// Total over any bytes; pure; any thread.

#include "probes/inventory/reading.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vg::probes::inventory {

// The answer of `systemctl list-units --type=service --all --output=json`: what is active or has failed, and what rests
// although it is enabled. Nothing: it is no such answer.
[[nodiscard]] std::optional<std::vector<Service>> read_units(std::string_view json,
                                                             const std::function<bool(const std::string&)>& is_enabled);

// The version in a snap's meta/snap.yaml; empty: it has none.
[[nodiscard]] std::string read_snap_version(std::string_view yaml);
// The packages of Alpine's /lib/apk/db/installed ("P:name", "V:version").
[[nodiscard]] std::vector<Package> read_apk_installed(std::string_view text);

// The day of the newest line "... upgrade ..." of /var/log/dpkg.log; fed piece by piece.
class DpkgLog {
public:
    void feed(std::string_view piece);
    [[nodiscard]] std::optional<Day> last_upgrade() const { return last_; }

private:
    std::string rest_;
    std::optional<Day> last_;
};

// One value of a file of "[group]" and "key=value" lines (dconf keyfiles, KDE's settings); empty: it is not set.
[[nodiscard]] std::string_view keyfile_value(std::string_view text, std::string_view group, std::string_view key);
// "uint32 900", "900", "'900'"
[[nodiscard]] std::optional<std::int64_t> keyfile_number(std::string_view value);
[[nodiscard]] std::optional<bool> keyfile_flag(std::string_view value);

// After how many failures an account locks: `stack` is PAM's for logins, `faillock` the text of faillock.conf. 0:
// never.
[[nodiscard]] std::int64_t read_lockout(std::string_view stack, std::string_view faillock);

// The day on which these ClamAV definitions were made, from the first bytes of their file ("ClamAV-VDB:...").
[[nodiscard]] std::optional<Day> read_clamav_day(std::string_view head);

// Whether a configuration of nftables keeps anything out: a chain at the input hook that drops or rejects.
[[nodiscard]] bool nftables_conf_filters(std::string_view text);

}  // namespace vg::probes::inventory
