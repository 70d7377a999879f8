// The load itself against a scripted collector: what it counts is what happened.
#include "tests/load/run.hpp"

#include "wire/limits.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace vg::load {
namespace {

tls::Deadline soon() { return Steady::now() + std::chrono::seconds(60); }

void rethrow(std::exception_ptr thrown) {
    if (thrown) std::rethrow_exception(thrown);
}

// Welcomes everybody, names unknown; acks every batch but those that the test wants forgotten.
class ScriptedCollector {
public:
    ScriptedCollector(asio::io_context& io, const x509::Identity& authority)
        : acceptor_(io, {asio::ip::address_v4::loopback(), 0}) {
        const auto now = system_clock().wall();
        const auto key = x509::make_key().value();
        const auto request = x509::make_request(key.private_pem, "collector").value();
        const auto leaf = x509::sign(authority, request,
                                     {"collector",
                                      {"127.0.0.1"},
                                      x509::Usage::server,
                                      now - std::chrono::hours(1),
                                      now + std::chrono::hours(1)});
        tls::Context::Options options;
        options.identity = x509::Identity{key.private_pem, leaf.value()};
        options.trusted_pem = authority.certificate_pem;
        options.alpn = {wire::limits::alpn_agent};
        options.server = true;
        context_ = std::make_unique<tls::Context>(std::move(tls::Context::make(options).value()));
        asio::co_spawn(io, accept(), rethrow);
    }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    void stop() { acceptor_.close(); }

    std::size_t hellos = 0, names = 0, heartbeats = 0, byes = 0, facts = 0, events = 0;
    std::uint64_t samples = 0;
    std::set<std::uint64_t> forgotten;  // seqs that are never acknowledged

private:
    asio::awaitable<void> accept() {
        for (;;) {
            boost::system::error_code ended;
            auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, ended));
            if (ended) co_return;
            asio::co_spawn(acceptor_.get_executor(), serve(std::move(socket)), rethrow);
        }
    }
    asio::awaitable<void> serve(asio::ip::tcp::socket socket) {
        tls::Stream stream(std::move(socket), *context_);
        const auto shaken = co_await stream.accept(soon());
        if (shaken.has_error()) co_return;
        wire::FrameParser parser(wire::limits::max_frame);
        Bytes room(16'384);
        for (;;) {
            const auto got = co_await stream.read_some(room, soon());
            if (got.has_error()) co_return;
            parser.feed(ByteView(room).first(*got));
            Bytes out;
            for (auto frame = parser.next(); frame && *frame; frame = parser.next()) answer(**frame, out);
            if (!out.empty()) (void)co_await stream.write_all(out, soon());
        }
    }
    void answer(const wire::Frame& frame, Bytes& out) {
        hellos += frame.type == wire::FrameType::hello;
        heartbeats += frame.type == wire::FrameType::heartbeat;
        byes += frame.type == wire::FrameType::bye;
        if (frame.type == wire::FrameType::names) names += wire::decode<wire::Names>(frame.payload)->names.size();
        if (frame.type == wire::FrameType::hello)
            wire::append_message(wire::FrameType::welcome, wire::Welcome{1, 0, 0, {}}, out);
        if (frame.type == wire::FrameType::batch) take(*wire::decode<wire::Batch>(frame.payload), out);
    }
    void take(const wire::Batch& batch, Bytes& out) {
        if (batch.batch_class == wire::BatchClass::samples)
            samples += wire::scan_samples(batch.body, [](auto, auto, auto) {})->samples;
        if (batch.batch_class == wire::BatchClass::facts) facts += wire::decode_facts(batch.body)->facts.size();
        if (batch.batch_class == wire::BatchClass::events) events += wire::decode_events(batch.body)->events.size();
        if (!forgotten.contains(batch.seq))
            wire::append_message(wire::FrameType::ack, wire::Ack{{batch.seq}, 0, 0}, out);
    }

    asio::ip::tcp::acceptor acceptor_;
    std::unique_ptr<tls::Context> context_;
};

class Load : public ::testing::Test {
protected:
    Load()
        : authority_(x509::make_authority("test", system_clock().wall() - std::chrono::hours(1),
                                          system_clock().wall() + std::chrono::hours(24 * 60))
                         .value()),
          collector_(io_, authority_),
          folder_(std::filesystem::temp_directory_path() / ("vonggac-load-" + crypto::random_text(10))) {
        std::filesystem::create_directories(folder_);
        std::ofstream(folder_ / "ca.key") << authority_.private_pem;
        std::ofstream(folder_ / "ca.crt") << authority_.certificate_pem;
        options_.plan.collector = {{asio::ip::address_v4::loopback(), collector_.port()}, "127.0.0.1"};
    }
    ~Load() override { std::filesystem::remove_all(folder_); }

    Figures go(std::size_t agents) {
        Figures figures;
        asio::co_spawn(io_, run(options_, sign_all(folder_.string(), agents).value(), figures),
                       [this](std::exception_ptr thrown) {
                           collector_.stop();
                           rethrow(thrown);
                       });
        io_.run();
        return figures;
    }

    asio::io_context io_{1};
    x509::Identity authority_;
    ScriptedCollector collector_;
    std::filesystem::path folder_;
    RunOptions options_;
};

TEST_F(Load, AFloodIsAcknowledgedToTheLastBatch) {
    options_.mode = Mode::flood;
    options_.plan.batches = 30;
    options_.plan.points = 5;
    options_.plan.window = 4;
    const auto figures = go(3);
    EXPECT_EQ(figures.first_error, "");
    EXPECT_EQ(figures.welcomed, 3U);
    EXPECT_EQ(figures.samples_acked, 3U * 30 * 5 * series_per_host);
    EXPECT_EQ(collector_.samples, figures.samples_acked);
    EXPECT_EQ(figures.acked, figures.batches);
    EXPECT_EQ(figures.latencies_us.size(), figures.batches);
    EXPECT_EQ(collector_.names, 3U * series_per_host);
    EXPECT_EQ(collector_.facts, 3U * 2 * 5);
    EXPECT_EQ(collector_.events, 3U);
    EXPECT_EQ(collector_.byes, 3U);
}

TEST_F(Load, AReportWithoutAnAckIsMissed) {
    options_.plan.every = Millis(50);
    options_.plan.reports = 3;
    collector_.forgotten = {4};  // the first report is three batches: samples, facts, event
    const auto figures = go(1);
    EXPECT_EQ(figures.reports, 3U);
    EXPECT_GE(figures.missed, 1U);
    EXPECT_EQ(figures.batches, 5U);
    EXPECT_EQ(figures.acked, 4U);
    EXPECT_EQ(collector_.heartbeats, 3U);
}

TEST_F(Load, IdentitiesAreKeptBetweenRuns) {
    const auto members = sign_all(folder_.string(), 2).value();
    const auto file = (folder_ / "identities").string();
    ASSERT_TRUE(write_members(file, members));
    const auto back = read_members(file);
    ASSERT_TRUE(back) << back.error().message;
    ASSERT_EQ(back->size(), 2U);
    EXPECT_EQ((*back)[1].id, members[1].id);
    EXPECT_EQ((*back)[1].identity.private_pem, members[1].identity.private_pem);
}

}  // namespace
}  // namespace vg::load
