#pragma once
// A collector of a few lines for the agent's tests: real TLS on loopback, and a script that answers each frame.
// Lives on the test's io_context.

#include "base/clock.hpp"
#include "base/tls.hpp"
#include "wire/limits.hpp"
#include "wire/messages.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace vg::agent::testing {

namespace asio = boost::asio;
using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::steady_clock;

inline Time wall_now() { return system_clock().wall(); }

inline x509::Identity make_server(const x509::Identity& authority, const std::vector<std::string>& names) {
    const auto key = x509::make_key().value();
    const auto request = x509::make_request(key.private_pem, "server").value();
    x509::Leaf leaf{"server", names, x509::Usage::server, wall_now() - hours{1}, wall_now() + hours{24}};
    return {key.private_pem, x509::sign(authority, request, leaf).value() + authority.certificate_pem};
}

inline std::string sign_agent(const x509::Identity& authority, const std::string& request, const std::string& id,
                              Time from = wall_now() - hours{1}, Time until = wall_now() + hours{24 * 90}) {
    return x509::sign(authority, request, {id, {}, x509::Usage::client, from, until}).value();
}

class FakeCollector {
public:
    struct Connection {
        explicit Connection(tls::Stream accepted) : stream(std::move(accepted)) {}
        tls::Stream stream;
        wire::FrameParser parser{wire::limits::max_frame};
        int number = 0;
        std::vector<wire::Frame> frames;
        bool open = true;

        template <class M>
        void send(wire::FrameType type, const M& message) {
            wire::append_message(type, message, out);
        }
        Bytes out;
    };
    using Script = std::function<void(FakeCollector&, Connection&, const wire::Frame&)>;

    explicit FakeCollector(asio::io_context& io) : io_(io), acceptor_(io, {asio::ip::make_address("127.0.0.1"), 0}) {
        authority = x509::make_authority("test authority", wall_now() - hours{1}, wall_now() + hours{24 * 365}).value();
        renew_server({"localhost", "127.0.0.1"});
        asio::co_spawn(io_, accept_loop(), asio::detached);
    }

    void renew_server(const std::vector<std::string>& server_names) {
        use_server(make_server(authority, server_names));
    }
    void use_server(const x509::Identity& server) {
        tls::Context::Options options;
        options.identity = server;
        options.trusted_pem = authority.certificate_pem;
        options.server = true;
        options.alpn = {wire::limits::alpn_agent, wire::limits::alpn_enrol};
        options.certificate_alpn = {wire::limits::alpn_agent};
        context_ = std::make_unique<tls::Context>(tls::Context::make(options).value());
    }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    [[nodiscard]] wire::Token token() const {
        return {x509::inspect(authority.certificate_pem)->fingerprint_sha256_hex.substr(0, 32), "secret"};
    }

