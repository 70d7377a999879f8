#pragma once
// Regular expressions (Perl's syntax) over short texts. Patterns come from our own files, texts from devices: a text
// is cut, and a search that takes too long finds nothing. Compiled patterns are kept. One thread.

#include <optional>
#include <string>
#include <vector>

namespace vg::probes::snmp {

[[nodiscard]] bool is_pattern(const std::string& pattern);
// The first group that took part, or the whole match when there is none; nothing when the text does not match.
[[nodiscard]] std::optional<std::string> find_pattern(const std::string& pattern, const std::string& text);
[[nodiscard]] inline bool has_pattern(const std::string& pattern, const std::string& text) {
    return find_pattern(pattern, text).has_value();
}
// Each match replaced by a blank.
[[nodiscard]] std::string without_pattern(const std::string& pattern, const std::string& text);
// What lies between the matches.
[[nodiscard]] std::vector<std::string> split_at(const std::string& pattern, const std::string& text);

}  // namespace vg::probes::snmp
