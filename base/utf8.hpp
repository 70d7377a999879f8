#pragma once
// Texts that should be UTF-8 and may be anything: agents pass on what devices call themselves. Pure; any thread.

#include <string>
#include <string_view>

namespace vg {

[[nodiscard]] bool is_utf8(std::string_view text);

// The text with U+FFFD in place of each byte that is not of well-formed UTF-8: so JSON and pages can hold it.
[[nodiscard]] std::string well_formed(std::string text);

}  // namespace vg
