#include "collector/session.hpp"

#include "base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>

#include <algorithm>

namespace vg::collector {
namespace {

constexpr std::size_t most_in_flight = 256;
constexpr std::size_t most_bytes_in_flight = 4 * 1024 * 1024;
constexpr std::size_t most_bytes_out = 256 * 1024;  // answers that the agent has not read
constexpr std::size_t bytes_beside = 256;           // of a delivery, beyond its frame

using wire::RefuseCode;

template <class M>
bool read(const wire::Frame& frame, M& out) {
    auto message = wire::decode<M>(frame.payload);
    if (message) out = std::move(*message);
    return message.has_value();
}

wire::Refuse malformed(const char* what) {
    return refusal(RefuseCode::malformed_frame, std::string("this ") + what + " cannot be read");
}

void append(const Reply& reply, Bytes& out) {
    std::visit(
        [&](const auto& message) {
            using M = std::decay_t<decltype(message)>;
            constexpr auto type = std::is_same_v<M, wire::Welcome>      ? wire::FrameType::welcome
                                  : std::is_same_v<M, wire::Ack>        ? wire::FrameType::ack
                                  : std::is_same_v<M, wire::Assignment> ? wire::FrameType::assignment
                                  : std::is_same_v<M, wire::Refuse>     ? wire::FrameType::refuse
                                  : std::is_same_v<M, wire::Pulse>      ? wire::FrameType::pulse
                                                                        : wire::FrameType::certificate;
            wire::append_message(type, message, out);
        },
        reply);
}

}  // namespace

Session::Session(tls::Stream stream, ConnectionId id, Core& core, const FrameLimits& limits,
                 std::span<std::uint8_t> scratch, Millis round_trip)
    : stream_(std::move(stream)),
      id_(id),
      core_(core),
      limits_(limits),
      scratch_(scratch),
      round_trip_(round_trip),
      reader_(stream_, limits_, core.counters()) {}

asio::awaitable<void> Session::run() {
    auto refuse = co_await login();
    while (!refuse && !last_word_) {
        auto got = co_await reader_.next(scratch_, false);
        if (auto* end = std::get_if<ReadEnd>(&got)) {
            refuse = std::move(end->refuse);
            break;
        }
        refuse = take(std::move(std::get<wire::Frame>(got)));
        if (!bye_.empty()) break;
        if (!refuse) co_await wait_for_room();
    }
    if (opened_) submit(Closed{bye_}, 0);
    if (welcome_) core_.counters().sessions_open--;
    co_await finish(std::move(refuse));
}

std::optional<wire::Refuse> Session::check_certificate() const {
    const auto& peer = stream_.peer();
    if (!peer.certificate) return refusal(RefuseCode::no_certificate, "an agent shows its certificate; enrol first");
    const Time now = core_.clock().wall();
    // A certificate whose time has passed fails the chain, too: what it is comes first.
    if (peer.certificate->not_after < now)
        return refusal(RefuseCode::expired_certificate, "the certificate has expired; enrol again");
    if (!peer.chain_trusted)
        return refusal(RefuseCode::foreign_certificate, "the certificate is not of this collector's authority");
    return std::nullopt;
}

asio::awaitable<std::optional<wire::Refuse>> Session::login() {
    if (auto refuse = check_certificate()) co_return refuse;
    auto got = co_await reader_.next(scratch_, true);
    if (auto* end = std::get_if<ReadEnd>(&got)) {
        if (!end->refuse) last_word_.emplace();  // gone without a word
        co_return std::move(end->refuse);
    }
    const auto& frame = std::get<wire::Frame>(got);
    if (frame.type != wire::FrameType::hello)
        co_return refusal(RefuseCode::unknown_message, "the first frame is a hello");
    Opened opened;
    if (!read(frame, opened.hello)) co_return malformed("hello");
    if (opened.hello.version != wire::limits::protocol_version)
        co_return refusal(RefuseCode::wrong_version, "this collector speaks version 1 of the protocol");
    if (is_overloaded()) co_return overloaded();
    opened.certificate = *stream_.peer().certificate;
    boost::system::error_code ignored;
    opened.address = stream_.socket().remote_endpoint(ignored).address().to_string();
    opened.round_trip = round_trip_;
    opened_ = true;
    submit(std::move(opened), frame.payload.size());
    while (!welcome_ && !last_word_) {
        waiting_ = std::make_unique<asio::steady_timer>(co_await asio::this_coro::executor, limits_.hello);
        boost::system::error_code ec;
        co_await waiting_->async_wait(asio::redirect_error(asio::use_awaitable, ec));
        waiting_.reset();
        if (!ec) co_return refusal(RefuseCode::store_unavailable, "the collector is too busy", 10'000);
    }
    if (welcome_) {
        reader_.logged_in();
        core_.counters().sessions_open++;
    }
    co_return std::nullopt;
}

bool Session::is_overloaded() const { return core_.counters().queue_bytes > limits_.waiting_bytes; }

wire::Refuse Session::overloaded() const {
    return refusal(RefuseCode::overloaded, "too much is waiting to be written",
                   static_cast<std::uint32_t>(limits_.overloaded_rest.count()));
}

std::optional<wire::Refuse> Session::take(wire::Frame frame) {
    const auto bytes = frame.payload.size();
    // Whoever is loaded down still hears who is there: what is small has room of its own.
    if (frame.type != wire::FrameType::batch && core_.counters().queue_bytes > limits_.waiting_bytes * 5 / 4)
        return overloaded();
    switch (frame.type) {
        case wire::FrameType::batch: return take_batch(frame);
        case wire::FrameType::heartbeat: {
            HeartbeatIn in;
            if (!read(frame, in.heartbeat)) return malformed("heartbeat");
            submit(in, bytes);
            return std::nullopt;
        }
        case wire::FrameType::names: {
            NamesIn in;
            if (!read(frame, in.names)) return malformed("list of names");
            submit(std::move(in), bytes);
            return std::nullopt;
        }
        case wire::FrameType::renew: {
            RenewIn in;
            if (!read(frame, in.renew)) return malformed("renewal");
            submit(std::move(in), bytes);
            return std::nullopt;
        }
        case wire::FrameType::bye: {
            wire::Bye bye;
            if (!read(frame, bye)) return malformed("goodbye");
            bye_ = bye.reason.empty() ? "shutdown" : bye.reason;
            return std::nullopt;
        }
        case wire::FrameType::hello:
        case wire::FrameType::enrol:
        case wire::FrameType::welcome:
        case wire::FrameType::ack:
        case wire::FrameType::assignment:
        case wire::FrameType::refuse:
        case wire::FrameType::certificate:
        case wire::FrameType::pulse: break;
    }
    return refusal(RefuseCode::unknown_message, "this frame has no place in an agent's session");
}

std::optional<wire::Refuse> Session::take_batch(const wire::Frame& frame) {
    BatchIn in;
    if (!read(frame, in.batch)) return malformed("batch");
    // In the order in which the agent sent them, or a chain of events would go on without what was refused.
    const bool is_out_of_turn = refused_ && *refused_ != in.batch.seq;
    if (is_overloaded() || is_out_of_turn) {
        if (!refused_) refused_ = in.batch.seq;
        auto refuse = overloaded();
        refuse.seq = in.batch.seq;
        core_.counters().refused(refuse.code);
        append(Reply(std::move(refuse)), outbox_);
        start_pump();
        return std::nullopt;
    }
    refused_.reset();
    in_flight_.emplace_back(in.batch.seq, frame.payload.size());
    in_flight_bytes_ += frame.payload.size();
    submit(std::move(in), frame.payload.size());
    return std::nullopt;
}

template <class T>
void Session::submit(T what, std::size_t bytes) {
    core_.submit({.connection = id_,
                  .mailbox = weak_from_this(),
                  .received = core_.clock().wall(),
                  .what = std::move(what),
                  .charge = Charge(core_.counters(), bytes + bytes_beside, std::is_same_v<T, BatchIn>)});
}

asio::awaitable<void> Session::wait_for_room() {
    while (!last_word_ && (in_flight_.size() >= most_in_flight || in_flight_bytes_ >= most_bytes_in_flight ||
                           (pumping_ && outbox_.size() >= most_bytes_out))) {
        waiting_ = std::make_unique<asio::steady_timer>(co_await asio::this_coro::executor, limits_.write);
        boost::system::error_code ec;
        co_await waiting_->async_wait(asio::redirect_error(asio::use_awaitable, ec));
        waiting_.reset();
    }
}

void Session::settled(std::uint64_t seq) {
    const auto found =
        std::find_if(in_flight_.begin(), in_flight_.end(), [&](const auto& b) { return b.first == seq; });
    if (found == in_flight_.end()) return;
    in_flight_bytes_ -= found->second;
    in_flight_.erase(found);
    if (in_flight_.empty()) in_flight_.shrink_to_fit();
}

void Session::deliver(std::vector<Reply> replies) {
    for (auto& reply : replies) {
        if (const auto* ack = std::get_if<wire::Ack>(&reply))
            for (const auto seq : ack->seqs) settled(seq);
        if (std::holds_alternative<wire::Welcome>(reply)) welcome_ = true;
        if (auto* refuse = std::get_if<wire::Refuse>(&reply)) {
            if (!refuse->seq) {
                last_word_ = std::move(*refuse);
                continue;
            }
            core_.counters().refused(refuse->code);
            settled(*refuse->seq);
        }
        append(reply, outbox_);
    }
    start_pump();
    wake();
}

void Session::stop() {
    if (!last_word_) last_word_ = refusal(RefuseCode::shutting_down, "the collector is being stopped", 5'000);
    wake();
}

void Session::wake() {
    if (waiting_) {
        waiting_->cancel();
    } else if (last_word_) {
        // The reading coroutine waits on the socket: a last word from outside must end that wait.
        boost::system::error_code ignored;
        stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_receive, ignored);
    }
}

void Session::start_pump() {
    if (pumping_ || outbox_.empty()) return;
    pumping_ = true;
    asio::co_spawn(stream_.socket().get_executor(), pump(), [self = shared_from_this()](std::exception_ptr error) {
        self->pumping_ = false;
        if (error) log::error("session", "writing to an agent failed unexpectedly");
        self->start_pump();  // what was delivered between the pump's last look and this handler
        self->wake();
    });
}

asio::awaitable<void> Session::pump() {
    while (!outbox_.empty()) {
        const Bytes out = std::exchange(outbox_, {});
        const auto written = co_await stream_.write_all(out, std::chrono::steady_clock::now() + limits_.write);
        if (!written) {
            outbox_ = {};
            stream_.close();
            co_return;
        }
        core_.counters().bytes_out += out.size();
    }
}

asio::awaitable<void> Session::finish(std::optional<wire::Refuse> last_word) {
    in_flight_.clear();
    in_flight_bytes_ = 0;
    while (pumping_) {
        waiting_ = std::make_unique<asio::steady_timer>(co_await asio::this_coro::executor, limits_.write);
        boost::system::error_code ec;
        co_await waiting_->async_wait(asio::redirect_error(asio::use_awaitable, ec));
        waiting_.reset();
    }
    if (!last_word && last_word_ && last_word_->code != RefuseCode{}) last_word = std::move(last_word_);
    Bytes words;
    if (last_word) {
        core_.counters().refused(last_word->code);
        wire::append_message(wire::FrameType::refuse, *last_word, words);
    }
    pumping_ = true;  // nothing is written any more
    co_await say_and_close(stream_, std::move(words), limits_);
}

}  // namespace vg::collector
