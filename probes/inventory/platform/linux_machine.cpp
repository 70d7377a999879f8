#include "probes/inventory/platform/linux_parts.hpp"
#include "probes/inventory/platform/machine.hpp"

#include <unistd.h>

#include <ctime>

namespace vg::probes::inventory {
namespace {

class LinuxMachine final : public Machine {
public:
    explicit LinuxMachine(std::string root) : tree_(std::move(root)) {}

    std::optional<std::uint64_t> stamp(Part part) override {
        switch (part) {
            case Part::system:
                return tree_.stamp({"/etc/os-release", "/usr/lib/os-release", "/etc/machine-id", "/etc/hostname"});
            case Part::board:
            case Part::processor:
            case Part::memory: return 1;  // what does not change while the machine runs
            case Part::software: return tree_.stamp(software_traces(tree_));
            case Part::services: return tree_.stamp(service_traces(tree_));
            case Part::ports: return stamp_of_ports();
            case Part::accounts:
                // Who is idle changes with the day alone, and so does how old the last update is.
                return day() +
                       tree_.stamp({"/etc/passwd", "/etc/group", "/etc/shadow", "/var/log/wtmp", "/var/log/lastlog"});
            case Part::usb: return stamp_of_usb();
            case Part::updates:
                return day() + tree_.stamp({"/var/log/dpkg.log", "/var/lib/apt/periodic/upgrade-stamp",
                                            "/var/lib/apt/periodic/unattended-upgrades-stamp"});
            case Part::disks:
            case Part::adapters:
            case Part::policy:
            case Part::protection: return std::nullopt;
        }
        return std::nullopt;
    }

    [[nodiscard]] bool is_for_every_run(Part part) const override {
        return part == Part::protection || part == Part::adapters;
    }

    // A child process; a walk through the open files of every process.
    [[nodiscard]] bool is_costly(Part part) const override { return part == Part::services || part == Part::ports; }

    void look(Part part, Reading& into) override {
        into.today = today();
        switch (part) {
            case Part::system: into.system = look_at_system(tree_); return;
            case Part::board: into.board = look_at_board(tree_); return;
            case Part::processor: into.processor = look_at_processor(tree_); return;
            case Part::memory: into.memory = look_at_memory(tree_); return;
            case Part::disks: into.disks = look_at_disks(tree_); return;
            case Part::adapters: into.adapters = look_at_adapters(tree_); return;
            case Part::software: into.software = look_at_software(tree_); return;
            case Part::services: into.services = look_at_services(tree_); return;
            case Part::ports: into.ports = look_at_ports(tree_, listening_sockets(tree_), owners_); return;
            case Part::accounts: into.accounts = look_at_accounts(tree_); return;
            case Part::usb: into.usb = look_at_usb(tree_); return;
            case Part::updates: into.last_update = look_at_updates(tree_); return;
            case Part::policy: into.policy = look_at_policy(tree_); return;
            case Part::protection: into.protection = look_at_protection(tree_); return;
        }
    }

    std::optional<std::string> seen_as_root() override {
        const std::string path = "/run/vonggac/inventory.json";
        if (tree_.is_running_system() && ::geteuid() == 0) return std::nullopt;  // that is who looks here
        const auto file = tree_.glance(path);
        constexpr std::int64_t longest = 2 * 3600;
        if (!file || !file->is_roots || ::time(nullptr) - file->changed_ns / 1'000'000'000 > longest)
            return std::nullopt;
        return tree_.read(path);
    }

private:
    [[nodiscard]] static std::uint64_t day() { return static_cast<std::uint64_t>(today().time_since_epoch().count()); }
    // The sockets themselves are cheap to read; whose they are is not.
    [[nodiscard]] std::uint64_t stamp_of_ports() const {
        std::uint64_t sum = 0;
        for (const auto& socket : listening_sockets(tree_))
            sum = sum * 31 + std::hash<std::string>{}(socket.where) + socket.inode;
        return sum;
    }
    [[nodiscard]] std::uint64_t stamp_of_usb() const {
        std::uint64_t sum = 0;
        for (const auto& name : tree_.names("/sys/bus/usb/devices")) {
            sum = sum * 31 + std::hash<std::string>{}(name);
            // Counts up with every device that is put in; the same place may hold another one.
            sum = sum * 31 +
                  static_cast<std::uint64_t>(tree_.number("/sys/bus/usb/devices/" + name + "/devnum").value_or(0));
        }
        return sum;
    }

    Tree tree_;
    SocketOwners owners_;
};

}  // namespace

std::unique_ptr<Machine> make_machine(std::string root) { return std::make_unique<LinuxMachine>(std::move(root)); }

}  // namespace vg::probes::inventory
