#pragma once
// Answers made smaller for slow lines (RFC 1952). zlib is named in compress.cpp only. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace vg::collector::http {

[[nodiscard]] std::optional<std::string> gzip(std::string_view text);
[[nodiscard]] bool accepts_coding(std::string_view accept_encoding, std::string_view coding);

}  // namespace vg::collector::http
