#pragma once
// One enrolment connection: an Enrol frame with a token's secret and a request, a Certificate back, the end. On the io
// thread; token and agent are the pipeline's.

#include "collector/core.hpp"
#include "collector/framed.hpp"

#include <memory>
#include <span>

namespace vg::collector {

[[nodiscard]] asio::awaitable<void> serve_enrolment(tls::Stream stream, Core& core,
                                                    std::shared_ptr<const Authority> authority,
                                                    const FrameLimits& limits, std::span<std::uint8_t> scratch);

}  // namespace vg::collector
