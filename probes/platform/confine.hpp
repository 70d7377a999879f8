#pragma once
// Gives up what a thread that reads packets no longer needs.

#include "base/result.hpp"

namespace vg::probes::platform {

// The calling thread loses every capability for good (also those that a program of another user would give it) and may
// make only the system calls of waiting, reading from what is open, writing to it, memory and time; any other one fails
// with EPERM. Other threads are not touched. Error(permission) when the system refuses; then nothing may be read.
[[nodiscard]] Result<void> confine_this_thread();

}  // namespace vg::probes::platform
