#include "agent/session.hpp"

#include "agent/platform/machine.hpp"
#include "agent/send_window.hpp"
#include "agent/talk.hpp"
#include "base/beat.hpp"
#include "base/log.hpp"
#include "wire/limits.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace vg::agent {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr std::size_t write_at_most = 48 * 1024;  // per write, so that an ack may come between
constexpr std::size_t names_at_once = 256;
constexpr std::size_t lost_in_hello = 64;  // the hello must stay small; events tell of all
constexpr seconds hello_patience{20};
constexpr seconds write_patience{60};
// Old samples over a line that is paid by the byte: so slowly that the day's work is not disturbed.
constexpr std::size_t metered_backlog_bytes_per_s = 4096;

}  // namespace

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
    void finish(EndKind kind, std::string sentence);
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

void Session::Impl::finish(EndKind kind, std::string sentence) {
    if (ended) return;
    ended = true;
    end.kind = kind;
    end.sentence = std::move(sentence);
    wake();
}

void Session::Impl::finish_on(const Error& error) {
    finish(error.code == Errc::invalid_input ? EndKind::broken : EndKind::closed, error.message);
}

void Session::Impl::wake() {
    woken = true;
    timer.cancel();
}

void Session::Impl::count_bytes() {
    if (!stream.socket().is_open()) return;
    const auto total = platform::wire_bytes(static_cast<int>(stream.socket().native_handle()));
    if (total > counted) host.bytes.add(total - counted, host.clock.wall());
    counted = std::max(counted, total);
}

wire::Hello Session::Impl::hello() {
    wire::Hello message;
    message.version = wire::limits::protocol_version;
    message.software = host.software;
    message.host_name = host.host_name.substr(0, 255);
    message.spool_epoch = host.spool.epoch();
    message.next_seq = host.spool.next_seq();
    message.names_defined = host.spool.names_defined();
    message.assignment_version = host.assignment_version();
    message.boot = host.spool.boot();
    message.mono_ms = now().time_since_epoch().count();
    if (auto lost = host.spool.lost(lost_in_hello); lost.has_value()) message.lost = std::move(*lost);
    return message;
}

asio::awaitable<bool> Session::Impl::greet() {
    Bytes out;
    wire::append_message(wire::FrameType::hello, hello(), out);
    const auto deadline = steady_clock::now() + hello_patience;
    if (auto sent = co_await stream.write_all(out, deadline); sent.has_error()) {
        finish_on(sent.error());
        co_return false;
    }
    std::array<std::uint8_t, 2048> buffer;
    while (!welcome && !ended) {
        auto got = co_await stream.read_some(buffer, deadline);
        if (got.has_error()) {
            finish_on(got.error());
            co_return false;
        }
        parser.feed(ByteView(buffer.data(), *got));
        for (;;) {
            auto frame = parser.next();
            if (frame.has_error()) {
                finish_on(frame.error());
                co_return false;
            }
            if (!*frame) break;
            if (!handle(**frame)) co_return false;
        }
    }
    co_return welcome && !ended;
}

asio::awaitable<void> Session::Impl::read_loop() {
    std::array<std::uint8_t, 1024> buffer;
    while (!ended) {
        // Silence is judged by Talk, which knows whether an answer is due; this deadline is only a long stop.
        auto got = co_await stream.read_some(buffer, steady_clock::now() + std::chrono::hours{24});
        if (got.has_error()) {
            finish_on(got.error());
            break;
        }
        parser.feed(ByteView(buffer.data(), *got));
        for (;;) {
            auto frame = parser.next();
            if (frame.has_error()) {
                finish_on(frame.error());
                break;
            }
            if (!*frame || !handle(**frame)) break;
        }
    }
}

Mono Session::Impl::look_again() const {
    auto at = talk.next();
    if (backlog_paused_until > now()) at = std::min(at, backlog_paused_until);
    if (bye) at = std::min(at, stop_by);
    return at;
}

asio::awaitable<void> Session::Impl::wait() {
    if (woken) {
        woken = false;
        co_return;
    }
    timer.expires_at(shared_moment(std::max(look_again() - now(), Millis{1})));
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    woken = false;
}

asio::awaitable<void> Session::Impl::write_loop() {
    Bytes out;
    while (!ended) {
        if (talk.is_dead(now())) {
            finish(EndKind::line_changed, "no answer came over this connection");
            break;
        }
        out.clear();
        compose(out);
        if (!out.empty()) {
            if (auto sent = co_await stream.write_all(out, steady_clock::now() + write_patience); sent.has_error())
                finish_on(sent.error());
            count_bytes();
            if (out.capacity() > 16 * 1024) Bytes().swap(out);
            continue;
        }
        if (bye && (window.in_flight() == 0 || now() >= stop_by)) {
            wire::append_message(wire::FrameType::bye, wire::Bye{*bye}, out);
            (void)co_await stream.write_all(out, steady_clock::now() + seconds{1});
            finish(EndKind::stopped, *bye);
            break;
        }
        co_await wait();
    }
}

