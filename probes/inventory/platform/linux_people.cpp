// Accounts of the machine, and when it was updated last.
#include "probes/inventory/accounts.hpp"
#include "probes/inventory/platform/linux_parts.hpp"
#include "probes/inventory/settings.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

namespace vg::probes::inventory {
namespace {

// lastlog is a sparse file as long as the greatest uid: only the records that are wanted are read.
void add_lastlog(const Tree& tree, const std::vector<Passwd>& people, std::map<std::string, std::int64_t>& last_in) {
    const int file = ::open(tree.full("/var/log/lastlog").c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return;
    for (const auto& who : people) {
        char record[lastlog_record];
        const auto n =
            ::pread(file, record, sizeof record, static_cast<off_t>(who.uid) * static_cast<off_t>(sizeof record));
        if (n != static_cast<ssize_t>(sizeof record)) continue;
        if (const auto at = read_lastlog({record, sizeof record})) {
            auto& last = last_in[who.name];
            last = std::max(last, *at);
        }
    }
    ::close(file);
}

std::optional<std::map<std::string, std::int64_t>> last_logins(const Tree& tree, const std::vector<Passwd>& people) {
    Wtmp wtmp;
    bool any = tree.exists("/var/log/lastlog");
    for (const auto* file : {"/var/log/wtmp.1", "/var/log/wtmp"})
        any = tree.each_piece(file, [&](std::string_view piece) { wtmp.feed(piece); }) || any;
    if (!any) return std::nullopt;
    auto last_in = wtmp.last();
    add_lastlog(tree, people, last_in);
    return last_in;
}

}  // namespace

Day today() { return day_of(::time(nullptr)); }

std::optional<std::vector<Account>> look_at_accounts(const Tree& tree) {
    const auto passwd = tree.read("/etc/passwd");
    const auto group = tree.read("/etc/group");
    if (!passwd || !group) return std::nullopt;
    AccountSources from;
    from.passwd = read_passwd(*passwd);
    from.administrators = read_administrators(*group);
    if (const auto shadow = tree.read("/etc/shadow")) from.shadow = read_shadow(*shadow);
    from.last_in = last_logins(tree, from.passwd);
    from.today = today();
    return make_accounts(from);
}

std::optional<Day> look_at_updates(const Tree& tree) {
    DpkgLog log;
    const auto feed = [&](std::string_view piece) { log.feed(piece); };
    tree.each_piece("/var/log/dpkg.log", feed);
    if (!log.last_upgrade()) tree.each_piece("/var/log/dpkg.log.1", feed);
    auto last = log.last_upgrade();
    // A run of the updater that found nothing to do is as good as one that did.
    for (const auto* stamp : {"/var/lib/apt/periodic/upgrade-stamp", "/var/lib/apt/periodic/unattended-upgrades-stamp"})
        if (const auto seen = tree.glance(stamp)) {
            const auto day = day_of(seen->changed_ns / 1'000'000'000);
            if (!last || day > *last) last = day;
        }
    return last;
}

}  // namespace vg::probes::inventory
