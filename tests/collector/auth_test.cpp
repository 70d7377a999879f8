#include "collector/auth/accounts.hpp"
#include "collector/tokens.hpp"

#include <gtest/gtest.h>

namespace vg::collector {
namespace {

using namespace std::chrono_literals;

const Time noon{Millis(1'795'000'000'000)};

std::unique_ptr<Store> memory() { return open_sqlite_store(":memory:").value(); }

TEST(Throttle, waits_double_and_are_forgotten) {
    auth::Throttle throttle;
    for (int i = 0; i < 5; ++i) {
        EXPECT_FALSE(throttle.wait("a", "x", noon));
        throttle.failed("a", "x", noon);
    }
    EXPECT_EQ(throttle.wait("a", "x", noon), Millis(1s));
    EXPECT_FALSE(throttle.wait("b", "x", noon)) << "the address has its own measure";
    throttle.failed("a", "x", noon + 1s);
    EXPECT_EQ(throttle.wait("a", "y", noon + 1s), Millis(2s));
    EXPECT_FALSE(throttle.wait("a", "x", noon + 3s));
    EXPECT_FALSE(throttle.wait("a", "x", noon + 1h));
}

TEST(Throttle, an_address_that_tries_many_names_waits_too) {
    auth::Throttle throttle;
    for (int i = 0; i < 30; ++i) throttle.failed("user" + std::to_string(i), "x", noon);
    EXPECT_TRUE(throttle.wait("fresh", "x", noon));
    EXPECT_FALSE(throttle.wait("fresh", "y", noon));
}

TEST(Tokens, are_used_as_often_as_said_and_expire) {
    const auto store = memory();
    const NewToken wanted{"TM01", 2, 1h, "test"};
    const auto text = make_enrolment_token(*store, wanted, std::string(32, 'a'), noon).value();
    const auto secret = wire::parse_token(text).value().secret;
    EXPECT_EQ(redeem_enrolment_token(*store, "other", noon)->refusal, wire::RefuseCode::token_unknown);
    EXPECT_EQ(redeem_enrolment_token(*store, secret, noon)->site, "TM01");
    EXPECT_EQ(redeem_enrolment_token(*store, secret, noon + 2h)->refusal, wire::RefuseCode::token_expired);
    EXPECT_TRUE(redeem_enrolment_token(*store, secret, noon)->ok);
    EXPECT_EQ(redeem_enrolment_token(*store, secret, noon)->refusal, wire::RefuseCode::token_used_up);
    for (const auto& document : *store->documents("enrolment_tokens"))
        EXPECT_EQ((document.id + document.text).find(secret), std::string::npos) << "only the hash is kept";
}

TEST(Tokens, of_the_api_carry_a_role_and_expire) {
    const auto store = memory();
    const auto text = make_api_token(*store, "operator", "test", "lab", 1h, noon).value();
    EXPECT_EQ(find_api_token(*store, text, noon)->value().role, "operator");
    EXPECT_FALSE(find_api_token(*store, text, noon + 2h)->has_value());
    EXPECT_FALSE(find_api_token(*store, text + "x", noon)->has_value());
}

TEST(Accounts, the_first_administrator_is_made_once) {
    const auto store = memory();
    const auto password = auth::make_first_administrator(*store, noon).value();
    ASSERT_TRUE(password);
    EXPECT_FALSE(auth::make_first_administrator(*store, noon).value());
    const auto accounts = auth::Accounts::load(*store, noon).value();
    EXPECT_TRUE(crypto::verify_password(accounts.user("admin")->password_hash, *password));
}

TEST(Accounts, nobody_is_replaced_or_raised_by_oversight) {
    const auto store = memory();
    const auto made = auth::make_user(*store, {"lan", std::nullopt, false}, noon).value();
    EXPECT_EQ(made.user.role, auth::Role::auditor) << "the least, unless another is named";
    EXPECT_FALSE(made.was_there);
    for (const char* name : {"", "a b", "Lan", "trà my"})
        EXPECT_EQ(auth::make_user(*store, {name, std::nullopt, false}, noon).error().code, Errc::invalid_input) << name;
    const auto again = auth::make_user(*store, {"lan", auth::Role::administrator, false}, noon);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::conflict);
    auto accounts = auth::Accounts::load(*store, noon).value();
    EXPECT_EQ(accounts.user("lan")->role, auth::Role::auditor);
    EXPECT_TRUE(crypto::verify_password(accounts.user("lan")->password_hash, made.password));

    auto officer = *accounts.user("lan");
    officer.role = auth::Role::officer;
    officer.unit = "20900";
    ASSERT_TRUE(accounts.put_user(*store, officer));
    const auto reset = auth::make_user(*store, {"lan", std::nullopt, true}, noon + 1h).value();
    EXPECT_TRUE(reset.was_there);
    accounts = auth::Accounts::load(*store, noon + 1h).value();
    EXPECT_EQ(accounts.user("lan")->role, auth::Role::officer) << "as it was";
    EXPECT_EQ(accounts.user("lan")->unit, "20900");
    EXPECT_EQ(accounts.user("lan")->made, noon);
    EXPECT_TRUE(crypto::verify_password(accounts.user("lan")->password_hash, reset.password));
    EXPECT_FALSE(crypto::verify_password(accounts.user("lan")->password_hash, made.password));
    ASSERT_TRUE(auth::make_user(*store, {"lan", auth::Role::operator_, true}, noon + 1h));
    accounts = auth::Accounts::load(*store, noon + 1h).value();
    EXPECT_EQ(accounts.user("lan")->role, auth::Role::operator_);
    EXPECT_EQ(accounts.user("lan")->unit, "");
}

TEST(Accounts, sessions_survive_a_restart_and_end) {
    const auto store = memory();
    auto accounts = auth::Accounts::load(*store, noon).value();
    ASSERT_TRUE(accounts.put_user(*store, {"u", auth::Role::auditor, "", "hash", noon, false}));
    const auto session = accounts.open_session(*store, "u", noon).value();
    auto later = auth::Accounts::load(*store, noon + 1h).value();
    EXPECT_EQ(later.principal(session.secret, noon + 1h)->user, "u");
    EXPECT_FALSE(later.principal(session.secret, noon + 14h)) << "idle";
    EXPECT_FALSE(later.principal("guess", noon));
    ASSERT_TRUE(later.set_password(*store, "u", "other", false, ""));
    EXPECT_FALSE(later.principal(session.secret, noon + 1h)) << "a new password ends it";
}

}  // namespace
}  // namespace vg::collector
