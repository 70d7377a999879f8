// What agents may do, and how each thing that they may not do is refused: over real TLS, counted, and without harm to
// a good neighbour.
#include "tests/collector/house.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>

namespace vg::collector::test {
namespace {

using wire::FrameType;
using wire::RefuseCode;

class Sessions : public testing::Test {
protected:
    static FrameLimits quick() {
        FrameLimits limits;
        limits.hello = std::chrono::seconds(1);
        limits.frame = std::chrono::seconds(1);
        return limits;
    }
    ScriptedAgent agent(const Credentials& who) {
        return ScriptedAgent(house.listener->port(), house.authority->certificate_pem(), who.identity);
    }
    // A neighbour that must not notice anything.
    void neighbour_works() {
        auto other = agent(good);
        ASSERT_TRUE(other.greet(hello(first_boot, next_epoch)));
        ASSERT_TRUE(other.say(FrameType::names, names()));
        ASSERT_TRUE(other.say(FrameType::batch, samples(1)));
        const auto ack = other.hear<wire::Ack>(FrameType::ack);
        ASSERT_TRUE(ack);
        EXPECT_EQ(ack->seqs, std::vector<std::uint64_t>{1});
        ++next_epoch;
    }
    void expect_refusal(ScriptedAgent& from, RefuseCode code) {
        EXPECT_EQ(from.refusal(), code);
        EXPECT_GE(house.counters.refusals(code), 1u);
        neighbour_works();
    }

