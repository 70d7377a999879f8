#pragma once
// What the columns of a list are called when a person takes it away as a table; programs that do not name a language
// get the fields' own names. Static data; any thread.

#include "base/words.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vg::collector::api {

// In the order of the columns. Nothing named: the fields' own names.
[[nodiscard]] std::vector<std::string> headings(std::span<const std::string_view> columns,
                                                std::optional<Language> language);

}  // namespace vg::collector::api
