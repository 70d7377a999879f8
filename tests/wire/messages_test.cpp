#include "wire/messages.hpp"

#include "wire/limits.hpp"
#include "wire/refuse_words.hpp"

#include <gmock/gmock.h>

#include <random>

namespace vg::wire {
namespace {

using ::testing::HasSubstr;

BootInfo some_boot() { return {"0123456789abcdef0123456789abcdef", 1'790'000'000'000, 90'000, 1'790'000'000'123, 40}; }

// Encoding what was decoded gives the same bytes again: nothing was lost on the way. Every shorter payload and one more
// byte are refused, and damage never does worse than that.
template <class M>
M survives(const M& message) {
    const auto bytes = encode(message);
    const auto back = decode<M>(bytes);
    EXPECT_TRUE(back) << back.error().message;
    if (!back) return message;
    EXPECT_EQ(encode(*back), bytes);
    auto longer = bytes;
    longer.push_back(0);
    if constexpr (!std::is_same_v<M, Batch>) {
        for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
            const auto shorter = decode<M>(ByteView(bytes).first(cut));
            EXPECT_FALSE(shorter) << cut;
            if (!shorter) { EXPECT_THAT(shorter.error().message, HasSubstr("offset")); }
        }
        EXPECT_FALSE(decode<M>(longer));
    }
    std::mt19937_64 chance(5);
    for (int round = 0; round < 500 && !bytes.empty(); ++round) {
        auto damaged = bytes;
        damaged[chance() % damaged.size()] = static_cast<std::uint8_t>(chance());
        (void)decode<M>(damaged);
    }
    return *back;
}

TEST(Messages, HelloComesBack) {
    const auto back = survives(
        Hello{1,
              "vonggac-agent 0.1.0",
              "ha01-pc2",
              0xfedcba9876543210,
              1007,
              40,
              "a1b2",
              some_boot(),
              90'000,
              60'000,
              {{{5, 9}, BatchClass::samples, 812, "spool_full"}, {{12, 12}, BatchClass::events, 1, "spool_full"}}});
    EXPECT_EQ(back.spool_epoch, 0xfedcba9876543210);
    EXPECT_EQ(back.boot.boot_id, some_boot().boot_id);
    EXPECT_EQ(back.boot.corrected_at_zero_ms, some_boot().corrected_at_zero_ms);
    EXPECT_EQ(back.began_ms, 60'000);
    ASSERT_EQ(back.lost.size(), 2U);
    EXPECT_EQ(back.lost[1].seqs, (SeqRange{12, 12}));
    EXPECT_EQ(back.lost[1].reason, "spool_full");
}

TEST(Messages, TheOthersComeBack) {
    EXPECT_EQ(survives(Welcome{1, 40, 1'790'000'000'000, {{3, 4}, {9, 9}}}).missing.size(), 2U);
    EXPECT_EQ(survives(Batch{77, BatchClass::facts, {}, 1234, {1, 2, 3}}).body, (Bytes{1, 2, 3}));
    EXPECT_EQ(survives(Batch{1, BatchClass::samples, some_boot(), 99, {}}).boot.error_ms, 40);
    EXPECT_THAT(survives(Ack{{5, 6, 9, 2}, 1'790'000'000'000, 12}).seqs, ::testing::ElementsAre(5, 6, 9, 2));
    EXPECT_EQ(survives(Heartbeat{1, 2, 3, 4, 5, 1, 300'000}).next_in_ms, 300'000U);
    EXPECT_EQ(survives(Pulse{-5, 7}).mono_ms_echo, -5);
    EXPECT_EQ(survives(Names{3, {{"icmp.rtt_min", "hop", "ms"}, {"icmp.rtt_max", "hop", "ms"}}}).names[1].metric,
              "icmp.rtt_max");
    EXPECT_EQ(survives(Assignment{"hash", std::string(20'000, 'y')}).yaml.size(), 20'000U);
    EXPECT_EQ(survives(Refuse{RefuseCode::batch_conflict, "why", 9, 500}).seq, 9U);
    EXPECT_FALSE(survives(Refuse{RefuseCode::overloaded, "", std::nullopt, 0}).seq);
    const auto words = in_words(Refuse{RefuseCode::key_in_use, "another machine uses this key now", {}, 0});
    EXPECT_EQ(words.en, "another machine uses this key now");
    EXPECT_EQ(words.vi.find("một máy khác đang dùng khóa này"), 0U);
    EXPECT_TRUE(in_words(Refuse{RefuseCode::overloaded, "", {}, 0}).is_whole());
    EXPECT_EQ(survives(Enrol{"secret", std::string(900, 'p'), "pc", "id"}).host_name, "pc");
    EXPECT_EQ(survives(Renew{"pem"}).request_pem, "pem");
    EXPECT_EQ(survives(Certificate{"0011223344556677", "chain", "authority"}).authority_pem, "authority");
    EXPECT_EQ(survives(Bye{"restart"}).reason, "restart");
}

TEST(Messages, ABootIdThatIsNotHexIsKeptAsItIs) {
    EXPECT_EQ(survives(Batch{1, BatchClass::events, {"BOOT", 0, 0, std::nullopt, 0}, 0, {}}).boot.boot_id, "BOOT");
}

TEST(Messages, AnotherVersionIsReadAsFarAsItsNumber) {
    const auto hello = decode<Hello>(Bytes{2, 0xff, 0xff});
    ASSERT_TRUE(hello);
    EXPECT_EQ(hello->version, 2U);
}

TEST(Messages, ErrorsNameTheFieldAndTheOffset) {
    const auto batch = decode<Batch>(Bytes{0, 3});
    ASSERT_FALSE(batch);
    EXPECT_EQ(batch.error().message, "batch: seq is zero (offset 1)");
    const auto refuse = decode<Refuse>(Bytes{99, 0, 0, 0});
    ASSERT_FALSE(refuse);
    EXPECT_THAT(refuse.error().message, HasSubstr("code is unknown"));
}

TEST(Messages, EveryRefusalHasAName) {
    EXPECT_STREQ(to_string(RefuseCode::key_in_use), "key_in_use");
    EXPECT_STREQ(to_string(static_cast<RefuseCode>(250)), "unknown");
}

TEST(Token, IsReadAsPeopleCopyIt) {
    const Token token{"0123456789abcdef0123456789abcdef", "abcdefgh234567"};
    const auto back = parse_token("  " + to_string(token) + "\r\n");
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->authority_sha256_prefix_hex, token.authority_sha256_prefix_hex);
    EXPECT_EQ(back->secret, token.secret);
}

TEST(Token, WhatIsNotOneIsRefused) {
    for (const char* text : {"", "   ", "vg2.0123456789abcdef0123456789abcdef.abc", "vg1.0123.abc",
                             "vg1.0123456789abcdef0123456789abcdef", "vg1.0123456789abcdef0123456789abcdef.",
                             "vg1.0123456789abcdef0123456789abcdefXabc", "vg1.0123456789abcdef0123456789abcdef.a b"})
        EXPECT_FALSE(parse_token(text)) << text;
}

}  // namespace
}  // namespace vg::wire
