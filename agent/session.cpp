#include "agent/session.hpp"

#include "agent/platform/machine.hpp"
#include "agent/session_state.hpp"
#include "base/beat.hpp"
#include "base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace vg::agent {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds hello_patience{20};
constexpr seconds write_patience{60};

}  // namespace

void Session::Impl::finish(EndKind kind, Text sentence) {
    if (ended) return;
    ended = true;
    end.kind = kind;
    end.sentence = std::move(sentence);
    wake();
}

void Session::Impl::finish_on(const Error& error) {
    finish(error.code == Errc::invalid_input ? EndKind::broken : EndKind::closed, told(error));
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
            finish(EndKind::line_changed,
                   say({"kết nối này không có câu trả lời", "no answer came over this connection"}));
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
            finish(EndKind::stopped, value_of(*bye));
            break;
        }
        co_await wait();
    }
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
            if (fault)
                own->finish(EndKind::broken, say({"không đọc được từ trung tâm", "reading from the collector failed"}));
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
