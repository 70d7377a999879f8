// Identity, trust and manner of speaking of TLS connections: OpenSSL's contexts.
#include "base/tls_context.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>

namespace vg::tls {
namespace {

Bio reading(const std::string& pem) { return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

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

int Context::Impl::verify_mode() const {
    switch (options.check) {
        case PeerCheck::none: return SSL_VERIFY_NONE;
        case PeerCheck::if_given: return SSL_VERIFY_PEER;
        case PeerCheck::required: return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    }
    return SSL_VERIFY_PEER;
}

void Context::Impl::ask_certificate(SSL* ssl_session) const {
    SSL_set_verify(ssl_session, verify_mode(), options.check == PeerCheck::if_given ? let_in : nullptr);
}

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
    if (context == nullptr) return tls_error(say({"không chuẩn bị được TLS", "cannot set up TLS"}));
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
        return tls_error(say(
            {"chứng thư và khóa riêng không khớp nhau", "the certificate and its private key do not fit together"}));
    if (!trust(context, options.trusted_pem))
        return tls_error(say({"không đọc được chứng thư gốc tin cậy nào", "no trusted authority could be read"}));
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

}  // namespace vg::tls
