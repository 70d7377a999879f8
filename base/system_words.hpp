#pragma once
// What the operating system answers, in words for people: the errors that users meet have a sentence of ours in both
// languages, the rest keeps the system's own words behind its number. Any thread.

#include "base/words.hpp"

#include <boost/system/error_code.hpp>

#include <system_error>

namespace vg {

[[nodiscard]] Text system_words(int number);  // errno
[[nodiscard]] Text system_words(const boost::system::error_code& error);
[[nodiscard]] Text system_words(const std::error_code& error);

}  // namespace vg
