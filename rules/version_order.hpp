#pragma once
// Orders versions as vendors write them: "7.1rc3" < "7.1" < "7.1.1", "12.2(55)SE12", "17.9.4" < "17.9.4a",
// "v7.2.10,build1706,240918 (GA.M)". Pure.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vg::rules {

// The version inside a text: from its first number that has a dot (else its first number) to a comma or a blank, in
// lower case; "" where there is none.
[[nodiscard]] std::string version_in(std::string_view text);

// Of two results of version_in.
[[nodiscard]] std::strong_ordering compare_versions(std::string_view a, std::string_view b);

// The number that follows the word "build": "V5.5.0 build 170722".
[[nodiscard]] std::optional<std::int64_t> build_in(std::string_view text);

}  // namespace vg::rules
