#include "collector/listener.hpp"

#include "base/log.hpp"
#include "base/system_words.hpp"
#include "collector/enrolment.hpp"
#include "collector/session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <unordered_map>

namespace vg::collector {

using asio::ip::tcp;
using std::chrono::steady_clock;

namespace {

Result<std::shared_ptr<const tls::Context>> make_context(const x509::Identity& server, const std::string& trusted) {
    // Only agents are asked for a certificate: a browser that is asked shows its user a puzzling window.
    auto made = tls::Context::make({.identity = server,
                                    .trusted_pem = trusted,
                                    .check = tls::PeerCheck::if_given,
                                    .alpn = {wire::limits::alpn_agent, wire::limits::alpn_enrol, "http/1.1"},
                                    .certificate_alpn = {wire::limits::alpn_agent},
                                    .server = true,
                                    .allow_tls12 = false});
    if (!made) return made.error();
    return std::make_shared<const tls::Context>(std::move(*made));
}

}  // namespace

struct Listener::Impl : std::enable_shared_from_this<Listener::Impl> {
    Impl(asio::io_context& context, Options wanted, Core& the_core, std::shared_ptr<Authority> the_authority,
         ServeHttp http, std::shared_ptr<const tls::Context> the_tls)
        : io(context),
          options(std::move(wanted)),
          core(the_core),
          authority(std::move(the_authority)),
          serve_http(std::move(http)),
          tls(std::move(the_tls)),
          acceptor(context),
          pause(context) {}

    asio::io_context& io;
    Options options;
    Core& core;
    std::shared_ptr<Authority> authority;
    ServeHttp serve_http;
    std::shared_ptr<const tls::Context> tls;  // each connection keeps the one that it began with
    tcp::acceptor acceptor;
    asio::steady_timer pause;
    bool stopping = false;
    ConnectionId next_id = 1;
    std::unordered_map<ConnectionId, std::weak_ptr<Session>> sessions;
    std::vector<std::uint8_t> scratch = std::vector<std::uint8_t>(64 * 1024);

    Result<void> listen();
    asio::awaitable<void> accept();
    asio::awaitable<void> serve(tcp::socket socket);
    asio::awaitable<void> serve_agent(tls::Stream stream, Millis round_trip);
};

Result<void> Listener::Impl::listen() {
    boost::system::error_code ec;
    const auto address = asio::ip::make_address(options.address, ec);
    if (ec)
        return fail(
            Errc::invalid_input,
            say({"\"{}\" không phải địa chỉ để nghe", "\"{}\" is not an address to listen on"}, options.address));
    const tcp::endpoint endpoint(address, options.port);
    acceptor.open(endpoint.protocol(), ec);
    if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec) acceptor.bind(endpoint, ec);
    if (!ec) acceptor.listen(4096, ec);
    if (ec)
        return fail(Errc::unavailable, say({"không nghe được ở {}:{}: {}", "cannot listen on {}:{}: {}"},
                                           options.address, options.port, system_words(ec)));
    return {};
}

asio::awaitable<void> Listener::Impl::accept() {
    while (!stopping) {
        boost::system::error_code ec;
        auto socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, ec));
        if (stopping) co_return;
        if (ec || core.counters().connections_open >= options.max_connections) {
            // Out of descriptors or full: those who wait in the kernel's queue wait a little longer.
            if (ec) log::warning("listener", "cannot accept a connection: " + ec.message());
            pause.expires_after(std::chrono::milliseconds(100));
            boost::system::error_code ignored;
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
            if (ec) continue;
        }
        core.counters().connections++;
        core.counters().connections_open++;
        asio::co_spawn(io, serve(std::move(socket)), [self = shared_from_this()](std::exception_ptr error) {
            self->core.counters().connections_open--;
            if (!error) return;
            try {
                std::rethrow_exception(error);
            } catch (const std::exception& e) {
                log::error("listener", std::string("a connection ended unexpectedly: ") + e.what());
            }
        });
    }
}

asio::awaitable<void> Listener::Impl::serve(tcp::socket socket) {
    const auto keep = shared_from_this();
    const auto context = tls;
    tls::Stream stream(std::move(socket), *context);
    const auto begun = steady_clock::now();
    if (auto accepted = co_await stream.accept(begun + options.handshake); !accepted) {
        core.counters().handshakes_failed++;
        co_return;
    }
    const auto took = std::chrono::duration_cast<Millis>(steady_clock::now() - begun) + Millis{1};
    const std::string& alpn = stream.peer().alpn;
    if (alpn == wire::limits::alpn_agent)
        co_await serve_agent(std::move(stream), took);
    else if (alpn == wire::limits::alpn_enrol)
        co_await serve_enrolment(std::move(stream), core, authority, options.frames, scratch);
    else if (serve_http)
        co_await serve_http(std::move(stream));
}

asio::awaitable<void> Listener::Impl::serve_agent(tls::Stream stream, Millis round_trip) {
    const auto id = next_id++;
    const auto session = std::make_shared<Session>(std::move(stream), id, core, options.frames, scratch, round_trip);
    sessions.emplace(id, session);
    co_await session->run();
    sessions.erase(id);
}

Listener::Listener(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Listener::~Listener() { stop(); }

Result<std::unique_ptr<Listener>> Listener::open(asio::io_context& io, Options options, Core& core,
                                                 std::shared_ptr<Authority> authority, ServeHttp serve_http) {
    auto tls = make_context(authority->server(), authority->certificate_pem());
    if (!tls) return tls.error();
    auto impl = std::make_shared<Impl>(io, std::move(options), core, std::move(authority), std::move(serve_http),
                                       std::move(*tls));
    if (auto listening = impl->listen(); !listening) return listening.error();
    return std::unique_ptr<Listener>(new Listener(std::move(impl)));
}

std::uint16_t Listener::port() const {
    boost::system::error_code ignored;
    return impl_->acceptor.local_endpoint(ignored).port();
}

Result<bool> Listener::renew_certificate(Time now) {
    auto& s = *impl_;
    const auto server = s.authority->renewed_server(now);
    if (!server) return server.error();
    if (!*server) return false;
    auto context = make_context(**server, s.authority->certificate_pem());
    if (!context) return context.error();
    s.tls = std::move(*context);
    return true;
}

asio::awaitable<void> Listener::run() { return impl_->accept(); }

void Listener::stop() {
    if (impl_->stopping) return;
    impl_->stopping = true;
    boost::system::error_code ignored;
    impl_->acceptor.close(ignored);
    impl_->pause.cancel();
    for (const auto& [id, session] : impl_->sessions)
        if (const auto alive = session.lock()) alive->stop();
}

}  // namespace vg::collector
