#pragma once
// The thread that reads an interface. It gives up its privileges before the first frame, so whatever a frame might do
// to a dissector happens without them; only observations leave it. Started and ended on the agent's io_context.

#include "base/clock.hpp"
#include "probes/lan/frame_source.hpp"
#include "wire/observation.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>
#include <vector>

namespace vg::probes::lan {

class LiveReader {
public:
    // `heard`: entries of neighbours told before a restart.
    LiveReader(boost::asio::io_context& io, Clock& clock, std::unique_ptr<FrameSource> source,
               std::vector<std::string> heard);
    ~LiveReader();  // waits for the thread, which ends at once
    LiveReader(const LiveReader&) = delete;
    LiveReader& operator=(const LiveReader&) = delete;

    // Waits for news. Errc::cancelled after stop(); another Error: the interface is gone, or privileges could not be
    // given up.
    [[nodiscard]] boost::asio::awaitable<Result<wire::Observation>> next();
    void stop();
    void tell_all();

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

}  // namespace vg::probes::lan
