#include "tests/load/virtual_agent.hpp"

#include "wire/limits.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace vg::load {
namespace {

constexpr std::size_t write_at_least = 128 * 1024;
constexpr std::size_t facts_every = 20, events_every = 100;  // flood: among the batches of samples

tls::Context context_of(const Member& member) {
    tls::Context::Options options;
    options.identity = member.identity;
    options.trusted_pem = member.authority_pem;
    options.alpn = {wire::limits::alpn_agent};
    return std::move(tls::Context::make(options).value());
}

tls::Deadline in(std::chrono::seconds time) { return Steady::now() + time; }

}  // namespace

VirtualAgent::VirtualAgent(asio::any_io_executor executor, const Plan& plan, Figures& figures, Member member,
                           std::size_t number)
    : plan_(plan),
      figures_(figures),
      member_(std::move(member)),
      stream_(number),
      host_("load-" + std::to_string(number)),
      context_(context_of(member_)),
      executor_(executor),
      news_(executor),
      number_(number),
      epoch_(crypto::random_u64()),
      boot_id_(crypto::to_hex(crypto::random_bytes(16))) {}

std::int64_t VirtualAgent::mono_ms() const {
    return mono_at_start_ms_ + std::chrono::duration_cast<Millis>(Steady::now() - start_).count();
}

std::int64_t VirtualAgent::device_wall_ms() const {
    const auto wall = system_clock().wall().time_since_epoch().count();
    if (static_cast<int>(number_ % 10) >= plan_.wrong_clocks) return wall;
    constexpr std::int64_t year_2038 = 2'147'483'640'000;  // seconds before the 32-bit clock's end
    return number_ / 10 % 2 == 0 ? mono_ms() : year_2038 + mono_ms();
}

void VirtualAgent::prepare_flood() {
    std::int64_t at = 3'600'000;
    for (std::size_t i = 0; i < plan_.batches; ++i) {
        if (i % facts_every == 0) prepared_.push_back(fact_batch(at));
        if (i % events_every == 0) prepared_.push_back(event_batch(at, "lan.new_host"));
        prepared_.push_back(sample_batch(at, plan_.points));
        at += step_ms * static_cast<std::int64_t>(plan_.points);
    }
    mono_at_start_ms_ = at;
    start_ = Steady::now();
}

Ready VirtualAgent::sample_batch(std::int64_t first_ms, std::size_t points) {
    wire::SampleBody body;
    body.columns.resize(series_per_host);
    for (std::size_t point = 0; point < points; ++point) {
        stream_.step();
        for (std::size_t i = 0; i < series_per_host; ++i) {
            body.columns[i].series = static_cast<wire::SeriesId>(i + 1);
            // Six probes take their turns within the thirty seconds; series of one probe share their times.
            const auto probe = static_cast<std::int64_t>(i * 6 / series_per_host);
            body.columns[i].at_ms.push_back(first_ms + step_ms * static_cast<std::int64_t>(point) + 4900 * probe +
                                            static_cast<std::int64_t>((point * 7 + i * 6 / series_per_host) % 3));
            body.columns[i].values.push_back(stream_.values()[i]);
        }
    }
    return {wire::BatchClass::samples, wire::encode(body), points * series_per_host};
}

Ready VirtualAgent::fact_batch(std::int64_t at_ms) {
    using enum wire::SubjectKind;
    const Mono at{Millis(at_ms)};
    const wire::FactBody body{{
        {{{site, ""}, "active_uplink", std::string("fibre")}, at},
        {{{agent, ""}, "cpu_percent", stream_.values()[0]}, at},
        {{{agent, ""}, "memory_percent", stream_.values()[1]}, at},
        {{{agent, ""}, "uptime_s", at_ms / 1000}, at},
        {{{agent, ""}, "clock_synchronised", true}, at},
    }};
    return {wire::BatchClass::facts, wire::encode(body), 0};
}

