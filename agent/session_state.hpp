#pragma once
// What a session holds while it lives: shared by session.cpp (its life), session_outgoing.cpp (what it says) and
// session_incoming.cpp (what it hears).

#include "agent/send_window.hpp"
#include "agent/session.hpp"
#include "agent/talk.hpp"
#include "wire/limits.hpp"

#include <boost/asio/steady_timer.hpp>

namespace vg::agent {

struct Session::Impl : std::enable_shared_from_this<Session::Impl> {
    Impl(asio::io_context& io_, tls::Stream stream_, SessionHost& host_)
        : stream(std::move(stream_)),
          host(host_),
          timer(io_),
          parser(wire::limits::max_frame),
          window(host_.spool.next_seq(), {}),
          talk(host_.manner.line, host_.manner.profile(), host_.clock.mono()) {}

    tls::Stream stream;
    SessionHost& host;
    asio::steady_timer timer;
    wire::FrameParser parser;
    SendWindow window;
    Talk talk;
    SessionEnd end;
    bool ended = false, reading = false, woken = false, welcome = false;
    wire::SeriesId names_sent = 0;
    std::uint64_t counted = 0;  // of the socket's bytes
    std::size_t names_refused = 0;
    Mono backlog_paused_until{};
    Mono renewal_asked{};
    std::optional<std::string> bye;
    Mono stop_by{};

    [[nodiscard]] Mono now() const { return host.clock.mono(); }
    void finish(EndKind kind, Text sentence);
    void finish_on(const Error& error);
    void wake();
    void count_bytes();
    asio::awaitable<bool> greet();
    asio::awaitable<void> read_loop();
    asio::awaitable<void> write_loop();
    asio::awaitable<void> wait();
    [[nodiscard]] Mono look_again() const;

    [[nodiscard]] wire::Hello hello();
    [[nodiscard]] wire::Heartbeat heartbeat();
    void compose(Bytes& out);
    void compose_names(Bytes& out);
    void compose_batches(Bytes& out);
    void compose_renewal(Bytes& out);

    [[nodiscard]] bool handle(const wire::Frame& frame);  // false: the session has ended
    template <class M, class Take>
    bool with(const wire::Frame& frame, Take&& take);
    void on_ack(const wire::Ack& ack);
    void on_refuse(const wire::Refuse& refuse);
    void on_batch_refused(const wire::Refuse& refuse);
};

}  // namespace vg::agent
