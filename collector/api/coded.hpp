#pragma once
// What the coded values of lists (states, kinds, severities ...) are called when a person takes a list away as a table:
// the words of the pages, and their clock. Static data; any thread.

#include "base/words.hpp"

#include <boost/json/array.hpp>

#include <optional>
#include <span>
#include <string_view>

namespace vg::collector::api {

// Of a column of a list; nothing: the value is no code, or one that has no name.
[[nodiscard]] std::optional<Text> words_for(std::string_view column, std::string_view code);

// Codes become words, yes and no too, lists of codes one text, and times the country's with its offset; the rest stays.
void put_in_words(boost::json::array& items, std::span<const std::string_view> columns, Language language);

}  // namespace vg::collector::api
