#include "base/x509.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <memory>

namespace vg::x509 {
namespace {

template <auto F>
struct Free {
    template <class T>
    void operator()(T* p) const {
        F(p);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Request = std::unique_ptr<X509_REQ, Free<X509_REQ_free>>;
using Cert = std::unique_ptr<::X509, Free<X509_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;

// With the reason that OpenSSL gave first, and forgets it.
Error ssl_error(const Text& what) {
    const auto code = ERR_get_error();
    ERR_clear_error();
    if (code == 0) return fail(Errc::invalid_input, what);
    char text[160] = "";
    ERR_error_string_n(code, text, sizeof text);
    return fail(Errc::invalid_input, because(what, value_of(text)));
}

Bio reading(const std::string& pem) { return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

std::string text_of_bio(BIO* bio) {
    char* data = nullptr;
    const long n = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(n)};
}

Key read_key(const std::string& pem) {
    return Key(PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, nullptr, nullptr));
}
Cert read_certificate(const std::string& pem) {
    return Cert(PEM_read_bio_X509(reading(pem).get(), nullptr, nullptr, nullptr));
}
Request read_request(const std::string& pem) {
    return Request(PEM_read_bio_X509_REQ(reading(pem).get(), nullptr, nullptr, nullptr));
}

std::string key_hash(EVP_PKEY* key) {
    unsigned char* der = nullptr;
    const int n = i2d_PUBKEY(key, &der);
    if (n <= 0) return {};
    auto hex = crypto::to_hex(crypto::sha256(ByteView(der, static_cast<std::size_t>(n))));
    OPENSSL_free(der);
    return hex;
}

Time time_of(const ASN1_TIME* at) {
    std::tm tm{};
    ASN1_TIME_to_tm(at, &tm);
    return Time{std::chrono::seconds{timegm(&tm)}};
}

void set_time(ASN1_TIME* into, Time at) {
    ASN1_TIME_set(into, std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
}

bool add_extension(::X509* cert, ::X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    if (extension == nullptr) return false;
    const bool added = X509_add_ext(cert, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

void set_common_name(X509_NAME* name, const std::string& text) {
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
                               static_cast<int>(text.size()), -1, 0);
}

// A certificate with everything but its extensions, issuer and signature.
Cert blank(const std::string& common_name, EVP_PKEY* key, Time from, Time until) {
    Cert cert(X509_new());
    X509_set_version(cert.get(), X509_VERSION_3);
    Bytes serial = crypto::random_bytes(16);
    serial[0] &= 0x7f;
    BIGNUM* number = BN_bin2bn(serial.data(), 16, nullptr);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert.get()));
    BN_free(number);
    set_time(X509_getm_notBefore(cert.get()), from);
    set_time(X509_getm_notAfter(cert.get()), until);
    set_common_name(X509_get_subject_name(cert.get()), common_name);
    X509_set_pubkey(cert.get(), key);
    return cert;
}

std::string pem_of(::X509* cert) {
    Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), cert);
    return text_of_bio(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
    Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return text_of_bio(bio.get());
}

// "DNS:a,IP:10.0.0.1" as OpenSSL's configuration wants it. Names come from our own configuration; commas would split.
Result<std::string> alternative_names(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names) {
        if (name.empty() || name.find_first_of(",\n\r\\\"") != std::string::npos)
            return fail(Errc::invalid_input, say({"'{}' không phải tên máy chủ", "'{}' is not a server name"}, name));
        boost::system::error_code not_address;
        boost::asio::ip::make_address(name, not_address);
        out += (out.empty() ? "" : ",") + std::string(not_address ? "DNS:" : "IP:") + name;
    }
    return out;
}

std::string address_of(const ASN1_OCTET_STRING& bytes) {
    namespace ip = boost::asio::ip;
    const auto fill = [&](auto raw) {
        std::copy_n(ASN1_STRING_get0_data(&bytes), raw.size(), raw.begin());
        return raw;
    };
    switch (ASN1_STRING_length(&bytes)) {
        case 4: return ip::address_v4(fill(ip::address_v4::bytes_type())).to_string();
        case 16: return ip::address_v6(fill(ip::address_v6::bytes_type())).to_string();
        default: return {};
    }
}

std::vector<std::string> dns_names_of(::X509* cert) {
    std::vector<std::string> out;
    auto* names = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(cert, NID_subject_alt_name, nullptr, nullptr));
    for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
        if (name->type == GEN_DNS)
            out.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                             static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
        if (name->type == GEN_IPADD)
            if (auto text = address_of(*name->d.iPAddress); !text.empty()) out.push_back(std::move(text));
    }
    GENERAL_NAMES_free(names);
    return out;
}

}  // namespace

Result<KeyPair> make_key() {
    Key key(EVP_EC_gen("P-256"));
    if (!key) return ssl_error(say({"không tạo được khóa", "cannot make a key"}));
    return KeyPair{pem_of(key.get()), key_hash(key.get())};
}

Result<std::string> make_request(const std::string& private_pem, const std::string& common_name) {
    Key key = read_key(private_pem);
    if (!key) return ssl_error(say({"không đọc được khóa riêng", "the private key cannot be read"}));
    Request request(X509_REQ_new());
    X509_REQ_set_version(request.get(), 0);
    set_common_name(X509_REQ_get_subject_name(request.get()), common_name);
    X509_REQ_set_pubkey(request.get(), key.get());
    if (X509_REQ_sign(request.get(), key.get(), EVP_sha256()) == 0)
        return ssl_error(say({"không ký được yêu cầu cấp chứng thư", "cannot sign the certificate request"}));
    Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509_REQ(bio.get(), request.get());
    return text_of_bio(bio.get());
}

