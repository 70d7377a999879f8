// What runs on the machine: the system and the software installed on it.
#include "probes/inventory/dpkg.hpp"
#include "probes/inventory/platform/linux_parts.hpp"
#include "probes/inventory/settings.hpp"
#include "probes/inventory/system_files.hpp"
#include "probes/inventory/words.hpp"

#include <unistd.h>

namespace vg::probes::inventory {

System look_at_system(const Tree& tree) {
    System system;
    const auto text = tree.exists("/etc/os-release") ? tree.read("/etc/os-release") : tree.read("/usr/lib/os-release");
    if (text) read_os_release(*text, system);
    if (tree.is_running_system()) {
        char name[256] = {};
        if (::gethostname(name, sizeof name - 1) == 0) system.computer_name = clean(name);
    } else {
        system.computer_name = tree.word("/etc/hostname");
    }
    system.machine_id = tree.word("/etc/machine-id");
    if (system.machine_id == "uninitialized") system.machine_id.clear();
    return system;
}

namespace {

// What a person put beside the distribution's packages; by its own name it might meet one of those.
void add_snaps(const Tree& tree, std::vector<Package>& into) {
    for (const auto& name : tree.names("/snap")) {
        const auto about = tree.read("/snap/" + name + "/current/meta/snap.yaml", 16 * 1024);
        if (about) into.push_back({clean("snap:" + name), "", read_snap_version(*about)});
    }
}

void add_flatpaks(const Tree& tree, std::vector<Package>& into) {
    for (const auto& name : tree.names("/var/lib/flatpak/app")) {
        const auto branch = tree.link("/var/lib/flatpak/app/" + name + "/current");  // "x86_64/stable"
        if (!branch.empty())
            into.push_back({clean("flatpak:" + name), "", clean(branch.substr(branch.rfind('/') + 1))});
    }
}

}  // namespace

std::vector<std::string> software_traces(const Tree& tree) {
    std::vector<std::string> out = {"/var/lib/dpkg/status",  "/usr/lib/opkg/status",
                                    "/lib/apk/db/installed", "/snap",
                                    "/var/lib/flatpak/app",  "/var/lib/flatpak/.changed"};
    for (const auto& name : tree.names("/snap")) out.push_back("/snap/" + name);  // an update turns the link inside
    return out;
}

std::optional<std::vector<Package>> look_at_software(const Tree& tree) {
    DpkgStatus status;
    bool read = false;
    for (const auto* file : {"/var/lib/dpkg/status", "/usr/lib/opkg/status"})
        read = tree.each_piece(file, [&](std::string_view piece) { status.feed(piece); }) || read;
    auto found = status.finish();
    if (const auto apk = tree.read("/lib/apk/db/installed", 16 * 1024 * 1024)) {
        for (auto& package : read_apk_installed(*apk)) found.push_back(std::move(package));
        read = true;
    }
    if (!read) return std::nullopt;
    add_snaps(tree, found);
    add_flatpaks(tree, found);
    return found;
}

}  // namespace vg::probes::inventory
