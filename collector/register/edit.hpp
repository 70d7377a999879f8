#pragma once
// Changes of a register's text that leave the rest as people wrote it. Pure.

#include "base/result.hpp"
#include "collector/register/model.hpp"

#include <memory>
#include <string>

namespace vg::collector::registry {

struct Edited {
    std::string text;
    std::shared_ptr<Register> reg;  // as read from it
};

// The text with one device more; `reg` is what the text says. Where the text cannot take it, the register is written
// anew, without its comments. Error(invalid_input) with every problem when the device does not fit.
[[nodiscard]] Result<Edited> with_device(const std::string& text, const Register& reg, const Device& device);

}  // namespace vg::collector::registry
