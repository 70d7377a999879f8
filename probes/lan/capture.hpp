#pragma once
// Frames from an interface or from a capture file, already dissected. The owner of libpcap, which is loaded at first
// use; used on the agent's io_context.

#include "base/result.hpp"
#include "probes/lan/frames.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>
#include <vector>

namespace vg::probes::lan {

class Capture {
public:
    virtual ~Capture() = default;
    // Waits for sightings; an empty list is the end of a file. Errc::cancelled after cancel().
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<Sighting>>> next() = 0;
    virtual void cancel() = 0;
};

// Needs CAP_NET_RAW; the interface is not switched to promiscuous mode. Error(permission, not_found, unavailable).
[[nodiscard]] Result<std::unique_ptr<Capture>> capture_interface(boost::asio::io_context& io, const std::string& name);
// pcap or pcapng of Ethernet frames; Error(invalid_input) for anything else.
[[nodiscard]] Result<std::unique_ptr<Capture>> capture_file(const std::string& path);

}  // namespace vg::probes::lan
