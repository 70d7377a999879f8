#pragma once
// Looks at the machine for the host probe. Linux: files of /proc and /sys that stay open and are read again from their
// beginning, so that a look costs a handful of system calls. Owned by the probe; one thread; never blocks on a network
// filesystem (those are left out).

#include "probes/host/reading.hpp"

#include <memory>
#include <string>
#include <vector>

namespace vg::probes::host {

struct SourceOptions {
    std::vector<std::string> interfaces;  // empty: choose the real ones
    std::vector<std::string> mounts;      // empty: every local filesystem
};

class Source {
public:
    virtual ~Source() = default;
    [[nodiscard]] virtual Reading look() = 0;
};

[[nodiscard]] std::unique_ptr<Source> make_source(SourceOptions options);

}  // namespace vg::probes::host
