#pragma once
// Asks one name server one question: UDP first, again each second, TCP when the reply is cut (RFC 1035 §4.2). Only a
// reply with our number and our question, from the server that was asked, counts. Used on the agent's io_context.

#include "probes/dns/message.hpp"
#include "probes/probe.hpp"

#include <boost/asio/ip/udp.hpp>

#include <string>

namespace vg::probes::dns {

// Errc::timed_out: no reply by the deadline; unavailable: nobody listens or no route; invalid_input: a malformed reply.
[[nodiscard]] asio::awaitable<Result<Reply>> ask(asio::ip::udp::endpoint server, std::string name, Type type,
                                                 Deadline deadline);

}  // namespace vg::probes::dns
