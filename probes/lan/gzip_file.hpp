#pragma once
// A file for reading, unpacked on the way when it is packed by gzip. The owner of zlib in the agent, loaded at first
// use.

#include "base/result.hpp"

#include <cstdio>
#include <string>

namespace vg::probes::lan {

// The caller closes it. Error(not_found, unavailable).
[[nodiscard]] Result<std::FILE*> open_maybe_packed(const std::string& path);

}  // namespace vg::probes::lan
