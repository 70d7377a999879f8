#include "probes/http/byte_stream.hpp"

#include "base/system_words.hpp"
#include "probes/deadline.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace vg::probes::http {
namespace {

class PlainStream final : public ByteStream {
public:
    explicit PlainStream(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

    asio::awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> into, Deadline deadline) override {
        DeadlineGuard guard(socket_, deadline);
        boost::system::error_code error;
        const auto size = co_await socket_.async_read_some(asio::buffer(into.data(), into.size()),
                                                           asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return meaning(error, guard.is_over());
        co_return size;
    }
    asio::awaitable<Result<void>> write_all(ByteView data, Deadline deadline) override {
        DeadlineGuard guard(socket_, deadline);
        boost::system::error_code error;
        co_await asio::async_write(socket_, asio::buffer(data.data(), data.size()),
                                   asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return meaning(error, guard.is_over());
        co_return Result<void>{};
    }

private:
    static Error meaning(const boost::system::error_code& error, bool is_over) {
        if (is_over) return fail(Errc::timed_out, say({"không trả lời trong thời hạn", "no answer in time"}));
        if (error == asio::error::operation_aborted) return fail(Errc::cancelled, say({"đã dừng", "stopped"}));
        return fail(Errc::unavailable, error == asio::error::eof
                                           ? say({"bên kia đã đóng kết nối", "the other side closed the connection"})
                                           : system_words(error));
    }
    asio::ip::tcp::socket socket_;
};

class TlsStream final : public ByteStream {
public:
    explicit TlsStream(tls::Stream stream) : stream_(std::move(stream)) {}
    asio::awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> into, Deadline deadline) override {
        return stream_.read_some(into, deadline);
    }
    asio::awaitable<Result<void>> write_all(ByteView data, Deadline deadline) override {
        return stream_.write_all(data, deadline);
    }

private:
    tls::Stream stream_;
};

}  // namespace

std::unique_ptr<ByteStream> plain_stream(asio::ip::tcp::socket socket) {
    return std::make_unique<PlainStream>(std::move(socket));
}
std::unique_ptr<ByteStream> tls_stream(tls::Stream stream) { return std::make_unique<TlsStream>(std::move(stream)); }

}  // namespace vg::probes::http
