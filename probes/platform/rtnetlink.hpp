#pragma once
// The kernel's word on interfaces and default routes (rtnetlink(7)). The parser is total over any bytes; the socket
// tells that something changed, and the state is then read anew as a whole. Owned by the uplink watcher; one thread.

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "probes/uplink/evidence.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>

namespace vg::probes::uplink {

// What a buffer of netlink messages holds.
struct NetlinkNews {
    std::vector<Link> links;           // new or changed
    std::vector<DefaultRoute> routes;  // of the main table, alive
    bool concerns_us = false;          // an interface or a default route came, went or changed
    bool is_done = false;              // the end of a dump, or an error in its place
};
[[nodiscard]] NetlinkNews parse_netlink(ByteView messages);

class NetworkWatch {
public:
    virtual ~NetworkWatch() = default;
    // All of it as it is now. Takes well under a millisecond on an ordinary machine.
    [[nodiscard]] virtual Result<Network> read() = 0;
    // Returns when interfaces or default routes changed (or may have), or with Errc::cancelled after cancel().
    [[nodiscard]] virtual boost::asio::awaitable<Result<void>> changed() = 0;
    virtual void cancel() = 0;
};

[[nodiscard]] Result<std::unique_ptr<NetworkWatch>> watch_network(boost::asio::io_context& io);

}  // namespace vg::probes::uplink
