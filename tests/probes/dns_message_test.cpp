#include "probes/dns/message.hpp"
#include "tests/probes/name_server.hpp"

namespace vg::probes::dns {
namespace {

using probes::testing::MessageBytes;

MessageBytes reply_header(unsigned answers, unsigned flags = 0x8180) {
    MessageBytes out;
    out.u16(7).u16(flags).u16(1).u16(answers).u16(0).u16(0).name("www.Xa.vn").u16(1).u16(1);
    return out;
}

TEST(DnsMessage, AQuestionIsTheBytesOfRfc1035) {
    const auto question = write_question(0x1234, "Xa.vn.", Type::aaaa);
    ASSERT_TRUE(question);
    EXPECT_EQ(*question, (Bytes{0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 'x', 'a', 2, 'v', 'n', 0, 0, 28, 0, 1}));
}

TEST(DnsMessage, NamesThatDnsCannotCarryAreRefused) {
    for (const auto& name : {std::string(), std::string("."), std::string("a..b"), std::string(".a"),
                             std::string(64, 'a'), std::string(300, 'a')})
        EXPECT_FALSE(write_question(1, name, Type::a)) << name;
    EXPECT_TRUE(write_question(1, std::string(63, 'a'), Type::a));
}

TEST(DnsMessage, EachTypeIsReadAsPeopleWriteIt) {
    auto bytes = reply_header(6);
    bytes.record(1, {10, 1, 0, 1});
    bytes.record(28, {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    bytes.record(15, {0, 10, 4, 'm', 'a', 'i', 'l', 0xc0, 16});
    bytes.record(16, {2, 'h', 'i', 1, '!'});
    bytes.record(12, {2, 'p', 'c', 0});
    bytes.record(99, {1, 2, 3});
    const auto reply = read_reply(bytes.bytes);
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ(reply->question, "www.xa.vn");
    ASSERT_EQ(reply->answers.size(), 6u);
    EXPECT_EQ(reply->answers[0].value, "10.1.0.1");
    EXPECT_EQ(reply->answers[0].name, "www.xa.vn");
    EXPECT_EQ(reply->answers[0].ttl, 60u);
    EXPECT_EQ(reply->answers[1].value, "2001:db8::1");
    EXPECT_EQ(reply->answers[2].value, "10 mail.xa.vn");
    EXPECT_EQ(reply->answers[3].value, "hi!");
    EXPECT_EQ(reply->answers[4].value, "pc");
    EXPECT_EQ(reply->answers[5].value, "");
}

TEST(DnsMessage, AliasesAreFollowedToTheAddress) {
    Reply reply;
    reply.answers = {
        {"www.xa.vn", 5, 60, "web.tinh.vn"}, {"web.tinh.vn", 1, 60, "10.0.0.9"}, {"other.vn", 1, 60, "10.6.6.6"}};
    EXPECT_EQ(answers_for(reply, "WWW.xa.vn.", Type::a), std::vector<std::string>{"10.0.0.9"});
    EXPECT_TRUE(answers_for(reply, "nobody.vn", Type::a).empty());
    reply.answers = {{"a.vn", 5, 60, "b.vn"}, {"b.vn", 5, 60, "a.vn"}};
    EXPECT_TRUE(answers_for(reply, "a.vn", Type::a).empty()) << "a circle ends";
}

TEST(DnsMessage, EveryCutIsAnErrorOrAReplyAndNeverACrash) {
    auto bytes = reply_header(2);
    bytes.record(1, {10, 1, 0, 1}).record(15, {0, 10, 4, 'm', 'a', 'i', 'l', 0xc0, 16});
    for (std::size_t size = 0; size < bytes.bytes.size(); ++size)
        EXPECT_FALSE(read_reply(ByteView(bytes.bytes).first(size))) << size;
    EXPECT_TRUE(read_reply(bytes.bytes));
}

TEST(DnsMessage, PointersThatRunInCirclesEnd) {
    MessageBytes self;
    self.u16(7).u16(0x8180).u16(1).u16(0).u16(0).u16(0).raw({0xc0, 12}).u16(1).u16(1);
    EXPECT_FALSE(read_reply(self.bytes));
    MessageBytes forward;
    forward.u16(7).u16(0x8180).u16(1).u16(0).u16(0).u16(0).raw({0xc0, 14, 0xc0, 12}).u16(1).u16(1);
    EXPECT_FALSE(read_reply(forward.bytes));
}

TEST(DnsMessage, AQuestionIsNotAReply) {
    EXPECT_FALSE(read_reply(*write_question(7, "xa.vn", Type::a)));
    EXPECT_TRUE(read_reply(reply_header(0, 0x8380).bytes)->is_truncated);
    EXPECT_EQ(read_reply(reply_header(0, 0x8183).bytes)->rcode, rcode_no_such_name);
}

}  // namespace
}  // namespace vg::probes::dns
