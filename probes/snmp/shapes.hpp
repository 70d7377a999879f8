#pragma once
// What a text of a device looks like, where nobody says what it means: a version, a serial number, a model, or a
// filler that says nothing. Pure; one thread (patterns are kept).

#include <string>

namespace vg::probes::snmp {

// "N/A", "none", "unknown", "Not Available", "To be filled by O.E.M.", "-", "0" ... Empty texts, too.
[[nodiscard]] bool is_filler(const std::string& text);

enum class Likeness { none, faint, likely, strong };

// strong: three numbers with dots, or a word like "Version" before two; faint: "2.1", which may be a measured value.
[[nodiscard]] Likeness version_likeness(const std::string& text);
// strong: long, of capital letters and many digits; faint: such texts are often product codes.
[[nodiscard]] Likeness serial_likeness(const std::string& text);
[[nodiscard]] bool is_model(const std::string& text);  // has a number: "PL-1000", "DS 214"
[[nodiscard]] bool is_name(const std::string& text);   // has none: "PowerBrick Pro", not "Online"
[[nodiscard]] int digits_in(const std::string& text);

}  // namespace vg::probes::snmp
