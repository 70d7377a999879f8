#pragma once
// One virtual agent: a real TLS session that says hello, names its series, sends batches and counts their acks.
// Made by main, lives until its coroutines end; everything on the one io_context thread.

#include "base/tls.hpp"
#include "tests/load/figures.hpp"
#include "tests/load/identities.hpp"
#include "tests/load/stream.hpp"
#include "wire/messages.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <unordered_map>
#include <vector>

namespace vg::load {

struct Ready {  // a batch whose body was made beforehand
    wire::BatchClass batch_class = wire::BatchClass::samples;
    Bytes body;
    std::uint64_t samples = 0;
};

struct Plan {
    Collector collector;
    std::size_t batches = 100;  // flood: of samples, an agent
    std::size_t points = 10;    // flood: values a series in one batch
    std::size_t window = 64;    // flood: batches on the way at once
    Millis every{60'000};       // sessions: between two reports
    std::size_t reports = 0;    // sessions: how many
    int wrong_clocks = 0;       // of every ten agents: half of them stand at 1970, half at 2038
    bool keeps_acks = false;    // for write_acks
};

class VirtualAgent : public std::enable_shared_from_this<VirtualAgent> {
public:
    VirtualAgent(asio::any_io_executor executor, const Plan& plan, Figures& figures, Member member, std::size_t number);

    void prepare_flood();
    // Connects and says hello; true when the collector welcomed us.
    [[nodiscard]] asio::awaitable<bool> connect();
    // Reads acks until the connection ends.
    [[nodiscard]] asio::awaitable<void> listen();
    // Sends everything that was prepared, a window at a time, and waits for the last ack.
    [[nodiscard]] asio::awaitable<void> flood();
    // A report every so often, the first after `delay`.
    [[nodiscard]] asio::awaitable<void> report(Millis delay);
    [[nodiscard]] asio::awaitable<void> farewell();
    void close();
    void write_acks(std::ostream& out) const;  // a line each: AGENT EPOCH SEQ

private:
    struct Sent {
        Steady::time_point at;
        std::uint64_t samples;
    };
    [[nodiscard]] std::int64_t mono_ms() const;
    [[nodiscard]] std::int64_t device_wall_ms() const;  // what this machine believes
    [[nodiscard]] wire::Hello hello() const;
    [[nodiscard]] Ready sample_batch(std::int64_t first_ms, std::size_t points);
    [[nodiscard]] Ready fact_batch(std::int64_t at_ms);
    [[nodiscard]] Ready event_batch(std::int64_t at_ms, const std::string& kind);
    void append(const Ready& ready, Bytes& out);
    void take(const wire::Frame& frame);
    void take_ack(const wire::Ack& ack);
    void broke(const Error& error);
    [[nodiscard]] asio::awaitable<bool> write(const Bytes& bytes);
    [[nodiscard]] asio::awaitable<void> send_names();       // those that the welcome did not know
    [[nodiscard]] asio::awaitable<void> rest(Millis time);  // or until something came

    const Plan& plan_;
    Figures& figures_;
    Member member_;
    HostStream stream_;
    std::string host_;
    tls::Context context_;
    std::optional<tls::Stream> tls_;
    asio::any_io_executor executor_;
    asio::steady_timer news_;
    std::vector<Ready> prepared_;
    std::vector<std::uint64_t> acked_;
    std::size_t number_;
    std::unordered_map<std::uint64_t, Sent> waiting_;
    std::uint64_t epoch_, next_seq_ = 1, next_event_ = 1;
    crypto::Digest chain_{};
    std::string boot_id_;
    wire::SeriesId names_known_ = 0;
    std::int64_t mono_at_start_ms_ = 3'600'000;
    Steady::time_point start_ = Steady::now();
    bool welcomed_ = false, broken_ = false, leaving_ = false;
};

}  // namespace vg::load
