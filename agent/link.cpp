#include "agent/link.hpp"

#include "agent/backoff.hpp"
#include "base/crypto.hpp"
#include "base/log.hpp"
#include "base/system_words.hpp"
#include "wire/limits.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace vg::agent {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds connect_patience{15};
constexpr seconds line_news{30};  // so long an end may come of a line that changed, and the next try is made at once

}  // namespace

Millis wait_after(const SessionEnd& end) {
    if (end.kind == EndKind::renewed || end.kind == EndKind::line_changed) return Millis{1};
    if (end.kind != EndKind::refused || !end.code) return Millis{0};
    if (end.retry_after.count() > 0) return end.retry_after;
    switch (*end.code) {
        case wire::RefuseCode::wrong_version:
        case wire::RefuseCode::foreign_certificate:
        case wire::RefuseCode::revoked_certificate:
        case wire::RefuseCode::expired_certificate:
        case wire::RefuseCode::no_certificate: return minutes{10};
        case wire::RefuseCode::key_in_use: return seconds{60};
        case wire::RefuseCode::malformed_frame:
        case wire::RefuseCode::oversized_frame:
        case wire::RefuseCode::unknown_message:
        case wire::RefuseCode::too_slow:
        case wire::RefuseCode::token_unknown:
        case wire::RefuseCode::token_expired:
        case wire::RefuseCode::token_used_up:
        case wire::RefuseCode::bad_request:
        case wire::RefuseCode::request_not_allowed:
        case wire::RefuseCode::unknown_series:
        case wire::RefuseCode::malformed_body:
        case wire::RefuseCode::batch_conflict:
        case wire::RefuseCode::store_unavailable:
        case wire::RefuseCode::shutting_down:
        case wire::RefuseCode::overloaded: return Millis{0};
    }
    return Millis{0};
}

std::string advice_for(wire::RefuseCode code) {
    static constexpr const char* enrol =
        "Hãy xin mã đăng ký mới từ trung tâm rồi chạy: vonggac-agent enrol --token MÃ --collector HOST:PORT\n"
        "Ask the collector's administrator for a new token, then run: vonggac-agent enrol --token TOKEN --collector "
        "HOST:PORT";
    switch (code) {
        case wire::RefuseCode::key_in_use:
            return std::string(
                       "Khóa của trạm gác này đang được một máy khác sử dụng (ổ đĩa có thể đã bị sao chép).\n"
                       "This agent's key is being used by another machine (the disk was probably cloned).\n") +
                   enrol;
        case wire::RefuseCode::revoked_certificate:
            return std::string("Chứng thư của trạm gác này đã bị thu hồi.\nThis agent's certificate was revoked.\n") +
                   enrol;
        case wire::RefuseCode::expired_certificate:
            return std::string("Chứng thư của trạm gác này đã hết hạn.\nThis agent's certificate has expired.\n") +
                   enrol;
        case wire::RefuseCode::foreign_certificate:
        case wire::RefuseCode::no_certificate:
            return std::string(
                       "Trung tâm không công nhận chứng thư của trạm gác này.\n"
                       "The collector does not recognise this agent's certificate.\n") +
                   enrol;
        case wire::RefuseCode::wrong_version:
            return "Hãy cập nhật vonggac-agent cho khớp với trung tâm.\nUpdate vonggac-agent to match the collector.";
        case wire::RefuseCode::malformed_frame:
        case wire::RefuseCode::oversized_frame:
        case wire::RefuseCode::unknown_message:
        case wire::RefuseCode::too_slow:
        case wire::RefuseCode::token_unknown:
        case wire::RefuseCode::token_expired:
        case wire::RefuseCode::token_used_up:
        case wire::RefuseCode::bad_request:
        case wire::RefuseCode::request_not_allowed:
        case wire::RefuseCode::unknown_series:
        case wire::RefuseCode::malformed_body:
        case wire::RefuseCode::batch_conflict:
        case wire::RefuseCode::store_unavailable:
        case wire::RefuseCode::shutting_down:
        case wire::RefuseCode::overloaded: return {};
    }
    return {};
}

namespace {

// Ends a slow resolution or connection by cancelling it.
class Timeout {
public:
    template <class Cancel>
    Timeout(asio::io_context& io, tls::Deadline deadline, Cancel cancel) : timer_(io) {
        timer_.expires_at(deadline);
        timer_.async_wait([cancel](boost::system::error_code ec) {
            if (!ec) cancel();
        });
    }

private:
    asio::steady_timer timer_;
};

Text why_not_found(const boost::system::error_code& error) {
    if (error == asio::error::host_not_found || error == asio::error::no_data)
        return say({"không có tên này", "there is no such name"});
    if (error == asio::error::host_not_found_try_again || error == asio::error::operation_aborted)
        return say({"máy chủ tên miền không trả lời", "no name server answers"});
    return system_words(error);
}

}  // namespace

