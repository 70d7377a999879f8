#include "base/tls.hpp"

#include <gmock/gmock.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

using namespace vg;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

tls::Deadline in(std::chrono::milliseconds ms) { return std::chrono::steady_clock::now() + ms; }

x509::Identity leaf(const x509::Identity& authority, const std::string& name, x509::Usage usage) {
    const Time now = system_clock().wall();
    const auto key = x509::make_key().value();
    const auto request = x509::make_request(key.private_pem, name).value();
    return {key.private_pem,
            x509::sign(authority, request, {name, {name, "127.0.0.1"}, usage, now - 1h, now + 1h}).value()};
}

struct Meeting {  // what both sides saw of one handshake and of one echoed text
    std::optional<Error> server_error, client_error;
    tls::Peer at_server, at_client;
    std::string echoed;
};

asio::awaitable<void> serve(tcp::acceptor& acceptor, const tls::Context& context, Meeting& out) {
    tls::Stream stream(co_await acceptor.async_accept(asio::use_awaitable), context);
    auto accepted = co_await stream.accept(in(3s));
    if (accepted.has_error()) {
        out.server_error = accepted.error();
        co_return;
    }
    out.at_server = stream.peer();
    Bytes buffer(70'000);
    for (;;) {
        auto got = co_await stream.read_some(buffer, in(3s));
        if (got.has_error()) {
            out.server_error = got.error();
            co_return;
        }
        auto put = co_await stream.write_all(ByteView(buffer).first(*got), in(3s));
        if (put.has_error()) co_return;
    }
}

asio::awaitable<void> call(tcp::endpoint to, const tls::Context& context, const std::string& name, std::string text,
                           Meeting& out) {
    tcp::socket socket(co_await asio::this_coro::executor);
    co_await socket.async_connect(to, asio::use_awaitable);
    tls::Stream stream(std::move(socket), context);
    auto connected = co_await stream.connect(name, in(3s));
    if (connected.has_error()) {
        out.client_error = connected.error();
        co_return;
    }
    out.at_client = stream.peer();
    auto put = co_await stream.write_all(view_of(text), in(3s));
    if (put.has_error()) out.client_error = put.error();
    Bytes buffer(5000);
    while (!out.client_error && out.echoed.size() < text.size()) {
        auto got = co_await stream.read_some(buffer, in(3s));
        if (got.has_error())
            out.client_error = got.error();
        else
            out.echoed += text_of(ByteView(buffer).first(*got));
    }
    stream.close();
}

void rethrow(std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
}

Meeting meet(const tls::Context::Options& server, const tls::Context::Options& client, const std::string& name,
             std::string text) {
    const auto server_context = tls::Context::make(server).value();
    const auto client_context = tls::Context::make(client).value();
    asio::io_context io;
    tcp::acceptor acceptor(io, {asio::ip::make_address("127.0.0.1"), 0});
    Meeting out;
    asio::co_spawn(io, serve(acceptor, server_context, out), rethrow);
    asio::co_spawn(io, call(acceptor.local_endpoint(), client_context, name, std::move(text), out), rethrow);
    io.run_for(10s);
    return out;
}

struct Tls : testing::Test {
    Time now = system_clock().wall();
    x509::Identity authority = x509::make_authority("CA", now - 1h, now + 24h).value();
    tls::Context::Options server() {
        tls::Context::Options o;
        o.server = true;
        o.identity = leaf(authority, "collector.test", x509::Usage::server);
        o.identity->certificate_pem += authority.certificate_pem;  // as the collector's
        o.trusted_pem = authority.certificate_pem;
        o.check = tls::PeerCheck::if_given;
        o.alpn = {"vonggac/1", "http/1.1"};
        o.certificate_alpn = {"vonggac/1"};
        return o;
    }
    tls::Context::Options client(std::string alpn) {
        tls::Context::Options o;
        o.trusted_pem = authority.certificate_pem;
        o.alpn = {std::move(alpn)};
        return o;
    }
};

// A server that gives tickets, as every web server does and ours does not.
class TicketServer {
public:
    TicketServer(const x509::Identity& identity, const char* version) {
        char name[] = "/tmp/vg-tls-XXXXXX";
        folder_ = mkdtemp(name);
        const auto file = [&](const char* leaf, const std::string& pem) {
            std::ofstream(folder_ / leaf) << pem;
            return (folder_ / leaf).string();
        };
        const auto cert = file("cert.pem", identity.certificate_pem), key = file("key.pem", identity.private_pem);
        int out[2];
        if (pipe(out) != 0) return;
        pid_ = fork();
        if (pid_ == 0) {
            dup2(out[1], STDOUT_FILENO);
            if (std::freopen("/dev/null", "w", stderr) == nullptr) _exit(126);
            execlp("openssl", "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", cert.c_str(), "-key",
                   key.c_str(), "-rev", version, nullptr);
            _exit(127);
        }
        close(out[1]);
        FILE* said = fdopen(out[0], "r");
        char line[200];
        while (port_ == 0 && fgets(line, sizeof line, said) != nullptr)
            if (std::sscanf(line, "ACCEPT 127.0.0.1:%hu", &port_) != 1) port_ = 0;
        said_ = said;
    }
    ~TicketServer() {
        if (pid_ > 0) {
            kill(pid_, SIGKILL);
            waitpid(pid_, nullptr, 0);
        }
        if (said_ != nullptr) std::fclose(said_);
        std::filesystem::remove_all(folder_);
    }
    [[nodiscard]] tcp::endpoint endpoint() const { return {asio::ip::make_address("127.0.0.1"), port_}; }

private:
    std::filesystem::path folder_;
    pid_t pid_ = -1;
    std::uint16_t port_ = 0;
    FILE* said_ = nullptr;
};

Meeting visit(const TicketServer& server, const tls::Context& context, const std::string& name) {
    asio::io_context io;
    Meeting out;
    asio::co_spawn(io, call(server.endpoint(), context, name, "olleh\n", out), rethrow);
    io.run_for(10s);
    return out;
}

struct Resuming : Tls, testing::WithParamInterface<const char*> {};

TEST_P(Resuming, ASessionIsResumedForTheSameNameOnly) {
    TicketServer real(leaf(authority, "collector.test", x509::Usage::server), GetParam());
    ASSERT_NE(real.endpoint().port(), 0);
    auto options = client("");
    options.alpn.clear();
    options.allow_tls12 = true;
    options.check = tls::PeerCheck::none;
    options.resume_for = 1h;
    const auto context = tls::Context::make(options).value();
    const auto first = visit(real, context, "collector.test"), second = visit(real, context, "collector.test");
    EXPECT_EQ(first.echoed, "hello\n");
    EXPECT_FALSE(first.at_client.resumed);
    EXPECT_EQ(second.echoed, "hello\n");
    EXPECT_TRUE(second.at_client.resumed);
    EXPECT_TRUE(second.at_client.chain_trusted);
    ASSERT_TRUE(second.at_client.certificate);
    EXPECT_EQ(second.at_client.certificate->not_after, first.at_client.certificate->not_after);
    EXPECT_FALSE(visit(real, context, "127.0.0.1").at_client.resumed);
    EXPECT_FALSE(visit(real, context, "collector.test").at_client.resumed);  // one name is remembered
    EXPECT_TRUE(visit(real, context, "collector.test").at_client.resumed);

    options.resume_for = 0s;
    const auto never = tls::Context::make(options).value();
    EXPECT_FALSE(visit(real, never, "collector.test").at_client.resumed);
    EXPECT_FALSE(visit(real, never, "collector.test").at_client.resumed);
}

INSTANTIATE_TEST_SUITE_P(Versions, Resuming, testing::Values("-tls1_2", "-tls1_3"));

}  // namespace

