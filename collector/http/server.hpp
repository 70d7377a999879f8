#pragma once
// HTTP/1.1 (RFC 9112) on a TLS stream that the listener has accepted: keep-alive, limits, deadlines. A session is one
// coroutine on the stream's executor; the application answers on the same executor and may hop away inside. Beast's
// parser is named in parser.cpp only.

#include "base/tls.hpp"
#include "collector/http/message.hpp"

#include <boost/asio/awaitable.hpp>

namespace vg::collector::http {

struct Limits {
    std::size_t header_bytes = 16 * 1024;
    std::chrono::seconds idle{60};    // between requests
    std::chrono::seconds header{10};  // from the first byte of a request to its end of header
    std::chrono::seconds body{60};    // to the end of the body
    std::chrono::seconds write{60};   // for one answer
    std::size_t requests = 10'000;    // on one connection
};

class Application {
public:
    virtual ~Application() = default;
    // How large a body this request may have, decided from its head alone (body is empty).
    [[nodiscard]] virtual std::size_t max_body(const Request& head) const = 0;
    [[nodiscard]] virtual asio::awaitable<Response> answer(const Request& request) = 0;
};

// Serves until the peer goes, asks to close, breaks the protocol or a deadline passes. The application outlives it.
[[nodiscard]] asio::awaitable<void> serve(tls::Stream stream, Application& application, Limits limits = {});

}  // namespace vg::collector::http
