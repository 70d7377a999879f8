#pragma once
// The collector's figures in the Prometheus text format, served from our own listener. prometheus-cpp is named in
// metrics.cpp only.

#include "collector/pipeline.hpp"

#include <string>

namespace vg::collector::api {

struct GaugesNow {  // read on the pipeline thread
    std::size_t agents = 0, agents_heard = 0, gaps_open = 0, gaps_pending = 0, listeners = 0;
    double samples_per_s = 0;
};
[[nodiscard]] GaugesNow gauges(Pipeline& pipeline);
[[nodiscard]] std::string metrics_text(const Counters& counters, const GaugesNow& now);

}  // namespace vg::collector::api
