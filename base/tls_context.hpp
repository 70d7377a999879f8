#pragma once
// What a TLS context and its streams share; OpenSSL's TLS is named in base/tls_*.cpp only.

#include "base/tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace vg::tls {

// With the reason that OpenSSL gave last, and forgets it.
[[nodiscard]] Error tls_error(const Text& what);
// Why a chain is not trusted (X509_V_ERR_...).
[[nodiscard]] Text words_of_verdict(long verdict);

struct FreeBio {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

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

    [[nodiscard]] int verify_mode() const;
    void ask_certificate(SSL* ssl_session) const;
};

}  // namespace vg::tls
