#pragma once
// A small /var/lib/dpkg/status: of three packages something is on the disk.

#include <string_view>

namespace vg::probes::inventory {

inline constexpr std::string_view dpkg_status =
    "Package: bash\nEssential: yes\nStatus: install ok installed\nPriority: required\nArchitecture: amd64\n"
    "Version: 5.2.15-2+b2\nDescription: GNU Bourne Again SHell\n Status: deinstall ok config-files\n"
    " Package: not a field, but a line of the description\n\n"
    "Package: old\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1\n\n"
    "Package: libc6\nStatus: install ok installed\nArchitecture: i386\nVersion: 2.36-9\n\n"
    "Package: libc6\nStatus: hold ok half-configured\nArchitecture: amd64\nVersion: 2.36-9+deb12u9\n";

}  // namespace vg::probes::inventory