TEST_F(Tls, MutualCertificatesAndALargeEcho) {
    auto agent = client("vonggac/1");
    agent.identity = leaf(authority, "agent-1", x509::Usage::client);
    const std::string text(300'000, 'v');
    const auto met = meet(server(), agent, "collector.test", text);
    EXPECT_FALSE(met.client_error) << met.client_error->message;
    EXPECT_EQ(met.echoed, text);
    EXPECT_EQ(met.at_server.certificate.value().subject_cn, "agent-1");
    EXPECT_TRUE(met.at_server.chain_trusted) << met.at_server.chain_problem.en;
    EXPECT_EQ(met.at_server.alpn, "vonggac/1");
    EXPECT_EQ(met.at_client.version, "TLSv1.3");
    // The server shows its authority, too: an enrolling agent compares it with its token.
    ASSERT_EQ(met.at_client.chain_pem.size(), 2U);
    EXPECT_EQ(met.at_client.chain_pem[1], authority.certificate_pem);
}

TEST_F(Tls, ABrowserIsNotAskedForACertificate) {
    auto browser = client("http/1.1");
    browser.identity = leaf(authority, "somebody", x509::Usage::client);
    const auto met = meet(server(), browser, "127.0.0.1", "GET");
    EXPECT_EQ(met.echoed, "GET");
    EXPECT_FALSE(met.at_server.certificate.has_value());
}

TEST_F(Tls, AForeignCertificateIsLetInAndMarked) {
    const auto other = x509::make_authority("Other CA", now - 1h, now + 1h).value();
    auto agent = client("vonggac/1");
    agent.identity = leaf(other, "agent-1", x509::Usage::client);
    const auto met = meet(server(), agent, "collector.test", "hello");
    EXPECT_EQ(met.echoed, "hello");
    EXPECT_FALSE(met.at_server.chain_trusted);
    EXPECT_TRUE(met.at_server.chain_problem.is_whole());
}

TEST_F(Tls, TheWrongServerNameIsRefused) {
    const auto met = meet(server(), client("http/1.1"), "elsewhere.test", "x");
    ASSERT_TRUE(met.client_error);
    EXPECT_EQ(met.client_error->code, Errc::refused);
    EXPECT_THAT(met.client_error->message, testing::HasSubstr("not trusted"));
}

TEST_F(Tls, AnExpiredCertificateIsBelievedOnlyWhereTimesAreNotChecked) {
    auto expired = server();
    const auto key = x509::make_key().value();
    const auto request = x509::make_request(key.private_pem, "c").value();
    expired.identity = x509::Identity{
        key.private_pem,
        x509::sign(authority, request, {"c", {"collector.test"}, x509::Usage::server, now - 50min, now - 10min})
            .value()};
    auto visitor = client("http/1.1");
    EXPECT_TRUE(meet(expired, visitor, "collector.test", "x").client_error);
    visitor.check_time = false;
    EXPECT_EQ(meet(expired, visitor, "collector.test", "x").echoed, "x");
}

TEST_F(Tls, ASilentPeerEndsAtTheDeadline) {
    const auto context = tls::Context::make(client("http/1.1")).value();
    asio::io_context io;
    tcp::acceptor acceptor(io, {asio::ip::make_address("127.0.0.1"), 0});
    Meeting out;
    const auto body = [](tcp::endpoint to, const tls::Context& c, Meeting& o) -> asio::awaitable<void> {
        tcp::socket socket(co_await asio::this_coro::executor);
        co_await socket.async_connect(to, asio::use_awaitable);
        tls::Stream stream(std::move(socket), c);
        auto connected = co_await stream.connect("x", in(50ms));
        if (connected.has_error()) o.client_error = connected.error();
    };
    asio::co_spawn(io, body(acceptor.local_endpoint(), context, out), rethrow);
    io.run_for(5s);
    ASSERT_TRUE(out.client_error);
    EXPECT_EQ(out.client_error->code, Errc::timed_out);
}
