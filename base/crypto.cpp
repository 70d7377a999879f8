#include "base/crypto.hpp"

#include "base/text.hpp"

#include <argon2.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <stdexcept>

namespace vg::crypto {
namespace {

constexpr std::string_view base64url_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// OWASP's second recommended setting for Argon2id: 19 MiB, two passes, one lane.
constexpr std::uint32_t argon_passes = 2, argon_kib = 19 * 1024, argon_lanes = 1;

}  // namespace

Digest sha256(ByteView first, ByteView second) {
    Digest out{};
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
    EVP_DigestUpdate(context, first.data(), first.size());
    EVP_DigestUpdate(context, second.data(), second.size());
    EVP_DigestFinal_ex(context, out.data(), nullptr);
    EVP_MD_CTX_free(context);
    return out;
}

Digest sha256(ByteView data) { return sha256(data, {}); }

Digest hmac_sha256(ByteView key, ByteView data) {
    Digest out{};
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data.data(), data.size(), out.data(), nullptr);
    return out;
}

bool equal_constant_time(ByteView a, ByteView b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Bytes random_bytes(std::size_t n) {
    Bytes out(n);
    if (n > 0 && RAND_bytes(out.data(), static_cast<int>(n)) != 1)
        throw std::runtime_error("no random bytes from the system");
    return out;
}

std::uint64_t random_u64() {
    const Bytes bytes = random_bytes(8);
    return Reader(bytes).fixed64();
}

std::string random_text(std::size_t n) {
    std::string out;
    for (const auto byte : random_bytes(n)) out += "abcdefghijklmnopqrstuvwxyz234567"[byte & 31];
    return out;
}

std::string to_hex(ByteView data) {
    std::string out;
    out.reserve(data.size() * 2);
    for (const auto byte : data) {
        out += "0123456789abcdef"[byte >> 4];
        out += "0123456789abcdef"[byte & 15];
    }
    return out;
}

Result<Bytes> from_hex(std::string_view hex) {
    if (hex.size() % 2 != 0)
        return fail(Errc::invalid_input, say({"chuỗi thập lục phân cần số chữ số chẵn",
                                              "a hexadecimal text needs an even number of digits"}));
    Bytes out;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const int high = hex_digit(hex[i]), low = hex_digit(hex[i + 1]);
        if (high < 0 || low < 0)
            return fail(
                Errc::invalid_input,
                say({"ký tự thứ {} không phải chữ số thập lục phân", "not a hexadecimal digit at position {}"}, i));
        out.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return out;
}

std::string to_base64url(ByteView data) {
    std::string out;
    std::uint32_t bits = 0;
    int held = 0;
    for (const auto byte : data) {
        bits = (bits << 8) | byte;
        for (held += 8; held >= 6; held -= 6) out += base64url_letters[(bits >> (held - 6)) & 63];
    }
    if (held > 0) out += base64url_letters[(bits << (6 - held)) & 63];
    return out;
}

Result<Bytes> from_base64url(std::string_view text) {
    Bytes out;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : text) {
        const auto at = base64url_letters.find(c);
        if (at == std::string_view::npos)
            return fail(Errc::invalid_input, say({"không phải chuỗi base64url", "not a base64url text"}));
        bits = (bits << 6) | static_cast<std::uint32_t>(at);
        held += 6;
        if (held >= 8) {
            held -= 8;
            out.push_back(static_cast<std::uint8_t>(bits >> held));
        }
    }
    return out;
}

Result<std::string> hash_password(std::string_view password) {
    const Bytes salt = random_bytes(16);
    std::string out(argon2_encodedlen(argon_passes, argon_kib, argon_lanes, 16, 32, Argon2_id), '\0');
    const int rc = argon2id_hash_encoded(argon_passes, argon_kib, argon_lanes, password.data(), password.size(),
                                         salt.data(), salt.size(), 32, out.data(), out.size());
    if (rc != ARGON2_OK)
        return fail(Errc::internal,
                    say({"không băm được mật khẩu: {}", "cannot hash the password: {}"}, argon2_error_message(rc)));
    out.resize(out.find('\0') == std::string::npos ? out.size() : out.find('\0'));
    return out;
}

bool verify_password(std::string_view encoded, std::string_view password) {
    return argon2id_verify(std::string(encoded).c_str(), password.data(), password.size()) == ARGON2_OK;
}

}  // namespace vg::crypto
