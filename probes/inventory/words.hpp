#pragma once
// How the parsers of this folder read and keep text. Total over any bytes; pure; any thread.

#include "base/text.hpp"

#include <string>
#include <string_view>

namespace vg::probes::inventory {

// What may be shown and stored: valid UTF-8 without control characters, blanks at the ends or more than `most` bytes.
[[nodiscard]] std::string clean(std::string_view text, std::size_t most = 200);

}  // namespace vg::probes::inventory
