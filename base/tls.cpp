#include "base/tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>

namespace vg::tls {

namespace {

std::string reason(const char* fallback) {
    std::string out = fallback;
    if (const auto code = ERR_peek_last_error(); code != 0)
        if (const char* text = ERR_reason_error_string(code); text != nullptr) out = text;
    ERR_clear_error();
    return out;
}

Error tls_error(const std::string& what, const char* fallback = "no further reason") {
    return fail(Errc::refused, what + ": " + reason(fallback));
}

struct FreeBio {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;
Bio reading(const std::string& pem) { return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

std::string pem_of(::X509* cert) {
    Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), cert);
    char* data = nullptr;
    const long n = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(n)};
}

bool use_identity(SSL_CTX* context, const x509::Identity& identity) {
    Bio certs = reading(identity.certificate_pem);
    ::X509* leaf = PEM_read_bio_X509(certs.get(), nullptr, nullptr, nullptr);
    if (leaf == nullptr) return false;
    bool good = SSL_CTX_use_certificate(context, leaf) == 1;
    X509_free(leaf);
    while (::X509* issuer = PEM_read_bio_X509(certs.get(), nullptr, nullptr, nullptr))
        if (SSL_CTX_add0_chain_cert(context, issuer) != 1) X509_free(issuer);
    ERR_clear_error();  // the end of the list is an error to the reader
    EVP_PKEY* key = PEM_read_bio_PrivateKey(reading(identity.private_pem).get(), nullptr, nullptr, nullptr);
    good =
        good && key != nullptr && SSL_CTX_use_PrivateKey(context, key) == 1 && SSL_CTX_check_private_key(context) == 1;
    EVP_PKEY_free(key);
    return good;
}

// Whether the system keeps its authorities in a directory by hash (c_rehash), where OpenSSL looks them up singly.
bool has_authority_directory() {
    const char* chosen = std::getenv(X509_get_default_cert_dir_env());
    std::error_code error;
    for (const auto& entry :
         std::filesystem::directory_iterator(chosen != nullptr ? chosen : X509_get_default_cert_dir(), error))
        if (entry.path().extension() == ".0") return true;
    return false;
}

bool trust(SSL_CTX* context, const std::string& pem) {
    // The bundle beside the directory would cost 60 ms and megabytes in every context.
    if (pem.empty())
        return (has_authority_directory() ? SSL_CTX_set_default_verify_dir(context)
                                          : SSL_CTX_set_default_verify_paths(context)) == 1;
    X509_STORE* store = SSL_CTX_get_cert_store(context);
    Bio certs = reading(pem);
    int count = 0;
    while (::X509* cert = PEM_read_bio_X509(certs.get(), nullptr, nullptr, nullptr)) {
        if (X509_STORE_add_cert(store, cert) == 1) ++count;
        X509_free(cert);
    }
    ERR_clear_error();
    return count > 0;
}

int let_in(int, X509_STORE_CTX*) { return 1; }  // the caller reads Peer::chain_trusted

std::string alpn_list(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names) out += static_cast<char>(name.size()) + name;
    return out;
}

}  // namespace

struct Context::Impl {
    struct Free {
        void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
        void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
    };
    std::unique_ptr<SSL_CTX, Free> ssl;
    Options options;
    struct Resumable {  // of the name that was greeted last
        std::string name;
        Peer peer;  // as the full handshake saw it
        std::chrono::steady_clock::time_point since{};
        std::unique_ptr<SSL_SESSION, Free> session;  // the newest ticket
    } resumable;

    [[nodiscard]] int verify_mode() const {
        switch (options.check) {
            case PeerCheck::none: return SSL_VERIFY_NONE;
            case PeerCheck::if_given: return SSL_VERIFY_PEER;
            case PeerCheck::required: return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
        }
        return SSL_VERIFY_PEER;
    }
    void ask_certificate(SSL* ssl_session) const {
        SSL_set_verify(ssl_session, verify_mode(), options.check == PeerCheck::if_given ? let_in : nullptr);
    }
};

