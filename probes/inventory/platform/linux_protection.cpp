// Firewall, anti-malware, and the settings that lock a machine.
#include "probes/inventory/platform/linux_parts.hpp"
#include "probes/inventory/products.hpp"
#include "probes/inventory/settings.hpp"
#include "probes/inventory/words.hpp"

#include <algorithm>
#include <set>

namespace vg::probes::inventory {
namespace {

// The names of what runs, as /proc/PID/comm has them (15 bytes).
class Processes {
public:
    explicit Processes(const Tree& tree) : tree_(tree) {}
    [[nodiscard]] bool has(std::string_view name) {
        if (!read_) read();
        // Threads and workers carry their program's name with something behind it.
        const auto at = names_.lower_bound(std::string(name));
        return at != names_.end() && at->starts_with(name);
    }

private:
    void read() {
        read_ = true;
        for (const auto& pid : tree_.names("/proc"))
            if (pid.find_first_not_of("0123456789") == std::string::npos)
                names_.insert(tree_.word("/proc/" + pid + "/comm"));
    }
    const Tree& tree_;
    bool read_ = false;
    std::set<std::string> names_;
};

bool is_enabled_unit(const Tree& tree, const std::string& unit) {
    for (const auto& folder : tree.names("/etc/systemd/system"))
        if (folder.ends_with(".wants") && !tree.link("/etc/systemd/system/" + folder + "/" + unit).empty()) return true;
    return false;
}

// Who keeps a firewall by its configuration; what the kernel makes of it only the kernel knows.
bool is_configured(const Tree& tree, Processes& processes) {
    const auto ufw = tree.read("/etc/ufw/ufw.conf").value_or("");
    std::string_view rest = ufw;
    for (std::string_view line; next_line(rest, line);)
        if (trim(line) == "ENABLED=yes") return true;
    if (processes.has("firewalld")) return true;
    return is_enabled_unit(tree, "nftables.service") &&
           nftables_conf_filters(tree.read("/etc/nftables.conf").value_or(""));
}

std::optional<bool> firewall(const Tree& tree, Processes& processes) {
    const auto said = tree.is_running_system() ? kernel_keeps_out() : std::nullopt;
    if (said == true) return true;
    // Rules given through the kernel's older interface do not show in its answer.
    const auto older = tree.read("/proc/net/ip_tables_names");
    const bool older_used = older && older->find("filter") != std::string::npos;
    if (said == false && !older_used) return false;
    if (is_configured(tree, processes)) return true;
    // A kernel into which no packet filter was ever loaded keeps nothing out.
    const bool loaded = tree.exists("/sys/module/nf_tables") || tree.exists("/sys/module/ip_tables") ||
                        tree.exists("/proc/net/ip_tables_names") || tree.exists("/proc/sys/net/netfilter");
    if (tree.exists("/sys/module") && !loaded) return false;
    return std::nullopt;
}

std::optional<std::int64_t> definitions_age(const Tree& tree, const Product& product) {
    std::optional<Day> newest;
    for (const auto path : product.definitions) {
        const auto head = path.empty() ? std::nullopt : tree.read(std::string(path), 128);
        if (!head) continue;
        const auto day = read_clamav_day(*head);
        if (day && (!newest || *day > *newest)) newest = day;
    }
    if (!newest) return std::nullopt;
    return std::max<std::int64_t>((today() - *newest).count(), 0);
}

void anti_malware(const Tree& tree, Processes& processes, Protection& into) {
    const Product* chosen = nullptr;
    bool runs = false;
    for (const auto& product : products()) {
        if (!tree.exists(std::string(product.trace))) continue;
        if (product.name == "ClamAV" && !tree.exists("/usr/sbin/clamd") && !tree.exists("/usr/bin/clamscan")) continue;
        const bool running = processes.has(product.engine);
        if (chosen == nullptr || (running && !runs)) {
            chosen = &product;
            runs = running;
        }
    }
    into.product = chosen == nullptr ? std::string() : std::string(chosen->name);
    if (chosen == nullptr || !runs)
        into.realtime = false;
    else if (!chosen->on_access.empty())
        into.realtime = processes.has(chosen->on_access);
    if (chosen != nullptr) into.definitions_days = definitions_age(tree, *chosen);
}

// Settings that the administrator gives to every user of the desktop; what a user chose is not ours to read.
std::string dconf(const Tree& tree, std::string_view group, std::string_view key) {
    std::string found;
    for (const auto& folder : tree.names("/etc/dconf/db")) {
        if (!folder.ends_with(".d")) continue;
        for (const auto& file : tree.names("/etc/dconf/db/" + folder)) {
            const auto text = tree.read("/etc/dconf/db/" + folder + "/" + file).value_or("");
            if (const auto value = keyfile_value(text, group, key); !value.empty()) found = value;
        }
    }
    return found;
}

std::optional<std::int64_t> screen_lock(const Tree& tree) {
    const auto kde = tree.read("/etc/xdg/kscreenlockerrc").value_or("");
    if (keyfile_flag(keyfile_value(kde, "Daemon", "Autolock")) == false) return 0;
    if (const auto minutes = keyfile_number(keyfile_value(kde, "Daemon", "Timeout"))) return minutes;
    if (keyfile_flag(dconf(tree, "org/gnome/desktop/screensaver", "lock-enabled")) == false) return 0;
    const auto idle = keyfile_number(dconf(tree, "org/gnome/desktop/session", "idle-delay"));
    if (!idle || *idle < 0) return std::nullopt;
    if (*idle == 0) return 0;
    const auto lock = keyfile_number(dconf(tree, "org/gnome/desktop/screensaver", "lock-delay")).value_or(0);
    return (*idle + std::clamp<std::int64_t>(lock, 0, 86'400) + 59) / 60;
}

std::optional<bool> autorun(const Tree& tree) {
    const auto never = keyfile_flag(dconf(tree, "org/gnome/desktop/media-handling", "autorun-never"));
    if (never) return !*never;
    // Without a desktop nothing waits for a stick to be put in.
    if (tree.exists("/usr/bin") && !tree.exists("/usr/share/xsessions") && !tree.exists("/usr/share/wayland-sessions"))
        return false;
    return std::nullopt;
}

std::optional<std::int64_t> lockout(const Tree& tree) {
    for (const auto* stack : {"/etc/pam.d/common-auth", "/etc/pam.d/system-auth", "/etc/pam.d/password-auth"})
        if (const auto text = tree.read(stack))
            return read_lockout(*text, tree.read("/etc/security/faillock.conf").value_or(""));
    return std::nullopt;
}

}  // namespace

Protection look_at_protection(const Tree& tree) {
    Protection protection;
    Processes processes(tree);
    protection.firewall = firewall(tree, processes);
    if (tree.exists("/proc/1/comm")) anti_malware(tree, processes, protection);
    return protection;
}

Policy look_at_policy(const Tree& tree) { return {autorun(tree), screen_lock(tree), lockout(tree)}; }

}  // namespace vg::probes::inventory
