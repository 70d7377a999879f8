#include "probes/dns/client.hpp"

#include "base/crypto.hpp"
#include "base/system_words.hpp"
#include "probes/deadline.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace vg::probes::dns {
namespace {

using namespace std::chrono_literals;
using boost::system::error_code;

constexpr auto patience = 1s;              // before a question is sent again
constexpr std::size_t largest_udp = 1232;  // more than RFC 1035's 512, and never fragmented

struct Question {
    asio::ip::udp::endpoint server;
    std::string name;
    Type type;
    std::uint16_t id;
    Bytes bytes;

    [[nodiscard]] bool is_answered_by(const Reply& reply) const {
        return reply.id == id && reply.question == normal_name(name) &&
               reply.question_type == static_cast<std::uint16_t>(type);
    }
};

Error trouble(const error_code& error, const Question& question) {
    return fail(Errc::unavailable,
                say({"máy chủ tên miền {} không trả lời: {}", "the name server {} does not answer: {}"},
                    question.server.address().to_string(), system_words(error)));
}

Error silence(const Question& question) {
    return fail(Errc::timed_out,
                say({"máy chủ tên miền {} không trả lời trong thời hạn", "the name server {} did not answer in time"},
                    question.server.address().to_string()));
}

// One datagram out; the first that answers it. Nothing when the time is over.
asio::awaitable<Result<std::optional<Reply>>> ask_once(asio::ip::udp::socket& socket, const Question& question,
                                                       Deadline deadline) {
    error_code error;
    co_await socket.async_send(asio::buffer(question.bytes), asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return trouble(error, question);
    DeadlineGuard guard(socket, deadline);
    std::array<std::uint8_t, largest_udp> buffer;
    while (!guard.is_over()) {
        const auto size =
            co_await socket.async_receive(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, error));
        if (error == asio::error::operation_aborted) break;
        if (error) co_return trouble(error, question);
        auto reply = read_reply(ByteView(buffer).first(size));
        // What is not the answer may be an old or a forged one: the true one may still come.
        if (reply && question.is_answered_by(*reply)) co_return std::optional<Reply>(std::move(*reply));
    }
    co_return std::optional<Reply>();
}

asio::awaitable<Result<Reply>> ask_by_tcp(const Question& question, Deadline deadline) {
    asio::ip::tcp::socket socket(co_await asio::this_coro::executor);
    DeadlineGuard guard(socket, deadline);
    const auto because = [&](const error_code& error) {
        return guard.is_over() || error == asio::error::operation_aborted ? silence(question)
                                                                          : trouble(error, question);
    };
    error_code error;
    co_await socket.async_connect({question.server.address(), question.server.port()},
                                  asio::redirect_error(asio::use_awaitable, error));
    if (error || guard.is_over()) co_return because(error);
    const std::array<std::uint8_t, 2> length{static_cast<std::uint8_t>(question.bytes.size() >> 8),
                                             static_cast<std::uint8_t>(question.bytes.size())};
    const std::array<asio::const_buffer, 2> framed{asio::buffer(length), asio::buffer(question.bytes)};
    co_await asio::async_write(socket, framed, asio::redirect_error(asio::use_awaitable, error));
    if (error || guard.is_over()) co_return because(error);
    std::array<std::uint8_t, 2> size;
    co_await asio::async_read(socket, asio::buffer(size), asio::redirect_error(asio::use_awaitable, error));
    if (error || guard.is_over()) co_return because(error);
    Bytes message(static_cast<std::size_t>(size[0] << 8 | size[1]));
    co_await asio::async_read(socket, asio::buffer(message), asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return because(error);
    auto reply = read_reply(message);
    if (reply && !question.is_answered_by(*reply))
        co_return fail(Errc::invalid_input,
                       say({"câu trả lời DNS không phải cho câu đã hỏi", "the DNS reply answers another question"}));
    co_return reply;
}

}  // namespace

asio::awaitable<Result<Reply>> ask(asio::ip::udp::endpoint server, std::string name, Type type, Deadline deadline) {
    Question question{server, std::move(name), type, static_cast<std::uint16_t>(crypto::random_u64()), {}};
    auto bytes = write_question(question.id, question.name, type);
    if (!bytes) co_return bytes.error();
    question.bytes = std::move(*bytes);
    asio::ip::udp::socket socket(co_await asio::this_coro::executor);
    error_code error;
    // Connected: replies of others never reach us, and "port unreachable" does.
    socket.connect(server, error);
    if (error) co_return trouble(error, question);
    for (auto now = std::chrono::steady_clock::now(); now < deadline; now = std::chrono::steady_clock::now()) {
        auto reply = co_await ask_once(socket, question, std::min<Deadline>(deadline, now + patience));
        if (!reply) co_return reply.error();
        if (*reply && (*reply)->is_truncated) co_return co_await ask_by_tcp(question, deadline);
        if (*reply) co_return std::move(**reply);
        if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none)
            co_return fail(Errc::cancelled, say({"đã dừng", "stopped"}));
    }
    co_return silence(question);
}

}  // namespace vg::probes::dns
