#pragma once
// HTTP/1.1 (RFC 9112) on a TLS stream that the listener has accepted: keep-alive, limits, deadlines. A session is one
// coroutine on the stream's executor; the application answers on the same executor and may hop away inside. Beast's
// parser is named in parser.cpp only.

#include "base/tls.hpp"
#include "collector/http/message.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <set>

namespace vg::collector::http {

struct Limits {
    std::size_t header_bytes = 16 * 1024;
    std::chrono::seconds idle{60};    // between requests
    std::chrono::seconds header{10};  // from the first byte of a request to its end of header
    std::chrono::seconds body{60};    // to the end of the body
    std::chrono::seconds write{60};   // for one answer
    std::size_t connections = 1000;   // at once
    std::size_t requests = 10'000;    // on one connection
};

class Application {
public:
    virtual ~Application() = default;
    // How large a body this request may have, decided from its head alone (body is empty).
    [[nodiscard]] virtual std::size_t max_body(const Request& head) const = 0;
    [[nodiscard]] virtual asio::awaitable<Response> answer(const Request& request) = 0;
};

// All HTTP connections. The application outlives it; it outlives the coroutines that serve() made.
class Server {
public:
    explicit Server(Application& application, Limits limits = {});
    ~Server();
    Server(const Server&) = delete;

    // Serves one connection until the peer goes, asks to close, breaks the protocol or a deadline passes. More than
    // limits.connections are closed at once.
    [[nodiscard]] asio::awaitable<void> serve(tls::Stream stream);
    void stop();  // closes every connection; their coroutines end soon after
    [[nodiscard]] std::size_t open() const { return streams_->size(); }

private:
    Application& application_;
    Limits limits_;
    // Shared with the connections: io_context may end the last of them after the server has gone.
    std::shared_ptr<std::set<tls::Stream*>> streams_ = std::make_shared<std::set<tls::Stream*>>();
    bool stopped_ = false;
};

}  // namespace vg::collector::http
