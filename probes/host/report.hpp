#pragma once
// From two looks at the machine to an observation: shares and rates, rounded to what is worth knowing so that the
// columns on the wire stay small (docs/wire.md §5). Pure; owned by the host probe, one thread.

#include "base/clock.hpp"
#include "probes/host/reading.hpp"
#include "wire/observation.hpp"

#include <optional>

namespace vg::probes::host {

class Report {
public:
    // The first call gives states only; from the second on also the rates between the last two calls. A counter that
    // went backwards (interface made anew, 32-bit wrap) gives no rate for that interval.
    [[nodiscard]] wire::Observation make(const Reading& now, Mono at, const std::string& boot_id);
    [[nodiscard]] bool has_rates() const { return before_.has_value(); }

private:
    struct Before {
        Reading reading;
        Mono at;
    };
    std::optional<Before> before_;
    std::optional<double> told_cpu_, told_memory_, told_disk_;  // the facts' values, held against small changes
};

// To 100 By/s; above 100 kB/s to two significant digits.
[[nodiscard]] double round_rate(double bytes_per_second);
// To one significant digit below 10, else to two.
[[nodiscard]] double round_count(double value);

}  // namespace vg::probes::host