Ready VirtualAgent::event_batch(std::int64_t at_ms, const std::string& kind) {
    wire::EventBody body{next_event_++, chain_, {}};
    body.events.push_back(
        {kind, wire::Severity::info, {wire::SubjectKind::device, "host"}, {{"host", host_}}, Mono{Millis(at_ms)}});
    chain_ = wire::chain(chain_, body.events[0]);
    return {wire::BatchClass::events, wire::encode(body), 0};
}

wire::Hello VirtualAgent::hello() const {
    wire::Hello hello;
    hello.version = wire::limits::protocol_version;
    hello.software = "vonggac-load " VONGGAC_VERSION;
    hello.host_name = host_;
    hello.spool_epoch = epoch_;
    hello.next_seq = next_seq_;
    hello.names_defined = series_per_host;
    hello.mono_ms = mono_ms();
    hello.boot = {boot_id_, device_wall_ms() - hello.mono_ms, hello.mono_ms, std::nullopt, 0};
    return hello;
}

void VirtualAgent::append(const Ready& ready, Bytes& out) {
    wire::Batch batch;
    batch.seq = next_seq_++;
    batch.batch_class = ready.batch_class;
    batch.boot.boot_id = boot_id_;
    batch.sent_mono_ms = mono_ms();
    batch.body = ready.body;
    wire::append_message(wire::FrameType::batch, batch, out);
    waiting_[batch.seq] = {Steady::now(), ready.samples};
    ++figures_.batches;
}

void VirtualAgent::broke(const Error& error) {
    if (broken_) return;
    broken_ = true;
    if (!leaving_) {
        ++figures_.lost_connections;
        figures_.error(host_ + ": " + error.message);
    }
    news_.cancel();
}

asio::awaitable<bool> VirtualAgent::write(const Bytes& bytes) {
    const auto written = co_await tls_->write_all(bytes, in(std::chrono::seconds(120)));
    if (written.has_error()) broke(written.error());
    figures_.bytes_out += bytes.size();
    co_return written.has_value();
}

asio::awaitable<void> VirtualAgent::send_names() {
    if (broken_ || names_known_ >= series_per_host) co_return;
    const auto& all = series_names();
    wire::Names names{names_known_ + 1, {all.begin() + names_known_, all.end()}};
    Bytes out;
    wire::append_message(wire::FrameType::names, names, out);
    co_await write(out);
}

