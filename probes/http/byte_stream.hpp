#pragma once
// A connection that bytes go through, in the clear or in TLS: the exchange does not see the difference. Owned by one
// coroutine.

#include "base/tls.hpp"
#include "probes/probe.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <span>

namespace vg::probes::http {

class ByteStream {
public:
    virtual ~ByteStream() = default;
    // As tls::Stream: Errc::timed_out at the deadline, Errc::unavailable when the other side closed.
    [[nodiscard]] virtual asio::awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> into,
                                                                         Deadline deadline) = 0;
    [[nodiscard]] virtual asio::awaitable<Result<void>> write_all(ByteView data, Deadline deadline) = 0;
};

[[nodiscard]] std::unique_ptr<ByteStream> plain_stream(asio::ip::tcp::socket socket);
[[nodiscard]] std::unique_ptr<ByteStream> tls_stream(tls::Stream stream);

}  // namespace vg::probes::http
