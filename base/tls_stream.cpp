// One TLS connection on a non-blocking socket that Asio waits for.
#include "base/system_words.hpp"
#include "base/tls_context.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace vg::tls {
namespace {

Error closed_here() {
    return fail(Errc::cancelled, say({"kết nối đã được đóng tại đây", "the connection was closed here"}));
}

std::string pem_of(::X509* cert) {
    Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), cert);
    char* data = nullptr;
    const long n = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(n)};
}

}  // namespace

// Shared with the timers' handlers, which may run after the stream has gone.
struct Stream::Impl : std::enable_shared_from_this<Stream::Impl> {
    struct Free {
        void operator()(SSL* session) const { SSL_free(session); }
    };
    enum class Direction { read, write };
    enum class Doing { handshake, reading, writing };

    Impl(asio::ip::tcp::socket s, const Context& context)
        : socket(std::move(s)),
          ssl(SSL_new(context.impl().ssl.get())),
          read_timer(socket.get_executor()),
          write_timer(socket.get_executor()),
          resumable(context.impl().options.resume_for.count() > 0 ? &context.impl() : nullptr),
          server(context.impl().options.server) {
        boost::system::error_code ignored;
        if (socket.is_open()) {
            socket.non_blocking(true, ignored);
            socket.set_option(asio::ip::tcp::no_delay(true), ignored);
            SSL_set_fd(ssl.get(), socket.native_handle());
        }
    }

    asio::ip::tcp::socket socket;
    std::unique_ptr<SSL, Free> ssl;
    asio::steady_timer read_timer, write_timer;
    Peer peer;
    std::string greeted;       // name of the server, where sessions are resumed
    Context::Impl* resumable;  // null: they are not
    bool server;
    bool closed = false;
    std::uint64_t in = 0, out = 0;

    void arm(asio::steady_timer& timer, Deadline deadline) {
        timer.expires_at(deadline);
        timer.async_wait([weak = weak_from_this()](boost::system::error_code ec) {
            boost::system::error_code ignored;
            // Wakes both directions; whose deadline has not passed just goes on waiting.
            if (auto self = weak.lock(); self && !ec) self->socket.cancel(ignored);
        });
    }

    asio::awaitable<Result<void>> wait(Direction direction, Deadline deadline) {
        auto& timer = direction == Direction::read ? read_timer : write_timer;
        const auto keep = shared_from_this();
        arm(timer, deadline);
        for (;;) {
            boost::system::error_code ec;
            co_await socket.async_wait(
                direction == Direction::read ? asio::socket_base::wait_read : asio::socket_base::wait_write,
                asio::redirect_error(asio::use_awaitable, ec));
            if (closed) co_return closed_here();
            if (!ec) {
                timer.cancel();
                co_return Result<void>{};
            }
            if (ec != asio::error::operation_aborted) co_return fail(Errc::unavailable, system_words(ec));
            if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none)
                co_return fail(Errc::cancelled, say({"đã dừng", "stopped"}));
            if (std::chrono::steady_clock::now() >= deadline)
                co_return fail(Errc::timed_out, say({"không trả lời đúng hạn", "no answer in time"}));
        }
    }

    // Runs one OpenSSL call until it is done: waits for what it wants, tells how it ended. `call` gives OpenSSL's
    // result.
    template <class Call>
    asio::awaitable<Result<std::size_t>> drive(Direction natural, Deadline deadline, Call call, Doing doing) {
        const auto keep = shared_from_this();
        for (;;) {
            if (closed) co_return closed_here();
            ERR_clear_error();
            const int n = call();
            if (n > 0) co_return static_cast<std::size_t>(n);
            const int saved_errno = errno;
            Direction direction = natural;
            switch (SSL_get_error(ssl.get(), n)) {
                case SSL_ERROR_WANT_READ: direction = Direction::read; break;
                case SSL_ERROR_WANT_WRITE: direction = Direction::write; break;
                case SSL_ERROR_ZERO_RETURN:
                    co_return fail(Errc::unavailable,
                                   say({"bên kia đã đóng kết nối", "the other side closed the connection"}));
                case SSL_ERROR_SYSCALL: {
                    ERR_clear_error();
                    co_return fail(Errc::unavailable, saved_errno != 0
                                                          ? system_words(saved_errno)
                                                          : say({"kết nối bị ngắt", "the connection broke off"}));
                }
                default: co_return describe(doing);
            }
            if (auto waited = co_await wait(direction, deadline); waited.has_error()) co_return waited.error();
        }
    }

    static Text words_of(Doing doing) {
        switch (doing) {
            case Doing::handshake: return say({"bắt tay TLS không thành", "the TLS handshake failed"});
            case Doing::reading: return say({"không đọc được qua TLS", "reading by TLS failed"});
            case Doing::writing: return say({"không gửi được qua TLS", "writing by TLS failed"});
        }
        return {};
    }

    Error describe(Doing doing) {
        const long verdict = SSL_get_verify_result(ssl.get());
        if (!server && verdict != X509_V_OK) {
            ERR_clear_error();
            return fail(Errc::refused, say({"chứng thư của máy chủ không được tin cậy: {}",
                                            "the server's certificate is not trusted: {}"},
                                           words_of_verdict(verdict)));
        }
        return tls_error(words_of(doing));
    }

    void try_to_resume(const std::string& server_name) {
        greeted = server_name;
        SSL_set_app_data(ssl.get(), &greeted);
        auto& known = resumable->resumable;
        if (known.name == greeted && std::chrono::steady_clock::now() - known.since < resumable->options.resume_for) {
            if (known.session) SSL_set_session(ssl.get(), known.session.get());
        } else {
            known = {};
            known.name = greeted;
        }
    }

    void look_at_peer() {
        if (resumable != nullptr && SSL_session_reused(ssl.get()) != 0) {
            peer = resumable->resumable.peer;
            peer.resumed = true;
            return;
        }
        read_peer();
        if (resumable != nullptr) {
            auto& known = resumable->resumable;
            // On TLS 1.2 the ticket came with the handshake.
            auto session = known.name == greeted ? std::move(known.session) : nullptr;
            known = {greeted, peer, std::chrono::steady_clock::now(), std::move(session)};
        }
    }

    void read_peer() {
        const unsigned char* name = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(ssl.get(), &name, &size);
        peer.alpn.assign(reinterpret_cast<const char*>(name), size);
        peer.version = SSL_get_version(ssl.get());
        ::X509* leaf = SSL_get0_peer_certificate(ssl.get());
        if (leaf == nullptr) return;
        if (auto info = x509::inspect(pem_of(leaf)); info.has_value()) peer.certificate = *info;
        const long verdict = SSL_get_verify_result(ssl.get());
        peer.chain_trusted = verdict == X509_V_OK;
        if (!peer.chain_trusted) peer.chain_problem = words_of_verdict(verdict);
        if (server) return;
        STACK_OF(X509)* chain = SSL_get_peer_cert_chain(ssl.get());
        for (int i = 0; i < sk_X509_num(chain); ++i) peer.chain_pem.push_back(pem_of(sk_X509_value(chain, i)));
    }
};