namespace {

// A ticket came: on TLS 1.3 some time after the handshake.
int keep_session(SSL* ssl, SSL_SESSION* session) {
    auto& impl = *static_cast<Context::Impl*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    const auto* name = static_cast<const std::string*>(SSL_get_app_data(ssl));
    if (name == nullptr || *name != impl.resumable.name) return 0;
    impl.resumable.session.reset(session);
    return 1;  // it is ours now
}

// Our order decides. Runs before the certificate request is written, so it can still say whether there is one.
int select_alpn(SSL* session, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                unsigned in_size, void* argument) {
    const auto& impl = *static_cast<const Context::Impl*>(argument);
    const auto& special = impl.options.certificate_alpn;
    for (const auto& name : impl.options.alpn) {
        for (unsigned at = 0; at < in_size; at += 1U + in[at]) {
            if (at + 1U + in[at] > in_size) break;
            if (text_of({in + at + 1, in[at]}) != name) continue;
            *out = in + at + 1;
            *out_size = in[at];
            if (std::find(special.begin(), special.end(), name) != special.end()) impl.ask_certificate(session);
            return SSL_TLSEXT_ERR_OK;
        }
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

Context::Context(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Context::Context(Context&&) noexcept = default;
Context& Context::operator=(Context&&) noexcept = default;
Context::~Context() = default;

Result<Context> Context::make(const Options& options) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes with write(2): a closed socket must be an error, not a signal
    auto impl = std::make_unique<Impl>();
    impl->options = options;
    impl->ssl.reset(SSL_CTX_new(options.server ? TLS_server_method() : TLS_client_method()));
    SSL_CTX* context = impl->ssl.get();
    if (context == nullptr) return tls_error("cannot set up TLS");
    SSL_CTX_set_min_proto_version(context, options.allow_tls12 ? TLS1_2_VERSION : TLS1_3_VERSION);
    // Only the chain of the identity is shown: whoever asks for an agent's certificate has its authority already, and
    // would hold it once more for every agent.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_NO_AUTO_CHAIN);
    // Connections last for days: tickets and a session cache would only cost bytes and memory.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    if (!options.server && options.resume_for.count() > 0) {
        SSL_CTX_clear_options(context, SSL_OP_NO_TICKET);
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_set_app_data(context, impl.get());
        SSL_CTX_sess_set_new_cb(context, keep_session);
    }
    if (options.identity && !use_identity(context, *options.identity))
        return tls_error("the certificate and its private key do not fit together");
    if (!trust(context, options.trusted_pem)) return tls_error("no trusted authority could be read");
    if (!options.check_time) X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_NO_CHECK_TIME);
    if (options.server) {
        if (!options.alpn.empty()) SSL_CTX_set_alpn_select_cb(context, select_alpn, impl.get());
        const bool always = options.certificate_alpn.empty() && options.check != PeerCheck::none;
        SSL_CTX_set_verify(context, always ? impl->verify_mode() : SSL_VERIFY_NONE,
                           options.check == PeerCheck::if_given ? let_in : nullptr);
        static constexpr unsigned char name[] = "vonggac";
        SSL_CTX_set_session_id_context(context, name, sizeof name - 1);
    } else {
        SSL_CTX_set_verify(context, options.check == PeerCheck::required ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
        const auto list = alpn_list(options.alpn);
        if (!list.empty()) SSL_CTX_set_alpn_protos(context, view_of(list).data(), static_cast<unsigned>(list.size()));
    }
    return Context(std::move(impl));
}

// Shared with the timers' handlers, which may run after the stream has gone.
struct Stream::Impl : std::enable_shared_from_this<Stream::Impl> {
    struct Free {
        void operator()(SSL* session) const { SSL_free(session); }
    };
    enum class Direction { read, write };

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
            if (closed) co_return fail(Errc::cancelled, "the connection was closed here");
            if (!ec) {
                timer.cancel();
                co_return Result<void>{};
            }
            if (ec != asio::error::operation_aborted) co_return fail(Errc::unavailable, ec.message());
            if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none)
                co_return fail(Errc::cancelled, "stopped");
            if (std::chrono::steady_clock::now() >= deadline) co_return fail(Errc::timed_out, "no answer in time");
        }
    }

    // Runs one OpenSSL call until it is done: waits for what it wants, tells how it ended. `call` gives OpenSSL's
    // result.
    template <class Call>
    asio::awaitable<Result<std::size_t>> drive(Direction natural, Deadline deadline, Call call, const char* doing) {
        const auto keep = shared_from_this();
        for (;;) {
            if (closed) co_return fail(Errc::cancelled, "the connection was closed here");
            ERR_clear_error();
            const int n = call();
            if (n > 0) co_return static_cast<std::size_t>(n);
            const int saved_errno = errno;
            Direction direction = natural;
            switch (SSL_get_error(ssl.get(), n)) {
                case SSL_ERROR_WANT_READ: direction = Direction::read; break;
                case SSL_ERROR_WANT_WRITE: direction = Direction::write; break;
                case SSL_ERROR_ZERO_RETURN: co_return fail(Errc::unavailable, "the other side closed the connection");
                case SSL_ERROR_SYSCALL: {
                    ERR_clear_error();
                    const boost::system::error_code ec(saved_errno, boost::system::system_category());
                    co_return fail(Errc::unavailable, saved_errno != 0 ? ec.message() : "the connection broke off");
                }
                default: co_return describe(doing);
            }
            if (auto waited = co_await wait(direction, deadline); waited.has_error()) co_return waited.error();
        }
    }

    Error describe(const char* doing) {
        const long verdict = SSL_get_verify_result(ssl.get());
        if (!server && verdict != X509_V_OK) {
            ERR_clear_error();
            return fail(Errc::refused, std::string("the server's certificate is not trusted: ") +
                                           X509_verify_cert_error_string(verdict));
        }
        return tls_error(doing);
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
        if (!peer.chain_trusted) peer.chain_error = X509_verify_cert_error_string(verdict);
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
        Impl::Direction::read, deadline, [&] { return SSL_accept(impl->ssl.get()); }, "the TLS handshake failed");
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
        Impl::Direction::read, deadline, [&] { return SSL_connect(impl->ssl.get()); }, "the TLS handshake failed");
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
        "reading failed");
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
            "writing failed");
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