wire::Heartbeat Session::Impl::heartbeat() {
    count_bytes();
    const auto use = host.spool.use().total();
    wire::Heartbeat message;
    message.mono_ms = now().time_since_epoch().count();
    message.device_wall_ms = host.clock.wall().time_since_epoch().count();
    message.spool_batches = use.batches;
    message.spool_bytes = use.bytes;
    message.bytes_today = host.bytes.today(host.clock.wall());
    message.metered = host.manner.line == LineClass::metered ? 1 : 0;
    message.next_in_ms = static_cast<std::uint32_t>(talk.promise().count());
    return message;
}

// Everything that may go now, most urgent first; nothing: `out` stays empty.
void Session::Impl::compose(Bytes& out) {
    compose_names(out);
    compose_batches(out);
    if (talk.heartbeat_due(now())) {
        wire::append_message(wire::FrameType::heartbeat, heartbeat(), out);
        talk.note_heartbeat(now());
    }
    compose_renewal(out);
    if (!out.empty()) talk.note_sent(now(), true);
}

void Session::Impl::compose_names(Bytes& out) {
    while (names_sent < host.spool.names_defined() && out.size() < write_at_most) {
        auto names = host.spool.names_from(names_sent + 1, names_at_once);
        if (names.has_error() || names->empty()) {
            finish(EndKind::broken, names.has_error() ? names.error().message : "a series has no name in the spool");
            return;
        }
        wire::Names message{names_sent + 1, std::move(*names)};
        names_sent += static_cast<wire::SeriesId>(message.names.size());
        wire::append_message(wire::FrameType::names, message, out);
    }
}

void Session::Impl::compose_batches(Bytes& out) {
    const bool metered = host.manner.line == LineClass::metered;
    const bool used_up = host.bytes.is_used_up(host.manner.profile().budget_day, host.clock.wall());
    while (out.size() < write_at_most) {
        const bool backlog = now() >= backlog_paused_until && !bye;
        const auto want = window.next(host.spool.next_seq(), !used_up, backlog);
        if (!want) return;
        auto batches = host.spool.read(class_of(want->lane), want->first, want->before, want->most);
        if (batches.has_error()) {
            finish(EndKind::broken, batches.error().message);
            return;
        }
        if (batches->size() < want->most) window.note_exhausted(want->lane, want->before);
        for (auto& stored : *batches) {
            wire::Batch batch{stored.seq, stored.batch_class, std::move(stored.boot), now().time_since_epoch().count(),
                              std::move(stored.body)};
            const auto before = out.size();
            wire::append_message(wire::FrameType::batch, batch, out);
            window.note_sent(want->lane, stored.seq, out.size() - before);
            if (metered && want->lane == Lane::backlog)
                backlog_paused_until = std::max(backlog_paused_until, now()) +
                                       Millis{(out.size() - before) * 1000 / metered_backlog_bytes_per_s};
        }
    }
}

void Session::Impl::compose_renewal(Bytes& out) {
    if (renewal_asked != Mono{} && now() - renewal_asked < std::chrono::hours{1}) return;
    renewal_asked = now();
    if (auto renew = host.renewal_due(); renew) wire::append_message(wire::FrameType::renew, *renew, out);
}

template <class M, class Take>
bool Session::Impl::with(const wire::Frame& frame, Take&& take) {
    auto message = wire::decode<M>(frame.payload);
    if (message.has_error()) {
        finish(EndKind::broken, "the collector sent a message that cannot be read: " + message.error().message);
        return false;
    }
    take(*message);
    return !ended;
}