Stream::Stream(asio::ip::tcp::socket socket, const Context& context)
    : impl_(std::make_shared<Impl>(std::move(socket), context)) {}
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() {
    if (impl_) close();
}

asio::awaitable<Result<void>> Stream::accept(Deadline deadline) {
    const auto impl = impl_;
    auto done = co_await impl->drive(
        Impl::Direction::read, deadline, [&] { return SSL_accept(impl->ssl.get()); }, Impl::Doing::handshake);
    if (done.has_error()) co_return done.error();
    impl->look_at_peer();
    co_return Result<void>{};
}

asio::awaitable<Result<void>> Stream::connect(const std::string& server_name, Deadline deadline) {
    const auto impl = impl_;
    boost::system::error_code not_address;
    asio::ip::make_address(server_name, not_address);
    if (not_address) {
        SSL_set_tlsext_host_name(impl->ssl.get(), server_name.c_str());
        SSL_set1_host(impl->ssl.get(), server_name.c_str());
    } else {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(impl->ssl.get()), server_name.c_str());
    }
    if (impl->resumable != nullptr) impl->try_to_resume(server_name);
    auto done = co_await impl->drive(
        Impl::Direction::read, deadline, [&] { return SSL_connect(impl->ssl.get()); }, Impl::Doing::handshake);
    if (done.has_error()) co_return done.error();
    impl->look_at_peer();
    co_return Result<void>{};
}

asio::awaitable<Result<std::size_t>> Stream::read_some(std::span<std::uint8_t> into, Deadline deadline) {
    const auto impl = impl_;
    auto got = co_await impl->drive(
        Impl::Direction::read, deadline,
        [&] {
            return SSL_read(impl->ssl.get(), into.data(),
                            static_cast<int>(std::min<std::size_t>(into.size(), 1U << 20)));
        },
        Impl::Doing::reading);
    if (got.has_value()) impl->in += *got;
    co_return got;
}

asio::awaitable<Result<void>> Stream::write_all(ByteView data, Deadline deadline) {
    const auto impl = impl_;
    while (!data.empty()) {
        auto put = co_await impl->drive(
            Impl::Direction::write, deadline,
            [&] {
                return SSL_write(impl->ssl.get(), data.data(),
                                 static_cast<int>(std::min<std::size_t>(data.size(), 1U << 20)));
            },
            Impl::Doing::writing);
        if (put.has_error()) co_return put.error();
        impl->out += *put;
        data = data.subspan(*put);
    }
    co_return Result<void>{};
}

void Stream::close() {
    if (impl_->closed) return;
    impl_->closed = true;
    if (!impl_->socket.is_open()) return;
    ERR_clear_error();
    if (SSL_is_init_finished(impl_->ssl.get()) != 0) SSL_shutdown(impl_->ssl.get());
    ERR_clear_error();
    boost::system::error_code ignored;
    impl_->socket.close(ignored);
    impl_->read_timer.cancel();
    impl_->write_timer.cancel();
}

const Peer& Stream::peer() const { return impl_->peer; }
asio::ip::tcp::socket& Stream::socket() { return impl_->socket; }
std::uint64_t Stream::bytes_in() const { return impl_->in; }
std::uint64_t Stream::bytes_out() const { return impl_->out; }

}  // namespace vg::tls
