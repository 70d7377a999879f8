#include "base/crypto.hpp"

#include <gtest/gtest.h>

using namespace vg;

TEST(Crypto, Sha256OfTheStandardsExample) {  // FIPS 180-2, "abc"
    EXPECT_EQ(crypto::to_hex(crypto::sha256(view_of("abc"))),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(crypto::sha256(view_of("a"), view_of("bc")), crypto::sha256(view_of("abc")));
}

TEST(Crypto, HmacOfTheStandardsExample) {  // RFC 4231, test case 2
    EXPECT_EQ(crypto::to_hex(crypto::hmac_sha256(view_of("Jefe"), view_of("what do ya want for nothing?"))),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Crypto, TextFormsRoundTrip) {
    for (std::size_t n = 0; n < 40; ++n) {
        const Bytes bytes = crypto::random_bytes(n);
        EXPECT_EQ(crypto::from_hex(crypto::to_hex(bytes)).value(), bytes);
        EXPECT_EQ(crypto::from_base64url(crypto::to_base64url(bytes)).value(), bytes);
    }
    EXPECT_TRUE(crypto::from_hex("0g").has_error());
    EXPECT_TRUE(crypto::from_base64url("a b").has_error());
}

TEST(Crypto, PasswordsAreArgon2id) {
    const auto encoded = crypto::hash_password("mật khẩu").value();
    EXPECT_EQ(encoded.rfind("$argon2id$", 0), 0U);
    EXPECT_TRUE(crypto::verify_password(encoded, "mật khẩu"));
    EXPECT_FALSE(crypto::verify_password(encoded, "mat khau"));
    EXPECT_FALSE(crypto::verify_password("nonsense", "mật khẩu"));
}
