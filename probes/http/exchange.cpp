#include "probes/http/exchange.hpp"

#include "probes/http/byte_stream.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>

#include <array>

namespace vg::probes::http {
namespace {

namespace beast_http = boost::beast::http;
using Clock = std::chrono::steady_clock;

// Keeps the start of a body, whatever length the server announces.
struct BoundedBody {
    using value_type = std::string;
    class reader {
    public:
        template <bool is_request, class Fields>
        reader(beast_http::header<is_request, Fields>&, value_type& body) : body_(body) {}
        void init(const boost::optional<std::uint64_t>&, boost::system::error_code& error) { error = {}; }
        template <class Buffers>
        std::size_t put(const Buffers& buffers, boost::system::error_code& error) {
            error = {};
            std::size_t size = 0;
            for (auto at = boost::asio::buffer_sequence_begin(buffers); at != boost::asio::buffer_sequence_end(buffers);
                 ++at) {
                const asio::const_buffer part(*at);
                body_.append(static_cast<const char*>(part.data()), std::min(part.size(), most_body - body_.size()));
                size += part.size();
            }
            return size;
        }
        void finish(boost::system::error_code& error) { error = {}; }

    private:
        value_type& body_;
    };
};
using Parser = beast_http::response_parser<BoundedBody>;

// "0", and two ends of a line. Beast 1.81 asserts that a last chunk goes on with no less (boostorg/beast#2861).
constexpr std::size_t shortest_chunk_end = 5;

std::string written(const Request& request) {
    return request.method + " " + request.url.target + " HTTP/1.1\r\nHost: " + request.url.authority +
           "\r\nUser-Agent: vonggac/" VONGGAC_VERSION
           "\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n";
}

void fill_response(Parser& parser, Exchange& out) {
    auto& message = parser.get();
    out.status = message.result_int();
    if (const auto at = message.find(beast_http::field::location); at != message.end())
        out.location = std::string(at->value());
    out.body = std::move(message.body());
}

void set_failed(Exchange& out, Outcome outcome, const Error& why) {
    out.outcome = outcome;
    out.sentence = told(why);
}

Outcome meaning(const Error& error, Outcome otherwise) {
    return error.code == Errc::timed_out ? Outcome::timed_out : otherwise;
}

// Feeds the parser until the response is whole, the page is long enough, or the connection ends.
asio::awaitable<Result<void>> read_response(ByteStream& stream, Parser& parser, Clock::time_point asked, Exchange& out,
                                            Deadline deadline) {
    Bytes waiting;
    std::array<std::uint8_t, 8192> buffer;
    while (!parser.is_done() && parser.get().body().size() < most_body) {
        const auto got = co_await stream.read_some(buffer, deadline);
        if (!got && got.error().code != Errc::unavailable) co_return got.error();
        boost::system::error_code error;
        if (!got) {  // the end of the connection may be the end of the page
            if (!parser.got_some())
                co_return fail(Errc::unavailable, say({"máy chủ đóng kết nối mà không trả lời gì",
                                                       "the server closed the connection without an answer"}));
            parser.put_eof(error);
            if (error || !parser.is_done())
                co_return fail(Errc::unavailable, say({"câu trả lời bị cắt giữa chừng", "the response broke off"}));
            co_return Result<void>{};
        }
        if (!out.phases.first_byte) out.phases.first_byte = Clock::now() - asked;
        waiting.insert(waiting.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*got));
        if (parser.is_header_done() && parser.chunked() && waiting.size() < shortest_chunk_end) continue;
        const auto used = parser.put(asio::buffer(waiting), error);
        waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(used));
        if (error && error != beast_http::error::need_more)
            co_return fail(Errc::invalid_input,
                           say({"câu trả lời không phải HTTP ({})", "the response is not HTTP ({})"}, error.message()));
    }
    co_return Result<void>{};
}

asio::awaitable<void> talk(ByteStream& stream, const Request& request, Exchange& out, Deadline deadline) {
    const auto asked = Clock::now();
    const auto text = written(request);
    if (const auto sent = co_await stream.write_all(view_of(text), deadline); !sent) {
        set_failed(out, meaning(sent.error(), Outcome::bad_answer), sent.error());
        co_return;
    }
    Parser parser;
    parser.header_limit(most_header);
    parser.body_limit(boost::none);
    parser.skip(request.method == "HEAD");
    parser.eager(true);
    const auto read = co_await read_response(stream, parser, asked, out, deadline);
    if (parser.is_header_done()) fill_response(parser, out);
    if (!read)
        set_failed(out, meaning(read.error(), Outcome::bad_answer), read.error());
    else
        out.outcome = Outcome::ok;
    // What a TLS server does to whom speaks plainly: an alert at best.
    if (out.outcome == Outcome::bad_answer && !request.url.is_tls && !parser.is_header_done())
        out.sentence = say({"{}; nếu cổng này dùng TLS, hãy thử https://", "{}; if this port speaks TLS, try https://"},
                           out.sentence);
}

asio::awaitable<std::unique_ptr<ByteStream>> secured(asio::ip::tcp::socket socket, const Request& request,
                                                     Exchange& out, Deadline deadline) {
    if (!request.url.is_tls) co_return plain_stream(std::move(socket));
    tls::Stream stream(std::move(socket), *request.tls);
    const auto start = Clock::now();
    const auto shaken = co_await stream.connect(request.url.host, deadline);
    if (!shaken) {
        set_failed(out, meaning(shaken.error(), Outcome::tls_failed), shaken.error());
        co_return nullptr;
    }
    out.phases.tls = Clock::now() - start;
    out.peer = stream.peer();
    co_return tls_stream(std::move(stream));
}

}  // namespace

asio::awaitable<Exchange> exchange(Request request, Deadline deadline) {
    Exchange out;
    const auto start = Clock::now();
    auto addresses = co_await resolve(request.url.host, request.family, deadline);
    if (!addresses) {
        set_failed(out, Outcome::no_such_name, addresses.error());
        co_return out;
    }
    out.phases.dns = Clock::now() - start;
    auto connected = co_await connect(std::move(*addresses), request.url.port, deadline);
    if (!connected) {
        out.outcome = connected.error().outcome;
        out.sentence = connected.error().sentence;
        out.could_not_look = connected.error().could_not_look;
        co_return out;
    }
    out.phases.connect = connected->took;
    const auto stream = co_await secured(std::move(connected->socket), request, out, deadline);
    if (!stream) co_return out;
    co_await talk(*stream, request, out, deadline);
    out.phases.total = Clock::now() - start;
    co_return out;
}

}  // namespace vg::probes::http
