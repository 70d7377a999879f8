#include "agent/enrol.hpp"
#include "agent/platform/files.hpp"
#include "tests/agent/fake_collector.hpp"
#include "tests/agent/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <fstream>

namespace vg::agent {
namespace {

using namespace vg::agent::testing;
using ::testing::HasSubstr;

class EnrolTest : public ::testing::Test {
protected:
    Result<Identity> enrol_with(const std::string& token, const std::string& name = "127.0.0.1") {
        std::optional<Result<Identity>> outcome;
        asio::co_spawn(io, enrol(io, {{"127.0.0.1", collector.port()}, name, state.path(), token, "host", "machine"}),
                       [&](const std::exception_ptr&, Result<Identity> result) { outcome = std::move(result); });
        if (!run_until(io, [&] { return outcome.has_value(); })) return fail(Errc::timed_out, value_of("no end"));
        return *outcome;
    }
    asio::io_context io{1};
    FakeCollector collector{io};
    TemporaryDirectory state;
};

TEST_F(EnrolTest, ATokenIsFoundWhereItStandsAndAMistakeNamesThePlace) {
    const auto good = wire::to_string(collector.token());
    Config config;
    EXPECT_THAT(find_token("", config).error().message, HasSubstr("--token"));
    EXPECT_EQ(find_token(good + "\n", config).value(), good);
    config.token_file = state.file("token");
    EXPECT_THAT(find_token("", config).error().message, HasSubstr(config.token_file)) << "it is not there";
    std::ofstream(config.token_file) << good << " \r\n";
    EXPECT_EQ(find_token("", config).value(), good);
    std::ofstream(config.token_file) << "vg1.short";
    const auto damaged = told(find_token("", config).error());
    EXPECT_THAT(damaged.en, HasSubstr(config.token_file + ": the token lacks the 32 hex digits"));
    EXPECT_THAT(damaged.vi, HasSubstr(config.token_file + ": mã đăng ký thiếu 32"));
    EXPECT_THAT(find_token("junk", config).error().message, HasSubstr("--token: the token does not begin with vg1."));
}

TEST_F(EnrolTest, StoresWhatTheAuthoritySigned) {
    const auto identity = enrol_with(wire::to_string(collector.token()));
    ASSERT_TRUE(identity.has_value()) << identity.error().message;
    EXPECT_EQ(identity->agent_id, "0123456789abcdef");
    EXPECT_EQ(collector.enrols.at(0).machine_id, "machine");
    const auto loaded = load_identity(state.path());
    ASSERT_TRUE(loaded.has_value());
    EXPECT_EQ(loaded->own.private_pem, identity->own.private_pem);
    struct stat info {};
    ASSERT_EQ(::stat(state.file("agent.key").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(EnrolTest, SendsNothingToAServerOfAnotherAuthority) {
    auto token = collector.token();
    token.authority_sha256_prefix_hex = std::string(32, 'a');
    const auto identity = enrol_with(wire::to_string(token));
    ASSERT_TRUE(identity.has_error());
    EXPECT_THAT(identity.error().message, HasSubstr("not the collector"));
    EXPECT_TRUE(collector.enrols.empty());
}

TEST_F(EnrolTest, SendsNothingToAServerThatOnlyShowsTheAuthority) {
    // A server of another authority that shows the true one's certificate behind its own.
    const auto truth = collector.authority;
    const auto token = collector.token();
    collector.authority = x509::make_authority("thief", wall_now() - hours{1}, wall_now() + hours{24}).value();
    auto server = make_server(collector.authority, {"127.0.0.1"});
    server.certificate_pem += truth.certificate_pem;
    collector.use_server(server);
    const auto identity = enrol_with(wire::to_string(token));
    ASSERT_TRUE(identity.has_error());
    EXPECT_THAT(identity.error().message, HasSubstr("not trusted"));
    EXPECT_TRUE(collector.enrols.empty());
}

TEST_F(EnrolTest, SaysWhatToDoAboutARefusedToken) {
    auto token = collector.token();
    token.secret = "wrong";
    const auto identity = enrol_with(wire::to_string(token));
    ASSERT_TRUE(identity.has_error());
    EXPECT_THAT(identity.error().message, HasSubstr("no such token"));
    EXPECT_THAT(identity.error().vi, HasSubstr("mã đăng ký không đúng"));
    EXPECT_EQ(load_identity(state.path()).error().code, Errc::not_found);
}

TEST_F(EnrolTest, RefusesAServerOfAnotherName) {
    const auto identity = enrol_with(wire::to_string(collector.token()), "elsewhere.example");
    ASSERT_TRUE(identity.has_error());
    EXPECT_TRUE(collector.enrols.empty());
}

TEST_F(EnrolTest, RefusesATextThatIsNoToken) { EXPECT_TRUE(enrol_with("hello").has_error()); }

TEST_F(EnrolTest, AChangeOfKeySurvivesAPowerCutAtEachStep) {
    ASSERT_TRUE(enrol_with(wire::to_string(collector.token())).has_value());
    const auto before = load_identity(state.path()).value();
    const auto renew = begin_renewal(state.path(), before.agent_id).value();
    EXPECT_EQ(load_identity(state.path())->own.private_pem, before.own.private_pem);  // cut while waiting
    EXPECT_EQ(begin_renewal(state.path(), before.agent_id).has_value(), true);        // asked again: the same key

    const wire::Certificate certificate{before.agent_id,
                                        sign_agent(collector.authority, renew.request_pem, before.agent_id), ""};
    ASSERT_TRUE(platform::write_file(state.file("agent.crt.new"), certificate.chain_pem).has_value());
    const auto after = load_identity(state.path()).value();  // cut before either was renamed
    EXPECT_NE(after.own.private_pem, before.own.private_pem);
    EXPECT_EQ(load_identity(state.path())->own.private_pem, after.own.private_pem);
    EXPECT_EQ(platform::read_file(state.file("agent.key.new")).error().code, Errc::not_found);

    const auto again = begin_renewal(state.path(), before.agent_id).value();
    const wire::Certificate second{before.agent_id, sign_agent(collector.authority, again.request_pem, before.agent_id),
                                   ""};
    ASSERT_TRUE(platform::write_file(state.file("agent.crt.new"), second.chain_pem).has_value());
    ASSERT_TRUE(platform::rename_file(state.file("agent.key.new"), state.file("agent.key")).has_value());
    EXPECT_NE(load_identity(state.path())->own.private_pem, after.own.private_pem);  // cut between the two
}

TEST_F(EnrolTest, ACertificateForAnotherKeyIsRefused) {
    ASSERT_TRUE(enrol_with(wire::to_string(collector.token())).has_value());
    ASSERT_TRUE(begin_renewal(state.path(), "0123456789abcdef").has_value());
    const auto foreign = x509::make_key().value();
    const auto request = x509::make_request(foreign.private_pem, "x").value();
    EXPECT_TRUE(finish_renewal(state.path(), {"0123456789abcdef", sign_agent(collector.authority, request, "x"), ""})
                    .has_error());
    EXPECT_TRUE(load_identity(state.path()).has_value());
}

TEST(DirectoryLock, IsHeldByOne) {
    const TemporaryDirectory state;
    const auto first = platform::DirectoryLock::take(state.path());
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(platform::DirectoryLock::take(state.path()).error().code, Errc::conflict);
}

}  // namespace
}  // namespace vg::agent
