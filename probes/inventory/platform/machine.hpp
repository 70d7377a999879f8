#pragma once
// The machine that the agent stands on, read part by part. Linux in linux_*.cpp; another system brings its own
// make_machine and nothing else. Owned by the inventory probe; one thread; a look may take some milliseconds of disk.

#include "probes/inventory/reading.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace vg::probes::inventory {

class Machine {
public:
    virtual ~Machine() = default;
    // A number that changes whenever a look at the part may give something else; costs a few calls of stat. Nothing:
    // only a look can tell.
    [[nodiscard]] virtual std::optional<std::uint64_t> stamp(Part part) = 0;
    // Cheap to look at, and of the kind that somebody should hear of within minutes.
    [[nodiscard]] virtual bool is_for_every_run(Part part) const = 0;
    // So dear that a change may wait for a quarter of the time between full looks.
    [[nodiscard]] virtual bool is_costly(Part part) const = 0;
    virtual void look(Part part, Reading& into) = 0;
    // What a look with all rights wrote down lately, where we do not have them (root_look.hpp).
    [[nodiscard]] virtual std::optional<std::string> seen_as_root() = 0;
};

// `root` is where the system lies: "" the running one; tests give a folder with the files that they need.
[[nodiscard]] std::unique_ptr<Machine> make_machine(std::string root = {});

}  // namespace vg::probes::inventory
