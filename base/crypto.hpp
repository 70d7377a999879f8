#pragma once
// Hashes, random bytes, passwords and their text forms. OpenSSL and Argon2 are named in crypto.cpp only.
// All functions may be called from any thread.

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <array>
#include <string>
#include <string_view>

namespace vg::crypto {

using Digest = std::array<std::uint8_t, 32>;  // SHA-256

[[nodiscard]] Digest sha256(ByteView data);
[[nodiscard]] Digest sha256(ByteView first, ByteView second);  // of the two, one after the other
[[nodiscard]] Digest hmac_sha256(ByteView key, ByteView data);
[[nodiscard]] bool equal_constant_time(ByteView a, ByteView b);

[[nodiscard]] Bytes random_bytes(std::size_t n);
[[nodiscard]] std::uint64_t random_u64();
// n characters of [a-z2-7], each 5 bits of chance.
[[nodiscard]] std::string random_text(std::size_t n);

[[nodiscard]] std::string to_hex(ByteView data);
[[nodiscard]] Result<Bytes> from_hex(std::string_view hex);
[[nodiscard]] std::string to_base64url(ByteView data);  // without padding (RFC 4648 §5)
[[nodiscard]] Result<Bytes> from_base64url(std::string_view text);

// Argon2id in its encoded form ("$argon2id$v=19$m=...,t=...,p=1$salt$hash", RFC 9106); takes tens of milliseconds.
[[nodiscard]] Result<std::string> hash_password(std::string_view password);
[[nodiscard]] bool verify_password(std::string_view encoded, std::string_view password);

}  // namespace vg::crypto
