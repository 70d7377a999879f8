#pragma once
// A web server for tests on loopback, in the clear or with real TLS: answers each path with the bytes that the test
// gives it.

#include "base/tls.hpp"
#include "tests/probes/running.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <map>
#include <memory>

namespace vg::probes::testing {

inline std::string page(const std::string& body, const std::string& status = "200 OK", const std::string& more = {}) {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more + "\r\n" + body;
}

class WebServer {
public:
    WebServer(asio::io_context& io, const std::string& address, std::optional<x509::Identity> identity = {})
        : acceptor_(io, {asio::ip::make_address(address), 0}), port_(acceptor_.local_endpoint().port()) {
        if (identity) {
            tls::Context::Options options;
            options.server = true;
            options.identity = *identity;
            options.check = tls::PeerCheck::none;
            context_ = std::make_unique<tls::Context>(tls::Context::make(options).value());
        }
        asio::co_spawn(io, accept_all(io), [](std::exception_ptr) {});
    }
    void stop() { acceptor_.close(); }
    [[nodiscard]] std::uint16_t port() const { return port_; }

    std::map<std::string, std::string> pages;  // "/path" to the bytes of the response; none: the server stays silent
    bool writes_bytes = false;                 // one at a time, in the clear
    std::vector<std::string> requests;

private:
    asio::awaitable<void> accept_all(asio::io_context& io) {
        for (;;) {
            auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
            if (context_)
                asio::co_spawn(io, serve_tls(tls::Stream(std::move(socket), *context_)), [](std::exception_ptr) {});
            else
                asio::co_spawn(io, serve_plain(std::move(socket)), [](std::exception_ptr) {});
        }
    }
    const std::string* answer(const std::string& request) {
        requests.push_back(request);
        const auto start = request.find(' ') + 1;
        const auto found = pages.find(request.substr(start, request.find(' ', start) - start));
        return found == pages.end() ? nullptr : &found->second;
    }
    asio::awaitable<void> serve_plain(asio::ip::tcp::socket socket) {
        std::string request;
        co_await asio::async_read_until(socket, asio::dynamic_buffer(request), "\r\n\r\n", asio::use_awaitable);
        if (const auto* found = answer(request)) {
            // The server may be gone when the last byte is.
            const auto text = *found;
            const auto piece = writes_bytes ? std::size_t{1} : std::max<std::size_t>(text.size(), 1);
            for (std::size_t at = 0; at < text.size(); at += piece) {
                co_await asio::async_write(socket, asio::buffer(text.data() + at, piece), asio::use_awaitable);
                co_await asio::post(socket.get_executor(), asio::use_awaitable);  // the probe reads it
            }
        } else {
            char byte;
            co_await asio::async_read(socket, asio::buffer(&byte, 1), asio::use_awaitable);  // until the probe leaves
        }
    }
    asio::awaitable<void> serve_tls(tls::Stream stream) {
        if (!co_await stream.accept(in(5s))) co_return;
        std::string request;
        Bytes buffer(4096);
        while (request.find("\r\n\r\n") == std::string::npos) {
            const auto got = co_await stream.read_some(buffer, in(5s));
            if (!got) co_return;
            request += text_of(ByteView(buffer).first(*got));
        }
        if (const auto* text = answer(request)) (void)co_await stream.write_all(view_of(*text), in(5s));
        stream.close();
    }
    asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_;
    std::unique_ptr<tls::Context> context_;
};

}  // namespace vg::probes::testing
