#pragma once
// One ICMP socket for echoes of one family: the unprivileged datagram kind where the system allows it, else a raw one
// (CAP_NET_RAW). Sends and receives many packets a call; arrivals carry the kernel's receive time, so it does not
// matter when they are read. Owned by the Pinger; used from its io_context's thread.

#include "probes/echo.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <memory>
#include <span>
#include <vector>

namespace vg::probes {

struct EchoArrival {
    EchoState what = EchoState::answered;  // answered, expired or unreachable
    std::uint16_t sequence = 0;
    std::uint64_t cookie = 0;  // of an answer
    Address target;            // of the quoted echo, for an error
    Address from;
    Instant at{};
};

struct EchoDispatch {
    Instant at{};
    int error = 0;  // errno; 0: sent
};

enum class SocketKind { any, datagram, raw };

class IcmpSocket {
public:
    virtual ~IcmpSocket() = default;
    [[nodiscard]] static Result<std::unique_ptr<IcmpSocket>> open(boost::asio::io_context& io, bool v6,
                                                                  SocketKind kind = SocketKind::any);
    // One dispatch for each echo, in order. Blocks for no longer than the system calls take.
    virtual void send(std::span<const EchoMachine::Outgoing> echoes, std::vector<EchoDispatch>& done) = 0;
    // Everything that has arrived; appends.
    virtual void receive(std::vector<EchoArrival>& arrivals) = 0;
    [[nodiscard]] virtual SocketKind kind() const = 0;
    [[nodiscard]] virtual boost::asio::posix::stream_descriptor& descriptor() = 0;
};

}  // namespace vg::probes
