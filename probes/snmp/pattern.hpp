#pragma once
// Regular expressions (Perl's syntax) over short texts. Patterns come from our own files, texts from devices: a text
// is cut, and a search that takes too long finds nothing. Compiled patterns are kept. One thread.

#include <optional>
#include <string>

namespace vg::probes::snmp {

[[nodiscard]] bool is_pattern(const std::string& pattern);
// The first group that took part, or the whole match when there is none; nothing when the text does not match.
[[nodiscard]] std::optional<std::string> find_pattern(const std::string& pattern, const std::string& text);

}  // namespace vg::probes::snmp
