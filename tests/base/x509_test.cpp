#include "base/x509.hpp"

#include <gtest/gtest.h>

using namespace vg;
using namespace std::chrono_literals;

namespace {
const Time now = system_clock().wall();
}

TEST(X509, TheAuthoritySignsTheRequestedKeyUnderItsOwnNames) {
    const auto authority = x509::make_authority("CA", now - 1h, now + 24h).value();
    const auto key = x509::make_key().value();
    const auto request = x509::make_request(key.private_pem, "whoever I like").value();
    const auto pem = x509::sign(authority, request, {"agent-1", {}, x509::Usage::client, now - 1min, now + 1h}).value();
    const auto info = x509::inspect(pem).value();
    EXPECT_EQ(info.subject_cn, "agent-1");
    EXPECT_EQ(info.key_sha256_hex, key.public_der_sha256_hex);
    EXPECT_EQ(x509::request_key_sha256(request).value(), key.public_der_sha256_hex);
    EXPECT_EQ(std::chrono::floor<std::chrono::seconds>(info.not_after),
              std::chrono::floor<std::chrono::seconds>(now + 1h));
}

TEST(X509, RefusesWhatIsNoRequest) {
    const auto authority = x509::make_authority("CA", now, now + 1h).value();
    EXPECT_TRUE(x509::sign(authority, "nonsense", {}).has_error());
    EXPECT_TRUE(x509::inspect("").has_error());
}

TEST(X509, SealsHoldOnlyForTheSameBytes) {
    const auto authority = x509::make_authority("CA", now, now + 1h).value();
    const auto seal = x509::sign_data(authority.private_pem, view_of("head of the day")).value();
    EXPECT_TRUE(x509::verify_data(authority.certificate_pem, view_of("head of the day"), seal));
    EXPECT_FALSE(x509::verify_data(authority.certificate_pem, view_of("head of the dax"), seal));
}