bool Session::Impl::handle(const wire::Frame& frame) {
    talk.note_heard();
    switch (frame.type) {
        case wire::FrameType::welcome:
            return with<wire::Welcome>(frame, [&](const wire::Welcome& message) {
                if (message.version != wire::limits::protocol_version) {
                    finish(EndKind::broken, "the collector speaks another version of the protocol");
                    return;
                }
                names_sent = std::min(message.names_known, host.spool.names_defined());
                if (auto done = host.spool.note_unknown(message.missing); done.has_error())
                    log::warning("link", done.error().message);
                welcome = end.was_welcome = true;
            });
        case wire::FrameType::ack: return with<wire::Ack>(frame, [&](const wire::Ack& ack) { on_ack(ack); });
        case wire::FrameType::assignment:
            return with<wire::Assignment>(frame,
                                          [&](const wire::Assignment& message) { host.take_assignment(message); });
        case wire::FrameType::refuse:
            return with<wire::Refuse>(frame, [&](const wire::Refuse& refuse) { on_refuse(refuse); });
        case wire::FrameType::certificate:
            return with<wire::Certificate>(frame, [&](const wire::Certificate& message) {
                host.take_certificate(message);
                finish(EndKind::renewed, "a new certificate came");
            });
        case wire::FrameType::pulse:
            return with<wire::Pulse>(
                frame, [&](const wire::Pulse& pulse) { talk.note_pulse(Mono{Millis{pulse.mono_ms_echo}}); });
        case wire::FrameType::hello:
        case wire::FrameType::batch:
        case wire::FrameType::heartbeat:
        case wire::FrameType::names:
        case wire::FrameType::bye:
        case wire::FrameType::enrol:
        case wire::FrameType::renew: break;
    }
    finish(EndKind::broken, "the collector sent a message that only agents send");
    return false;
}

void Session::Impl::on_ack(const wire::Ack& ack) {
    host.spool.acknowledge(ack.seqs);
    for (const auto seq : ack.seqs) window.note_done(seq);
    host.spool.set_corrected(ack.corrected_at_zero_ms, ack.error_ms);
    host.spool.set_note("last_ack", std::to_string(host.clock.wall().time_since_epoch().count()));
    // Only a window that was full, or a goodbye, waits for this.
    if (bye || window.in_flight() > 0) wake();
}

void Session::Impl::on_refuse(const wire::Refuse& refuse) {
    if (refuse.seq && !ended) {
        on_batch_refused(refuse);
        return;
    }
    end.code = refuse.code;
    end.retry_after = Millis{refuse.retry_after_ms};
    finish(EndKind::refused, refuse.sentence);
}

// The connection lives on; what becomes of the batch depends on whose fault it is.
void Session::Impl::on_batch_refused(const wire::Refuse& refuse) {
    const auto seq = *refuse.seq;
    if (refuse.code == wire::RefuseCode::unknown_series && names_refused++ < 3) {
        names_sent = 0;
        window.send_again(seq);
        wake();
        return;
    }
    const bool is_ours = refuse.code == wire::RefuseCode::malformed_body ||
                         refuse.code == wire::RefuseCode::batch_conflict ||
                         refuse.code == wire::RefuseCode::unknown_series;
    if (!is_ours) {  // the collector cannot now: everything waits here
        end.code = refuse.code;
        end.retry_after = Millis{refuse.retry_after_ms};
        finish(EndKind::refused, refuse.sentence);
        return;
    }
    log::warning("link", "the collector will not take batch " + std::to_string(seq) + ": " + refuse.sentence);
    window.note_done(seq);
    if (auto done = host.spool.give_up(seq, std::string("refused: ") + wire::to_string(refuse.code)); done.has_error())
        log::warning("link", done.error().message);
    if (auto done = host.spool.report_lost(); done.has_error()) log::warning("link", done.error().message);
    wake();
}

Session::Session(asio::io_context& io, tls::Stream stream, SessionHost& host)
    : impl_(std::make_shared<Impl>(io, std::move(stream), host)) {}
Session::~Session() = default;

asio::awaitable<SessionEnd> Session::run() {
    const auto own = impl_;
    // Deletions that rest in memory must be on the disk before the spool is read from its beginning again.
    if (auto done = own->host.spool.settle(); done.has_error()) log::warning("spool", done.error().message);
    if (co_await own->greet()) {
        if (auto done = own->host.spool.report_lost(); done.has_error()) log::warning("link", done.error().message);
        own->reading = true;
        asio::co_spawn(own->stream.socket().get_executor(), own->read_loop(), [own](const std::exception_ptr& fault) {
            own->reading = false;
            if (fault) own->finish(EndKind::broken, "reading from the collector failed");
            own->wake();
        });
        co_await own->write_loop();
    }
    own->count_bytes();
    own->stream.close();
    while (own->reading) co_await own->wait();
    co_return own->end;
}

void Session::wake() { impl_->wake(); }

void Session::line_changed() {
    impl_->talk.suspect(impl_->now());
    impl_->wake();
}

void Session::apply_manner() {
    impl_->talk.set_profile(impl_->host.manner.line, impl_->host.manner.profile(), impl_->now());
    impl_->wake();
}

void Session::stop(std::string reason, Millis patience) {
    impl_->bye = std::move(reason);
    impl_->stop_by = impl_->now() + patience;
    impl_->wake();
}

}  // namespace vg::agent
