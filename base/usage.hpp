#pragma once
// What a program says when its command line is wrong, in both languages. The parser's own words come as arguments, so
// that it stays in the programs' main files. Exit codes of every program: 0 done, 1 failed, 2 wrong command line or
// configuration.

#include <string>
#include <string_view>

namespace vg {

inline constexpr int wrong_usage = 2;

// `kind` is the parser's number of the mistake (CLI11's ExitCodes), `english` what it says.
[[nodiscard]] std::string usage_mistake(std::string_view program, int kind, std::string_view english);

}  // namespace vg
