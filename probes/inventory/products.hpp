#pragma once
// The anti-malware products that are known by their traces on a Linux machine; a product more is a row more. Any
// thread.

#include <span>
#include <string_view>

namespace vg::probes::inventory {

struct Product {
    std::string_view name;
    std::string_view trace;      // a file or folder that its installation makes
    std::string_view engine;     // the process that must run for it to do anything; as in /proc/PID/comm, 15 bytes
    std::string_view on_access;  // the process that checks files as they are used; empty: the engine does, and whether
                                 // it does now cannot be seen from outside
    std::string_view definitions[2];  // files that each update of the definitions replaces
};

[[nodiscard]] std::span<const Product> products();

}  // namespace vg::probes::inventory
