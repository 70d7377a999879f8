#pragma once
// Files that only the collector may read (mode 0600), replaced as a whole: whoever looks sees the old or the new text.

#include "base/result.hpp"

#include <string>

namespace vg::collector {

[[nodiscard]] Result<std::string> read_file(const std::string& path);
[[nodiscard]] Result<void> write_private_file(const std::string& path, const std::string& text);

}  // namespace vg::collector
