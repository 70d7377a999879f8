#pragma once
// Data that came with the program, mapped read-only: its pages belong to the page cache and are shared by all.

#include "base/bytes.hpp"

#include <string>

namespace vg::probes::platform {

// NAME in ../share/vonggac beside the executable, else in /usr/share/vonggac; empty when it is in neither. Mapped for
// as long as the process lives.
[[nodiscard]] ByteView map_shared_file(const std::string& name);

}  // namespace vg::probes::platform