    // Welcomes, keeps every batch, acknowledges each at once, answers heartbeats.
    static void answer_all(FakeCollector& self, Connection& connection, const wire::Frame& frame) {
        switch (frame.type) {
            case wire::FrameType::hello: self.welcome(connection, frame); break;
            case wire::FrameType::batch: self.keep(connection, frame, true); break;
            case wire::FrameType::heartbeat: {
                const auto beat = wire::decode<wire::Heartbeat>(frame.payload).value();
                self.heartbeats.push_back(beat);
                connection.send(wire::FrameType::pulse, wire::Pulse{beat.mono_ms, 0});
                break;
            }
            case wire::FrameType::names: self.learn(frame); break;
            case wire::FrameType::enrol: self.enrol(connection, frame); break;
            case wire::FrameType::renew: self.renew(connection, frame); break;
            case wire::FrameType::bye: self.byes.push_back(wire::decode<wire::Bye>(frame.payload)->reason); break;
            default: break;
        }
    }
    void welcome(Connection& connection, const wire::Frame& frame) {
        hellos.push_back(wire::decode<wire::Hello>(frame.payload).value());
        connection.send(wire::FrameType::welcome, wire::Welcome{1, static_cast<wire::SeriesId>(names.size()),
                                                                wall_now().time_since_epoch().count(), missing});
    }
    void keep(Connection& connection, const wire::Frame& frame, bool ack) {
        auto batch = wire::decode<wire::Batch>(frame.payload).value();
        const auto seq = batch.seq;
        const auto [at, is_new] = batches.try_emplace(seq, batch);
        if (!is_new) {
            ++duplicates;
            if (at->second.body != batch.body) ++conflicts;
        }
        order.push_back(batch);
        if (ack) connection.send(wire::FrameType::ack, wire::Ack{{seq}, 1000, 5});
    }
    void learn(const wire::Frame& frame) {
        const auto message = wire::decode<wire::Names>(frame.payload).value();
        for (std::size_t i = 0; i < message.names.size(); ++i)
            names[message.first + static_cast<wire::SeriesId>(i)] = message.names[i];
    }
    void enrol(Connection& connection, const wire::Frame& frame) {
        const auto message = wire::decode<wire::Enrol>(frame.payload).value();
        enrols.push_back(message);
        if (message.token_secret != "secret")
            connection.send(wire::FrameType::refuse,
                            wire::Refuse{wire::RefuseCode::token_unknown, "no such token", {}, 0});
        else
            connection.send(
                wire::FrameType::certificate,
                wire::Certificate{"0123456789abcdef", sign_agent(authority, message.request_pem, "0123456789abcdef"),
                                  authority.certificate_pem});
    }
    void renew(Connection& connection, const wire::Frame& frame) {
        const auto message = wire::decode<wire::Renew>(frame.payload).value();
        ++renewals;
        connection.send(
            wire::FrameType::certificate,
            wire::Certificate{"0123456789abcdef", sign_agent(authority, message.request_pem, "0123456789abcdef"),
                              authority.certificate_pem});
    }
    [[nodiscard]] std::vector<wire::Event> events() const {
        std::vector<wire::Event> all;
        for (const auto& [seq, batch] : batches)
            if (batch.batch_class == wire::BatchClass::events) {
                const auto body = wire::decode_events(batch.body).value();
                all.insert(all.end(), body.events.begin(), body.events.end());
            }
        return all;
    }
    [[nodiscard]] bool has_event(std::string_view kind) const {
        for (const auto& event : events())
            if (event.kind == kind) return true;
        return false;
    }
    void hang_up() {
        for (auto& connection : connections) connection->stream.close();
    }

    Script script = answer_all;
    x509::Identity authority;
    std::map<std::uint64_t, wire::Batch> batches;
    std::vector<wire::Batch> order;
    std::map<wire::SeriesId, wire::SeriesName> names;
    std::vector<wire::Hello> hellos;
    std::vector<wire::Heartbeat> heartbeats;
    std::vector<wire::Enrol> enrols;
    std::vector<std::string> byes;
    std::vector<wire::SeqRange> missing;
    std::vector<std::shared_ptr<Connection>> connections;
    std::vector<std::string> client_keys;  // of each agent connection
    int duplicates = 0, conflicts = 0, renewals = 0;

private:
    asio::awaitable<void> accept_loop() {
        for (;;) {
            boost::system::error_code ec;
            auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, ec));
            if (ec) co_return;
            auto connection = std::make_shared<Connection>(tls::Stream(std::move(socket), *context_));
            connection->number = static_cast<int>(connections.size());
            connections.push_back(connection);
            asio::co_spawn(io_, serve(connection), asio::detached);
        }
    }
    asio::awaitable<void> serve(std::shared_ptr<Connection> connection) {
        if (auto done = co_await connection->stream.accept(steady_clock::now() + seconds{10}); done.has_error()) {
            connection->open = false;
            co_return;
        }
        if (connection->stream.peer().certificate)
            client_keys.push_back(connection->stream.peer().certificate->key_sha256_hex);
        std::array<std::uint8_t, 4096> buffer;
        while (connection->open) {
            auto got = co_await connection->stream.read_some(buffer, steady_clock::now() + seconds{60});
            if (got.has_error()) break;
            connection->parser.feed(ByteView(buffer.data(), *got));
            for (;;) {
                auto frame = connection->parser.next();
                if (frame.has_error() || !*frame) break;
                connection->frames.push_back(**frame);
                script(*this, *connection, **frame);
            }
            const auto out = std::exchange(connection->out, {});
            if (!out.empty()) (void)co_await connection->stream.write_all(out, steady_clock::now() + seconds{10});
        }
        connection->open = false;
        connection->stream.close();
    }

    asio::io_context& io_;
    asio::ip::tcp::acceptor acceptor_;
    std::unique_ptr<tls::Context> context_;
};

// Runs the io_context until the condition holds; false when it did not within the patience.
template <class Condition>
bool run_until(asio::io_context& io, Condition condition, seconds patience = seconds{20}) {
    const auto until = steady_clock::now() + patience;
    while (!condition()) {
        if (steady_clock::now() > until) return false;
        if (io.stopped()) io.restart();
        io.run_one_for(std::chrono::milliseconds{50});
    }
    return true;
}

}  // namespace vg::agent::testing