asio::awaitable<Result<asio::ip::tcp::socket>> dial(asio::io_context& io, const HostPort& to, tls::Deadline deadline) {
    using asio::ip::tcp;
    boost::system::error_code ec;
    std::vector<tcp::endpoint> endpoints;
    if (const auto address = asio::ip::make_address(to.host, ec); !ec) {
        endpoints.emplace_back(address, to.port);
    } else {
        const auto resolver = std::make_shared<tcp::resolver>(io);
        const Timeout timeout(io, deadline, [resolver] { resolver->cancel(); });
        const auto found = co_await resolver->async_resolve(to.host, std::to_string(to.port),
                                                            asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            co_return fail(Errc::unavailable,
                           say({"không tìm được địa chỉ của {}: {}", "cannot find the address of {}: {}"}, to.host,
                               why_not_found(ec)));
        for (const auto& entry : found) endpoints.push_back(entry.endpoint());
    }
    for (const auto& endpoint : endpoints) {
        const auto socket = std::make_shared<tcp::socket>(io);
        // Not longer for one address than half of what is left, so that the next one has its turn.
        const auto left = deadline - steady_clock::now();
        const auto until = &endpoint == &endpoints.back() ? deadline : steady_clock::now() + left / 2;
        const Timeout timeout(io, until, [socket] {
            boost::system::error_code ignored;
            socket->close(ignored);
        });
        co_await socket->async_connect(endpoint, asio::redirect_error(asio::use_awaitable, ec));
        if (!ec && socket->is_open()) co_return std::move(*socket);
        if (!ec || ec == asio::error::operation_aborted) ec = asio::error::timed_out;  // closed by its time
    }
    co_return fail(Errc::unavailable,
                   say({"không kết nối được với {}: {}", "cannot connect to {}: {}"}, to.host, system_words(ec)));
}

struct Link::Impl : std::enable_shared_from_this<Link::Impl> {
    Impl(asio::io_context& io_, LinkOptions options_, SessionHost& host_, std::function<const Identity&()> identity_)
        : io(io_),
          options(std::move(options_)),
          host(host_),
          identity(std::move(identity_)),
          backoff(options.first_wait, options.longest_wait),
          timer(io_) {}

    asio::io_context& io;
    LinkOptions options;
    SessionHost& host;
    std::function<const Identity&()> identity;
    Backoff backoff;
    asio::steady_timer timer;
    std::unique_ptr<Session> session;
    bool stopping = false;
    Mono hurry_until{};  // the line changed a moment ago
    std::string last_sentence;

    asio::awaitable<SessionEnd> one_session();
    asio::awaitable<void> rest(Millis wait);
    void tell(const SessionEnd& end);
};

asio::awaitable<SessionEnd> Link::Impl::one_session() {
    SessionEnd failed;
    const auto deadline = steady_clock::now() + connect_patience;
    const auto& mine = identity();
    tls::Context::Options tls_options;
    tls_options.identity = mine.own;
    tls_options.trusted_pem = mine.authority_pem;
    tls_options.alpn = {wire::limits::alpn_agent};
    tls_options.check_time = false;  // this machine's clock may be wrong; the authority is our own
    auto context = tls::Context::make(tls_options);
    if (context.has_error()) {
        failed.kind = EndKind::broken;
        failed.sentence = told(context.error());
        co_return failed;
    }
    auto socket = co_await dial(io, options.collector, deadline);
    if (socket.has_error()) {
        failed.sentence = told(socket.error());
        co_return failed;
    }
    tls::Stream stream(std::move(*socket), *context);
    if (auto done = co_await stream.connect(options.server_name, deadline); done.has_error()) {
        failed.sentence = told(done.error());
        co_return failed;
    }
    if (stopping) co_return failed;
    session = std::make_unique<Session>(io, std::move(stream), host);
    auto end = co_await session->run();
    session.reset();
    co_return end;
}

asio::awaitable<void> Link::Impl::rest(Millis wait) {
    const bool in_hurry = host.clock.mono() < std::exchange(hurry_until, Mono{});
    if (in_hurry || stopping) co_return;
    timer.expires_after(wait);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    hurry_until = {};
}

// The same trouble is told once, not at every try.
void Link::Impl::tell(const SessionEnd& end) {
    const auto words = end.kind == EndKind::stopped ? say({"đã dừng", "stopped"}) : end.sentence;
    host.spool.set_note("session", words.empty() ? std::string() : in_both(words));
    if (end.kind == EndKind::stopped || end.kind == EndKind::renewed) return;
    if (end.sentence.en == last_sentence) return;
    last_sentence = end.sentence.en;
    log::warning("link", end.sentence.en);
    if (end.code)
        if (const auto advice = advice_for(*end.code); !advice.empty()) log::error("link", advice);
}

Link::Link(asio::io_context& io, LinkOptions options, SessionHost& host, std::function<const Identity&()> identity)
    : impl_(std::make_shared<Impl>(io, std::move(options), host, std::move(identity))) {}
Link::~Link() = default;

asio::awaitable<void> Link::run() {
    const auto own = impl_;
    while (!own->stopping) {
        const auto end = co_await own->one_session();
        if (end.was_welcome) {
            own->backoff.reset();
            own->last_sentence.clear();
        }
        own->tell(end);
        if (own->stopping) break;
        const auto asked = wait_after(end);
        if (asked.count() == 0) {
            co_await own->rest(own->backoff.next(crypto::random_u64()));
        } else {
            Backoff around(asked, asked);
            co_await own->rest(asked < seconds{1} ? asked : around.next(crypto::random_u64()));
        }
    }
}

void Link::stop(std::string reason, Millis patience) {
    impl_->stopping = true;
    if (impl_->session) impl_->session->stop(std::move(reason), patience);
    impl_->timer.cancel();
}

void Link::wake() {
    if (impl_->session) impl_->session->wake();
}

void Link::line_changed() {
    impl_->hurry_until = impl_->host.clock.mono() + line_news;
    impl_->backoff.reset();
    if (impl_->session) impl_->session->line_changed();
    impl_->timer.cancel();
}

void Link::apply_manner() {
    if (impl_->session) impl_->session->apply_manner();
}

bool Link::is_connected() const { return impl_->session != nullptr; }

}  // namespace vg::agent
