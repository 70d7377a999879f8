#pragma once
// Texts of strangers made fit to be kept and shown. Pure; any thread.

#include "base/bytes.hpp"

#include <string>

namespace vg::probes::lan::dissect {

constexpr std::size_t most_text = 255;

// Valid UTF-8 without control characters ('?' stands for what is neither), cut at the first zero byte, without blanks
// and line ends at its end, at most `most` bytes.
[[nodiscard]] std::string clean_text(ByteView raw, std::size_t most = most_text);
[[nodiscard]] std::string clean_text(std::string_view raw, std::size_t most = most_text);
// As clean_text, but without the trailing dot and in lower case: names of hosts are compared, not read.
[[nodiscard]] std::string host_text(std::string_view raw);
// "0a:1b:2c", at most `most` bytes of it.
[[nodiscard]] std::string hex_text(ByteView raw, std::size_t most = 64);

}  // namespace vg::probes::lan::dissect
