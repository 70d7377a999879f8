// What runs on the machine: the system and the software installed on it.
#include "probes/inventory/dpkg.hpp"
#include "probes/inventory/platform/linux_parts.hpp"
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

std::optional<std::vector<Package>> look_at_software(const Tree& tree) {
    DpkgStatus status;
    const bool read = tree.each_piece("/var/lib/dpkg/status", [&](std::string_view piece) { status.feed(piece); });
    if (!read) return std::nullopt;
    return status.finish();
}

}  // namespace vg::probes::inventory