    House house{quick()};
    Credentials good = enrolled(house);
    std::uint64_t next_epoch = 1000;
};

TEST_F(Sessions, CommitsThenAcksAndKnowsTheSamples) {
    auto a = agent(good);
    const auto welcome = a.greet(hello());
    ASSERT_TRUE(welcome);
    EXPECT_EQ(welcome->names_known, 0u);
    EXPECT_TRUE(a.hear<wire::Assignment>(FrameType::assignment));
    ASSERT_TRUE(a.say(FrameType::names, names()));
    for (std::uint64_t seq = 1; seq <= 5; ++seq) ASSERT_TRUE(a.say(FrameType::batch, samples(seq)));
    std::size_t acked = 0;
    while (acked < 5) {
        const auto ack = a.hear<wire::Ack>(FrameType::ack);
        ASSERT_TRUE(ack);
        EXPECT_NEAR(static_cast<double>(ack->corrected_at_zero_ms + 1'000'000),
                    static_cast<double>(system_clock().wall().time_since_epoch().count()), 5'000);
        EXPECT_GT(ack->error_ms, 0);
        acked += ack->seqs.size();
    }
    const auto points = house.in_pipeline([&](Pipeline& p) {
        const auto series = p.store().series({.agent = good.id}).value();
        return p.store().read(series.at(0).key, Time{}, Time::max(), 0).value();
    });
    EXPECT_EQ(points.size(), 10u);
}

TEST_F(Sessions, AReplayedBatchIsAckedAndKeptOnce) {
    auto a = agent(good);
    ASSERT_TRUE(a.greet(hello()));
    ASSERT_TRUE(a.say(FrameType::names, names()));
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(a.say(FrameType::batch, samples(1)));
        EXPECT_TRUE(a.hear<wire::Ack>(FrameType::ack));
    }
    EXPECT_EQ(house.counters.batches, 1u);
    EXPECT_EQ(house.counters.duplicates, 2u);
}

TEST_F(Sessions, ANumberThatWasUsedForOtherBytesIsAConflict) {
    auto a = agent(good);
    ASSERT_TRUE(a.greet(hello()));
    ASSERT_TRUE(a.say(FrameType::names, names()));
    ASSERT_TRUE(a.say(FrameType::batch, samples(1, 2)));
    ASSERT_TRUE(a.hear<wire::Ack>(FrameType::ack));
    ASSERT_TRUE(a.say(FrameType::batch, samples(1, 1)));
    const auto refuse = a.hear<wire::Refuse>(FrameType::refuse);
    ASSERT_TRUE(refuse);
    EXPECT_EQ(refuse->code, RefuseCode::batch_conflict);
    EXPECT_EQ(refuse->seq, 1u);
    EXPECT_EQ(house.counters.refusals(RefuseCode::batch_conflict), 1u);
    ASSERT_TRUE(a.say(FrameType::batch, samples(1, 2)));  // the session goes on, and the right bytes are a duplicate
    EXPECT_TRUE(a.hear<wire::Ack>(FrameType::ack));
    EXPECT_EQ(house.counters.batches, 1u);
    neighbour_works();
}

TEST_F(Sessions, TooMuchWaitingToBeWrittenIsOverload) {
    auto a = agent(good);
    ASSERT_TRUE(a.greet(hello()));
    ASSERT_TRUE(a.say(FrameType::names, names()));
    ASSERT_TRUE(a.say(FrameType::batch, samples(1)));
    ASSERT_TRUE(a.hear<wire::Ack>(FrameType::ack));  // the names are taken, too
    house.counters.queue_bytes += std::uint64_t{1} << 40;
    ASSERT_TRUE(a.say(FrameType::batch, samples(2)));
    const auto refuse = a.hear<wire::Refuse>(FrameType::refuse);
    house.counters.queue_bytes -= std::uint64_t{1} << 40;
    ASSERT_TRUE(refuse);
    EXPECT_EQ(refuse->code, RefuseCode::overloaded);
    EXPECT_EQ(refuse->seq, 2u);
    EXPECT_GT(refuse->retry_after_ms, 0u);
    EXPECT_EQ(house.counters.refusals(RefuseCode::overloaded), 1u);
    ASSERT_TRUE(a.say(FrameType::batch, samples(2)));
    EXPECT_TRUE(a.hear<wire::Ack>(FrameType::ack));
    neighbour_works();
}

TEST_F(Sessions, ACollectorThatStopsSaysSo) {
    auto a = agent(good);
    ASSERT_TRUE(a.greet(hello()));
    boost::asio::post(house.io, [&] { house.listener->stop(); });
    EXPECT_EQ(a.refusal(), RefuseCode::shutting_down);
    EXPECT_FALSE(a.hear());
    EXPECT_EQ(house.counters.refusals(RefuseCode::shutting_down), 1u);
}

TEST_F(Sessions, TheWelcomeTellsWhatIsMissingAndWhatIsNamed) {
    {
        auto a = agent(good);
        ASSERT_TRUE(a.greet(hello()));
        ASSERT_TRUE(a.say(FrameType::names, names(2)));
        ASSERT_TRUE(a.say(FrameType::batch, samples(3)));
        ASSERT_TRUE(a.hear<wire::Ack>(FrameType::ack));
    }
    auto again = hello();
    again.next_seq = 6;
    again.names_defined = 2;
    again.lost = {{{1, 1}, wire::BatchClass::samples, 40, "spool_full"}};
    auto a = agent(good);
    const auto welcome = a.greet(again);
    ASSERT_TRUE(welcome);
    EXPECT_EQ(welcome->names_known, 2u);
    EXPECT_EQ(welcome->missing, (std::vector<wire::SeqRange>{{2, 2}, {4, 5}}));
    const auto lost = house.in_pipeline([&](Pipeline& p) { return p.agents().find(good.id)->lost.all(); });
    ASSERT_EQ(lost.size(), 1u);
    EXPECT_EQ(lost[0].range.items, 40u);
}

TEST_F(Sessions, UnknownSeriesAreAskedForAgain) {
    auto a = agent(good);
    ASSERT_TRUE(a.greet(hello()));
    ASSERT_TRUE(a.say(FrameType::batch, samples(1)));
    const auto refuse = a.hear<wire::Refuse>(FrameType::refuse);
    ASSERT_TRUE(refuse);
    EXPECT_EQ(refuse->code, RefuseCode::unknown_series);
    EXPECT_EQ(refuse->seq, 1u);
    ASSERT_TRUE(a.say(FrameType::names, names()));
    ASSERT_TRUE(a.say(FrameType::batch, samples(1)));
    EXPECT_TRUE(a.hear<wire::Ack>(FrameType::ack));
}

TEST_F(Sessions, AMalformedBodyIsRefusedAndTheSessionGoesOn) {
    auto a = agent(good);
    ASSERT_TRUE(a.greet(hello()));
    ASSERT_TRUE(a.say(FrameType::names, names()));
    auto bad = samples(1);
    bad.body.assign(50, 0xff);
    ASSERT_TRUE(a.say(FrameType::batch, bad));
    EXPECT_EQ(a.refusal(), RefuseCode::malformed_body);
    ASSERT_TRUE(a.say(FrameType::batch, samples(2)));
    EXPECT_TRUE(a.hear<wire::Ack>(FrameType::ack));
    EXPECT_EQ(house.counters.refusals(RefuseCode::malformed_body), 1u);
}

TEST_F(Sessions, MalformedFrame) {
    auto a = agent(enrolled(house));
    ASSERT_TRUE(a.greet(hello()));
    ASSERT_TRUE(a.send(Bytes{0}));  // length zero
    expect_refusal(a, RefuseCode::malformed_frame);
}

TEST_F(Sessions, OversizedFrameBeforeAndAfterLogin) {
    auto a = agent(enrolled(house));
    ASSERT_TRUE(a.connect());
    ASSERT_TRUE(a.send(Bytes{0x81, 0x40}));  // 8,193 bytes
    expect_refusal(a, RefuseCode::oversized_frame);
    auto b = agent(enrolled(house));
    ASSERT_TRUE(b.greet(hello()));
    ASSERT_TRUE(b.send(Bytes{0x81, 0x80, 0x80, 0x01}));  // 2 MiB and a byte
    expect_refusal(b, RefuseCode::oversized_frame);
}

TEST_F(Sessions, TruncatedFrameThatNeverComesIsTooSlow) {
    auto a = agent(enrolled(house));
    ASSERT_TRUE(a.greet(hello()));
    ASSERT_TRUE(a.send(Bytes{100, 2, 1, 2, 3}));
    expect_refusal(a, RefuseCode::too_slow);
    auto b = agent(enrolled(house));
    ASSERT_TRUE(b.connect());  // and says nothing at all
    expect_refusal(b, RefuseCode::too_slow);
}

TEST_F(Sessions, WrongVersion) {
    auto a = agent(enrolled(house));
    auto words = hello();
    words.version = 99;
    ASSERT_TRUE(a.connect());
    ASSERT_TRUE(a.say(FrameType::hello, words));
    expect_refusal(a, RefuseCode::wrong_version);
}

TEST_F(Sessions, UnknownMessage) {
    auto a = agent(enrolled(house));
    ASSERT_TRUE(a.greet(hello()));
    ASSERT_TRUE(a.send(Bytes{2, 55, 0}));
    expect_refusal(a, RefuseCode::unknown_message);
    auto b = agent(enrolled(house));
    ASSERT_TRUE(b.connect());
    ASSERT_TRUE(b.say(FrameType::heartbeat, wire::Heartbeat{}));
    expect_refusal(b, RefuseCode::unknown_message);
}

TEST_F(Sessions, NoCertificateAndForeignCertificate) {
    ScriptedAgent naked(house.listener->port(), house.authority->certificate_pem(), std::nullopt);
    ASSERT_TRUE(naked.connect());
    expect_refusal(naked, RefuseCode::no_certificate);

    Folder elsewhere;
    const auto now = system_clock().wall();
    const auto other = Authority::open(elsewhere.path.string(), {"x"}, now).value();
    const auto key = x509::make_key().value();
    const auto signed_there =
        other.sign_agent(x509::make_request(key.private_pem, "x").value(), good.id, now).value().certificate_pem;
    ScriptedAgent stranger(house.listener->port(), house.authority->certificate_pem(),
                           x509::Identity{key.private_pem, signed_there});
    ASSERT_TRUE(stranger.connect());
    expect_refusal(stranger, RefuseCode::foreign_certificate);
}

TEST_F(Sessions, RevokedCertificateEndsTheConnectionAndStaysOut) {
    const auto who = enrolled(house);
    auto a = agent(who);
    ASSERT_TRUE(a.greet(hello()));
    ASSERT_TRUE(house.in_pipeline([&](Pipeline& p) { return p.revoke(who.id).has_value(); }));
    EXPECT_EQ(a.refusal(), RefuseCode::revoked_certificate);
    auto b = agent(who);
    ASSERT_TRUE(b.connect());
    ASSERT_TRUE(b.say(FrameType::hello, hello()));
    expect_refusal(b, RefuseCode::revoked_certificate);
}

TEST_F(Sessions, ExpiredCertificate) {
    const auto key = x509::make_key().value();
    const auto long_ago = system_clock().wall() - std::chrono::days(200);
    const auto old = house.authority->sign_agent(x509::make_request(key.private_pem, "x").value(), good.id, long_ago);
    ScriptedAgent late(house.listener->port(), house.authority->certificate_pem(),
                       x509::Identity{key.private_pem, old.value().certificate_pem});
    ASSERT_TRUE(late.connect());
    expect_refusal(late, RefuseCode::expired_certificate);
}

TEST_F(Sessions, ASecondHolderOfALiveKeyIsRefusedAndFlagged) {
    const auto who = enrolled(house);
    auto a = agent(who);
    ASSERT_TRUE(a.greet(hello(first_boot)));
    auto clone = agent(who);
    ASSERT_TRUE(clone.connect());
    ASSERT_TRUE(clone.say(FrameType::hello, hello(second_boot)));
    expect_refusal(clone, RefuseCode::key_in_use);
    ASSERT_TRUE(a.say(FrameType::names, names()));
    ASSERT_TRUE(a.say(FrameType::batch, samples(1)));
    EXPECT_TRUE(a.hear<wire::Ack>(FrameType::ack));
    const auto flagged = house.in_pipeline([](Pipeline& p) {
        Store::EventQuery query;
        query.kind = "agent.key_in_use";
        return p.store().events(query).value();
    });
    ASSERT_EQ(flagged.size(), 1u);
    EXPECT_EQ(flagged[0].subject_id, who.id);
}

TEST_F(Sessions, TheSameMachineTakesItsOwnPlace) {
    const auto who = enrolled(house);
    auto a = agent(who);
    ASSERT_TRUE(a.greet(hello(first_boot)));
    auto b = agent(who);
    EXPECT_TRUE(b.greet(hello(first_boot)));
}

TEST_F(Sessions, TokensUnknownExpiredUsedUp) {
    EXPECT_EQ(std::get<RefuseCode>(enrol(house, "vg1." + house.authority->fingerprint() + ".aaaaaaaaaaaaaaaaaaaa")),
              RefuseCode::token_unknown);
    EXPECT_EQ(std::get<RefuseCode>(enrol(house, house.token(1, Millis{-1000}))), RefuseCode::token_expired);
    const auto once = house.token();
    EXPECT_TRUE(std::holds_alternative<Credentials>(enrol(house, once)));
    EXPECT_EQ(std::get<RefuseCode>(enrol(house, once)), RefuseCode::token_used_up);
    EXPECT_EQ(house.counters.refusals(RefuseCode::token_used_up), 1u);
    neighbour_works();
}

// A name that is not UTF-8 would make a record that no start after it could read.
TEST_F(Sessions, AMachinesNameInAnotherEncodingIsKeptReadable) {
    const auto token = house.token();
    wire::Enrol wanted;
    wanted.token_secret = wire::parse_token(token).value().secret;
    wanted.request_pem = x509::make_request(x509::make_key().value().private_pem, "x").value();
    wanted.host_name = "m\xe1y-1";
    wanted.machine_id = "\xff";
    ScriptedAgent agent(house.listener->port(), house.authority->certificate_pem(), std::nullopt,
                        wire::limits::alpn_enrol);
    ASSERT_TRUE(agent.connect() && agent.say(FrameType::enrol, wanted));
    const auto certificate = agent.hear<wire::Certificate>(FrameType::certificate);
    ASSERT_TRUE(certificate);
    const auto host = house.in_pipeline([&](Pipeline& pipeline) {
        auto read = Agents::load(pipeline.store());
        return read ? read->find(certificate->agent_id)->enrolment.host : read.error().message;
    });
    EXPECT_EQ(host, "m\uFFFDy-1");
}

TEST_F(Sessions, RenewalGivesANewKeyAndRetiresTheOldOne) {
    const auto who = enrolled(house);
    const auto key = x509::make_key().value();
    wire::Certificate fresh;
    {
        auto a = agent(who);
        ASSERT_TRUE(a.greet(hello()));
        ASSERT_TRUE(a.say(FrameType::renew, wire::Renew{x509::make_request(key.private_pem, "x").value()}));
        const auto certificate = a.hear<wire::Certificate>(FrameType::certificate);
        ASSERT_TRUE(certificate);
        fresh = *certificate;
    }
    {
        auto b = agent({{key.private_pem, fresh.chain_pem}, who.id});
        ASSERT_TRUE(b.greet(hello()));
    }
    auto old = agent(who);
    ASSERT_TRUE(old.connect());
    ASSERT_TRUE(old.say(FrameType::hello, hello()));
    expect_refusal(old, RefuseCode::revoked_certificate);
}

TEST_F(Sessions, ByeMakesSilentAtOnce) {
    const auto who = enrolled(house);
    auto a = agent(who);
    ASSERT_TRUE(a.greet(hello()));
    const auto heard = [&](Pipeline& p) { return p.facts().value({wire::SubjectKind::agent, who.id}, "heard"); };
    EXPECT_EQ(house.in_pipeline(heard), wire::FactValue{true});
    ASSERT_TRUE(a.say(FrameType::bye, wire::Bye{"host_shutdown"}));
    while (a.hear()) {}
    EXPECT_EQ(house.in_pipeline(heard), wire::FactValue{false});
    EXPECT_EQ(house.in_pipeline([&](Pipeline& p) { return p.agents().find(who.id)->now.bye; }), "host_shutdown");
}

TEST_F(Sessions, HeartbeatsArePulsed) {
    auto a = agent(good);
    ASSERT_TRUE(a.greet(hello()));
    ASSERT_TRUE(a.say(FrameType::heartbeat, wire::Heartbeat{.mono_ms = 1'000'500, .spool_batches = 3}));
    const auto pulse = a.hear<wire::Pulse>(FrameType::pulse);
    ASSERT_TRUE(pulse);
    EXPECT_EQ(pulse->mono_ms_echo, 1'000'500);
}

TEST_F(Sessions, BrowsersGoToHttp) {
    ScriptedAgent browser(house.listener->port(), house.authority->certificate_pem(), std::nullopt, "http/1.1");
    ASSERT_TRUE(browser.connect());
    EXPECT_FALSE(browser.hear());
    EXPECT_EQ(house.http_connections, 1);
}

TEST(ServersCertificate, is_renewed_while_the_collector_runs_and_nobody_is_sent_away) {
    const Folder folder;
    const Time now = system_clock().wall();
    // Made so long ago that a start leaves it, and half a day later its last month has begun.
    const Time made = now - std::chrono::days(335) + std::chrono::hours(12);
    ASSERT_TRUE(Authority::open(folder.path.string(), {"127.0.0.1", "localhost", "2001:DB8:0::1"}, made));
    House house({}, folder.path.string());
    const auto renewed = [&](Time at) {
        std::promise<bool> answer;
        boost::asio::post(house.io, [&] { answer.set_value(house.listener->renew_certificate(at).value()); });
        return answer.get_future().get();
    };
    const auto who = enrolled(house);
    ScriptedAgent here(house.listener->port(), house.authority->certificate_pem(), who.identity);
    ASSERT_TRUE(here.greet(hello()));
    EXPECT_FALSE(renewed(now));
    EXPECT_TRUE(renewed(now + std::chrono::hours(13)));
    EXPECT_FALSE(renewed(now + std::chrono::hours(13))) << "it is new";

    const auto other = enrolled(house);
    ScriptedAgent next(house.listener->port(), house.authority->certificate_pem(), other.identity);
    ASSERT_TRUE(next.greet(hello(second_boot)));
    EXPECT_LT(here.server_until(), now + std::chrono::days(31));
    EXPECT_GT(next.server_until(), now + std::chrono::days(364));
    ASSERT_TRUE(here.say(FrameType::names, names()));
    ASSERT_TRUE(here.say(FrameType::batch, samples(1)));
    EXPECT_TRUE(here.hear<wire::Ack>(FrameType::ack)) << "who was here goes on";
    const auto kept = Authority::open(folder.path.string(), {"127.0.0.1", "localhost"}, now + std::chrono::days(300));
    ASSERT_TRUE(kept);
    EXPECT_GT(x509::inspect(kept->server().certificate_pem)->not_after, now + std::chrono::days(364));
    EXPECT_LT(x509::inspect(kept->server().certificate_pem)->not_after, now + std::chrono::days(367))
        << "the next start takes the same one";
}

}  // namespace
}  // namespace vg::collector::test
