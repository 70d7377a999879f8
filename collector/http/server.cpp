#include "collector/http/server.hpp"

#include "collector/http/headers.hpp"
#include "collector/http/parser.hpp"

#include <array>

namespace vg::collector::http {
namespace {

using Steady = std::chrono::steady_clock;
using State = RequestParser::State;

struct Session {
    tls::Stream stream;
    Application& application;
    Limits limits;
    RequestParser parser;
    asio::ip::address from;
    bool broken = false;  // the connection is of no more use
};

asio::awaitable<void> write(Session& session, const Response& response, bool close, bool head_only) {
    auto bytes = head_of(response, close, system_clock().wall());
    if (!head_only && !response.streaming) bytes += response.body;
    const auto written = co_await session.stream.write_all(view_of(bytes), Steady::now() + session.limits.write);
    session.broken = session.broken || !written || close;
    if (written && response.streaming && !head_only) co_await response.streaming(session.stream);
}

Response refusal(int status) {
    switch (status) {
        case 408: return error(408, "too_slow", "Yêu cầu gửi đến quá chậm.", "The request came too slowly.");
        case 413: return error(413, "too_large", "Nội dung gửi lên quá lớn.", "The body is too large.");
        case 431: return error(431, "header_too_large", "Phần đầu yêu cầu quá lớn.", "The header is too large.");
        default: return error(400, "malformed", "Yêu cầu không đúng dạng HTTP.", "The request is not valid HTTP.");
    }
}

// The next state of the parser, reading as much as that needs; nothing when the peer went or was too slow.
asio::awaitable<std::optional<State>> advance(Session& session, Steady::time_point deadline) {
    std::array<std::uint8_t, 8192> chunk;
    for (;;) {
        const auto state = session.parser.advance();
        if (state != State::need_more) co_return state;
        const auto got = co_await session.stream.read_some(chunk, deadline);
        if (!got) {
            session.broken = got.error().code != Errc::timed_out;
            co_return std::nullopt;
        }
        session.parser.feed(ByteView(chunk).first(*got));
    }
}

// Waits quietly for the first byte of a request: an idle connection that ends is no event.
asio::awaitable<bool> wait_for_request(Session& session) {
    if (session.parser.has_bytes()) co_return true;
    std::array<std::uint8_t, 8192> chunk;
    const auto got = co_await session.stream.read_some(chunk, Steady::now() + session.limits.idle);
    if (!got) co_return false;
    session.parser.feed(ByteView(chunk).first(*got));
    co_return true;
}

asio::awaitable<void> refuse(Session& session, int status) {
    if (!session.broken) co_await write(session, refusal(status), true, false);
    session.broken = true;
}

asio::awaitable<void> one_request(Session& session, bool last) {
    auto state = co_await advance(session, Steady::now() + session.limits.header);
    if (!state) co_return co_await refuse(session, 408);
    if (*state == State::head) {
        session.parser.limit_body(session.application.max_body(session.parser.head()));
        state = session.parser.advance();
        if (*state == State::need_more) {
            if (session.parser.wants_continue())
                (void)co_await session.stream.write_all(view_of("HTTP/1.1 100 Continue\r\n\r\n"),
                                                        Steady::now() + session.limits.write);
            state = co_await advance(session, Steady::now() + session.limits.body);
        }
        if (!state) co_return co_await refuse(session, 408);
    }
    if (*state == State::refused) co_return co_await refuse(session, session.parser.refusal());
    auto request = session.parser.take();
    request.from = session.from;
    const auto response = co_await session.application.answer(request);
    const bool close = last || !request.keep_alive || static_cast<bool>(response.streaming);
    co_await write(session, response, close, request.method == "HEAD");
}

}  // namespace

namespace {

struct Registered {  // a stream that stop() may close
    Registered(std::shared_ptr<std::set<tls::Stream*>> all, tls::Stream& one) : all_(std::move(all)), one_(&one) {
        all_->insert(one_);
    }
    ~Registered() { all_->erase(one_); }
    Registered(const Registered&) = delete;

private:
    std::shared_ptr<std::set<tls::Stream*>> all_;
    tls::Stream* one_;
};

}  // namespace

Server::Server(Application& application, Limits limits) : application_(application), limits_(limits) {}
Server::~Server() = default;

asio::awaitable<void> Server::serve(tls::Stream stream) {
    boost::system::error_code ec;
    const auto remote = stream.socket().remote_endpoint(ec);
    if (stopped_ || streams_->size() >= limits_.connections) co_return stream.close();
    Session session{std::move(stream), application_, limits_, RequestParser(limits_.header_bytes), remote.address()};
    const Registered registered(streams_, session.stream);
    for (std::size_t n = 1; n <= limits_.requests && !session.broken && !stopped_; ++n) {
        if (!co_await wait_for_request(session)) break;
        co_await one_request(session, n == limits_.requests);
    }
    session.stream.close();
}

void Server::stop() {
    stopped_ = true;
    for (auto* stream : *streams_) stream->close();
}

}  // namespace vg::collector::http
