#pragma once
// Keys (ECDSA P-256) and X.509 certificates (RFC 5280): what an own small authority needs. Plain values in PEM; OpenSSL
// is named in x509.cpp and tls_*.cpp only. Functions may be called from any thread.

#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "base/result.hpp"

#include <string>
#include <vector>

namespace vg::x509 {

struct KeyPair {
    std::string private_pem;            // secret: mode 0600 on disk, never in a log
    std::string public_der_sha256_hex;  // names the key
};
struct Identity {  // a key with the certificate that speaks for it
    std::string private_pem;
    std::string certificate_pem;  // leaf first, then issuers
};
struct CertificateInfo {
    std::string subject_cn;
    std::string serial_hex;
    std::string fingerprint_sha256_hex;  // of the whole certificate
    std::string key_sha256_hex;          // of its public key
    std::vector<std::string> dns_names;  // and addresses, in text
    Time not_before{};
    Time not_after{};
};

[[nodiscard]] Result<KeyPair> make_key();
[[nodiscard]] Result<std::string> make_request(const std::string& private_pem,
                                               const std::string& common_name);  // PKCS#10 PEM, RFC 2986
// Checks the request's own signature; gives the hash of the key that it asks for.
[[nodiscard]] Result<std::string> request_key_sha256(const std::string& request_pem);

[[nodiscard]] Result<Identity> make_authority(const std::string& common_name, Time from, Time until);
enum class Usage { server, client };
struct Leaf {
    std::string common_name;
    std::vector<std::string> dns_names;  // server names; an address in text is written as an IP name
    Usage usage = Usage::client;
    Time from{};
    Time until{};
};
// Signs the request's key under the leaf's names (names inside the request are ignored). Gives the certificate alone,
// PEM.
[[nodiscard]] Result<std::string> sign(const Identity& authority, const std::string& request_pem, const Leaf& leaf);
[[nodiscard]] Result<CertificateInfo> inspect(const std::string& certificate_pem);  // of the first certificate

// ECDSA-SHA256 over data, DER signature: daily seals.
[[nodiscard]] Result<Bytes> sign_data(const std::string& private_pem, ByteView data);
[[nodiscard]] bool verify_data(const std::string& certificate_pem, ByteView data, ByteView signature);

}  // namespace vg::x509