Result<std::string> request_key_sha256(const std::string& request_pem) {
    Request request = read_request(request_pem);
    if (!request)
        return ssl_error(say({"không đọc được yêu cầu cấp chứng thư", "the certificate request cannot be read"}));
    EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
    if (key == nullptr || X509_REQ_verify(request.get(), key) != 1)
        return ssl_error(say({"yêu cầu cấp chứng thư không được ký bằng chính khóa của nó",
                              "the certificate request is not signed by its own key"}));
    return key_hash(key);
}

Result<Identity> make_authority(const std::string& common_name, Time from, Time until) {
    Key key(EVP_EC_gen("P-256"));
    if (!key) return ssl_error(say({"không tạo được khóa của cơ quan chứng thực", "cannot make the authority's key"}));
    Cert cert = blank(common_name, key.get(), from, until);
    X509_set_issuer_name(cert.get(), X509_get_subject_name(cert.get()));
    const bool extended = add_extension(cert.get(), cert.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                          add_extension(cert.get(), cert.get(), NID_key_usage, "critical,keyCertSign,cRLSign") &&
                          add_extension(cert.get(), cert.get(), NID_subject_key_identifier, "hash");
    if (!extended || X509_sign(cert.get(), key.get(), EVP_sha256()) == 0)
        return ssl_error(
            say({"không tạo được chứng thư của cơ quan chứng thực", "cannot make the authority's certificate"}));
    return Identity{pem_of(key.get()), pem_of(cert.get())};
}

Result<std::string> sign(const Identity& authority, const std::string& request_pem, const Leaf& leaf) {
    Key key = read_key(authority.private_pem);
    Cert issuer = read_certificate(authority.certificate_pem);
    if (!key || !issuer)
        return ssl_error(say({"không đọc được khóa hoặc chứng thư của cơ quan chứng thực",
                              "the authority's key or certificate cannot be read"}));
    if (auto asked = request_key_sha256(request_pem); asked.has_error()) return asked.error();
    Request request = read_request(request_pem);
    Cert cert = blank(leaf.common_name, X509_REQ_get0_pubkey(request.get()), leaf.from, leaf.until);
    X509_set_issuer_name(cert.get(), X509_get_subject_name(issuer.get()));
    auto names = alternative_names(leaf.dns_names);
    if (names.has_error()) return names.error();
    const char* usage = leaf.usage == Usage::server ? "serverAuth" : "clientAuth";
    bool extended = add_extension(cert.get(), issuer.get(), NID_basic_constraints, "critical,CA:FALSE") &&
                    add_extension(cert.get(), issuer.get(), NID_key_usage, "critical,digitalSignature") &&
                    add_extension(cert.get(), issuer.get(), NID_ext_key_usage, usage) &&
                    add_extension(cert.get(), issuer.get(), NID_subject_key_identifier, "hash") &&
                    add_extension(cert.get(), issuer.get(), NID_authority_key_identifier, "keyid:always");
    if (!names->empty()) extended = extended && add_extension(cert.get(), issuer.get(), NID_subject_alt_name, *names);
    if (!extended || X509_sign(cert.get(), key.get(), EVP_sha256()) == 0)
        return ssl_error(say({"không ký được chứng thư", "cannot sign the certificate"}));
    return pem_of(cert.get());
}

Result<CertificateInfo> inspect(const std::string& certificate_pem) {
    Cert cert = read_certificate(certificate_pem);
    if (!cert) return ssl_error(say({"không đọc được chứng thư", "the certificate cannot be read"}));
    CertificateInfo info;
    char name[256] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(cert.get()), NID_commonName, name, sizeof name);
    info.subject_cn = name;
    BIGNUM* serial = ASN1_INTEGER_to_BN(X509_get0_serialNumber(cert.get()), nullptr);
    char* hex = BN_bn2hex(serial);
    info.serial_hex = hex != nullptr ? hex : "";
    OPENSSL_free(hex);
    BN_free(serial);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    X509_digest(cert.get(), EVP_sha256(), digest, &size);
    info.fingerprint_sha256_hex = crypto::to_hex(ByteView(digest, size));
    info.key_sha256_hex = key_hash(X509_get0_pubkey(cert.get()));
    info.dns_names = dns_names_of(cert.get());
    info.not_before = time_of(X509_get0_notBefore(cert.get()));
    info.not_after = time_of(X509_get0_notAfter(cert.get()));
    return info;
}

Result<Bytes> sign_data(const std::string& private_pem, ByteView data) {
    Key key = read_key(private_pem);
    if (!key) return ssl_error(say({"không đọc được khóa riêng", "the private key cannot be read"}));
    std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
    std::size_t size = 0;
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &size, data.data(), data.size()) != 1)
        return ssl_error(say({"không ký được", "cannot sign"}));
    Bytes out(size);
    if (EVP_DigestSign(context.get(), out.data(), &size, data.data(), data.size()) != 1)
        return ssl_error(say({"không ký được", "cannot sign"}));
    out.resize(size);
    return out;
}

bool verify_data(const std::string& certificate_pem, ByteView data, ByteView signature) {
    Cert cert = read_certificate(certificate_pem);
    if (!cert) return false;
    std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
    const bool good =
        EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, X509_get0_pubkey(cert.get())) == 1 &&
        EVP_DigestVerify(context.get(), signature.data(), signature.size(), data.data(), data.size()) == 1;
    ERR_clear_error();
    return good;
}

}  // namespace vg::x509
