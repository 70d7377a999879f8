#pragma once
// One HTTP/1.1 request and its response over a connection of its own (RFC 9112), with the time of each phase. Used on
// the agent's io_context; Beast's parser is named in exchange.cpp only.

#include "base/tls.hpp"
#include "probes/endpoint.hpp"
#include "probes/http/url.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace vg::probes::http {

constexpr std::size_t most_body = 256 * 1024;   // bytes kept of a page, and read of it
constexpr std::size_t most_header = 32 * 1024;  // bytes of a response's header

struct Request {
    std::string method = "GET";
    Url url;
    Family family = Family::any;
    const tls::Context* tls = nullptr;  // for https; outlives the exchange
};

struct Phases {  // each on its own, not added up; absent when it was not reached
    std::optional<std::chrono::nanoseconds> dns, connect, tls, first_byte, total;
};

struct Exchange {
    Outcome outcome = Outcome::bad_answer;  // ok: a whole header came, whatever its status
    Text sentence;                          // of what is not ok
    bool could_not_look = false;            // no route from here
    Phases phases;
    std::optional<tls::Peer> peer;  // of https, as soon as the handshake is over
    unsigned status = 0;
    std::string location;
    std::string body;  // the first most_body bytes
};

[[nodiscard]] asio::awaitable<Exchange> exchange(Request request, Deadline deadline);

}  // namespace vg::probes::http
