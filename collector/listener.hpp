#pragma once
// The one port: accepts TCP, does the TLS handshake, and hands the stream on by ALPN: agents to a Session, enrolment to
// an Enrolment, all else to HTTP. Owned by main; used on the io thread only.

#include "base/tls.hpp"
#include "collector/core.hpp"
#include "collector/framed.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>

namespace vg::collector {

using ServeHttp = std::function<asio::awaitable<void>(tls::Stream)>;

class Listener {
public:
    struct Options {
        std::string address = "0.0.0.0";
        std::uint16_t port = 443;              // 0: any free one
        std::size_t max_connections = 20'000;  // more wait in the kernel's queue
        std::chrono::seconds handshake{10};    // deadline; then the hello's own begins
        FrameLimits frames;
    };
    [[nodiscard]] static Result<std::unique_ptr<Listener>> open(asio::io_context& io, Options options, Core& core,
                                                                std::shared_ptr<Authority> authority,
                                                                ServeHttp serve_http);
    ~Listener();
    [[nodiscard]] std::uint16_t port() const;

    // Accepts until stop(). Awaited by main.
    [[nodiscard]] asio::awaitable<void> run();
    // Makes the server's certificate anew when its end is near; who connects from then on is shown it, who is here
    // stays. True: it was made. To be called now and then.
    [[nodiscard]] Result<bool> renew_certificate(Time now);
    void stop();  // no new connections; sessions are told shutting_down and end

private:
    struct Impl;
    explicit Listener(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

}  // namespace vg::collector