asio::awaitable<void> VirtualAgent::rest(Millis time) {
    boost::system::error_code woken;
    news_.expires_after(time);
    co_await news_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

asio::awaitable<bool> VirtualAgent::connect() {
    asio::ip::tcp::socket socket(executor_);
    boost::system::error_code failed;
    co_await socket.async_connect(plan_.collector.endpoint, asio::redirect_error(asio::use_awaitable, failed));
    if (failed) {
        broke(fail(Errc::unavailable, value_of(failed.message())));
        co_return false;
    }
    tls_.emplace(std::move(socket), context_);
    const auto shaken = co_await tls_->connect(plan_.collector.server_name, in(std::chrono::seconds(60)));
    if (shaken.has_error()) {
        broke(shaken.error());
        co_return false;
    }
    ++figures_.connected;
    Bytes out;
    wire::append_message(wire::FrameType::hello, hello(), out);
    co_return co_await write(out);
}

asio::awaitable<void> VirtualAgent::listen() {
    const auto self = shared_from_this();
    wire::FrameParser parser(wire::limits::max_frame);
    Bytes room(2048);
    while (!broken_) {
        const auto got = co_await tls_->read_some(room, in(std::chrono::hours(24)));
        if (got.has_error()) {
            broke(got.error());
            break;
        }
        figures_.bytes_in += *got;
        parser.feed(ByteView(room).first(*got));
        for (auto frame = parser.next();; frame = parser.next()) {
            if (frame.has_error()) broke(frame.error());
            if (frame.has_error() || !*frame) break;
            take(**frame);
        }
    }
}

void VirtualAgent::take(const wire::Frame& frame) {
    if (frame.type == wire::FrameType::welcome) {
        const auto welcome = wire::decode<wire::Welcome>(frame.payload);
        if (!welcome) return broke(welcome.error());
        welcomed_ = true;
        names_known_ = welcome->names_known;
        ++figures_.welcomed;
        news_.cancel();
    } else if (frame.type == wire::FrameType::ack) {
        const auto ack = wire::decode<wire::Ack>(frame.payload);
        if (!ack) return broke(ack.error());
        take_ack(*ack);
    } else if (frame.type == wire::FrameType::refuse) {
        const auto refusal = wire::decode<wire::Refuse>(frame.payload);
        ++figures_.refused;
        figures_.error(host_ + " was refused: " +
                       (refusal ? std::string(wire::to_string(refusal->code)) + ", " + refusal->sentence
                                : refusal.error().message));
    }
}

void VirtualAgent::take_ack(const wire::Ack& ack) {
    const auto now = Steady::now();
    for (const auto seq : ack.seqs) {
        const auto sent = waiting_.find(seq);
        if (sent == waiting_.end()) {
            ++figures_.duplicates;
            continue;
        }
        ++figures_.acked;
        figures_.samples_acked += sent->second.samples;
        const auto took = std::chrono::duration_cast<std::chrono::microseconds>(now - sent->second.at).count();
        figures_.latencies_us.push_back(static_cast<std::uint32_t>(std::min<std::int64_t>(took, UINT32_MAX)));
        waiting_.erase(sent);
        if (plan_.keeps_acks) acked_.push_back(seq);
    }
    news_.cancel();
}

asio::awaitable<void> VirtualAgent::flood() {
    const auto self = shared_from_this();
    co_await send_names();
    Bytes out;
    for (std::size_t next = 0; next < prepared_.size() && !broken_;) {
        out.clear();
        while (next < prepared_.size() && waiting_.size() < plan_.window && out.size() < write_at_least)
            append(prepared_[next++], out);
        if (out.empty()) {
            co_await rest(std::chrono::seconds(60));
            continue;
        }
        const bool written = co_await write(out);
        if (!written) break;
    }
    while (!waiting_.empty() && !broken_) co_await rest(std::chrono::seconds(60));
}

asio::awaitable<void> VirtualAgent::report(Millis delay) {
    const auto self = shared_from_this();
    co_await send_names();
    auto due = Steady::now() + delay;
    const auto points = std::max<std::size_t>(1, static_cast<std::size_t>(plan_.every.count() / step_ms));
    for (std::size_t i = 0; i < plan_.reports && !broken_; ++i, due += plan_.every) {
        while (Steady::now() < due && !broken_)
            co_await rest(std::chrono::duration_cast<Millis>(due - Steady::now()) + Millis(1));
        if (broken_) break;
        Bytes out;
        const auto next_in = static_cast<std::uint32_t>(plan_.every.count() * 3 / 2);
        wire::append_message(wire::FrameType::heartbeat,
                             wire::Heartbeat{mono_ms(), device_wall_ms(), waiting_.size(), 0, 0, 1, next_in}, out);
        const auto late = waiting_.size();  // of the report before: its period is over
        figures_.missed += late > 0;
        ++figures_.reports;
        const auto first = mono_ms() - step_ms * static_cast<std::int64_t>(points);
        append(sample_batch(first, points), out);
        if (i == 0) append(fact_batch(mono_ms()), out);
        if (i == 0) append(event_batch(mono_ms(), "agent.started"), out);
        co_await write(out);
    }
    while (!waiting_.empty() && !broken_ && Steady::now() < due) co_await rest(Millis(1000));
    if (!waiting_.empty() || broken_) ++figures_.missed;
}

asio::awaitable<void> VirtualAgent::farewell() {
    leaving_ = true;
    Bytes out;
    wire::append_message(wire::FrameType::bye, wire::Bye{"shutdown"}, out);
    if (!broken_) co_await write(out);
    close();
}

void VirtualAgent::write_acks(std::ostream& out) const {
    for (const auto seq : acked_) out << member_.id << ' ' << epoch_ << ' ' << seq << '\n';
}

void VirtualAgent::close() {
    leaving_ = true;
    if (tls_) tls_->close();
}

}  // namespace vg::load
