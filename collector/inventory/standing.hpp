#pragma once
// How a device stands between the register and what is seen. Read from the pipeline, on its thread.

#include "collector/inventory/inventory.hpp"
#include "collector/pipeline.hpp"

#include <optional>

namespace vg::collector::inventory {

struct Standing {
    bool has_row = false;            // in the register
    bool is_registered = false;      // by the register, or by an agent that was enrolled on it
    bool is_expected = false;        // by the register
    bool is_seen = false;            // by anybody, now
    bool is_virtual = false;         // the address that routers share, not a device
    std::optional<bool> is_missing;  // nothing: nobody is there to see it
    std::string moved_from;          // site; "": it is where it belongs
    Time first{}, last{};            // seen; the epoch: never

    // Why it is no stranger: "register", "agent" where the register has no row for it, "" a stranger.
    [[nodiscard]] const char* known_by() const { return has_row ? "register" : is_registered ? "agent" : ""; }
};

[[nodiscard]] Standing standing_of(Pipeline& pipeline, const Record& record, Time now);
// How long a device of this kind may be out of sight before it is missed.
[[nodiscard]] Millis patience_of(std::string_view kind);

}  // namespace vg::collector::inventory
