#pragma once
// A refusal as people read it: its sentence is English on the wire, the code has words in Vietnamese. Any thread.

#include "base/words.hpp"
#include "wire/messages.hpp"

namespace vg::wire {

[[nodiscard]] Text in_words(const Refuse& refuse);

}  // namespace vg::wire
