// vonggac-remote-write: the same hosts, series and batches as vonggac-load, pushed into a Prometheus by its own
// protocol (remote write 0.1.0: protobuf, written by hand, in snappy), so that both are measured with one load in one
// run. Requests are made before the clock starts; prints one JSON line.
#include "base/bytes.hpp"
#include "tests/load/figures.hpp"
#include "tests/load/stream.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <snappy-c.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <thread>

namespace {

using namespace vg;
namespace asio = boost::asio;

constexpr unsigned varint_field = 0, fixed64_field = 1, sized_field = 2;  // protobuf wire types

void key(Writer& out, unsigned field, unsigned type) { out.varint(field << 3 | type); }

void sized(Bytes& to, unsigned field, ByteView content) {
    Writer out(to);
    key(out, field, sized_field);
    out.sized(content);
}

void label(Bytes& series, std::string_view name, std::string_view value) {
    Bytes pair;
    sized(pair, 1, view_of(name));
    sized(pair, 2, view_of(value));
    sized(series, 1, pair);
}

Bytes labels(std::size_t host, const wire::SeriesName& name) {
    std::string metric = name.metric;
    std::replace(metric.begin(), metric.end(), '.', '_');
    Bytes out;
    label(out, "__name__", metric);
    label(out, "host", "commune-" + std::to_string(host));
    label(out, "site", "office");
    label(out, "target", name.target);
    return out;
}

Bytes sample(double value, std::int64_t at_ms) {
    Bytes bytes;
    Writer out(bytes);
    key(out, 1, fixed64_field);
    out.f64(value);
    key(out, 2, varint_field);
    out.varint(static_cast<std::uint64_t>(at_ms));
    return bytes;
}

// Every series of one host with `points` samples, appended to a write request.
void add_host(Bytes& message, std::size_t host, load::HostStream& stream, std::int64_t first_ms, std::size_t points) {
    std::vector<Bytes> series;
    for (const auto& name : load::series_names()) series.push_back(labels(host, name));
    for (std::size_t point = 0; point < points; ++point) {
        stream.step();
        for (std::size_t i = 0; i < series.size(); ++i)
            sized(series[i], 2,
                  sample(stream.values()[i], first_ms + load::step_ms * static_cast<std::int64_t>(point)));
    }
    for (const auto& one : series) sized(message, 1, one);
}

std::string request(const Bytes& message) {
    std::string packed(snappy_max_compressed_length(message.size()), '\0');
    std::size_t size = packed.size();
    snappy_compress(reinterpret_cast<const char*>(message.data()), message.size(), packed.data(), &size);
    packed.resize(size);
    return "POST /api/v1/write HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: snappy\r\n"
           "Content-Type: application/x-protobuf\r\nX-Prometheus-Remote-Write-Version: 0.1.0\r\nContent-Length: " +
           std::to_string(size) + "\r\n\r\n" + packed;
}

struct Wanted {
    std::size_t hosts = 25, batches = 100, points = 10, together = 1, connections = 2;
    std::uint16_t port = 0;
    std::int64_t start_s = 0;
};

// In order of time; a host stays on its connection, so that its order is kept.
std::vector<std::vector<std::string>> requests_of(const Wanted& w) {
    std::vector<load::HostStream> streams;
    for (std::size_t host = 0; host < w.hosts; ++host) streams.emplace_back(host);
    std::vector<std::vector<std::string>> out(w.connections);
    for (std::size_t batch = 0; batch < w.batches; ++batch)
        for (std::size_t first = 0; first < w.hosts; first += w.together) {
            Bytes message;
            const auto at_ms = 1000 * w.start_s + load::step_ms * static_cast<std::int64_t>(batch * w.points);
            for (std::size_t host = first; host < std::min(first + w.together, w.hosts); ++host)
                add_host(message, host, streams[host], at_ms, w.points);
            out[first / w.together % w.connections].push_back(request(message));
        }
    return out;
}

// Sends one after the other over one connection; gives how many were not taken.
std::size_t push(const asio::ip::tcp::endpoint& to, const std::vector<std::string>& requests) {
    asio::io_context io;
    asio::ip::tcp::socket socket(io);
    socket.connect(to);
    socket.set_option(asio::ip::tcp::no_delay(true));
    std::size_t refused = 0;
    std::string answer;
    for (const auto& one : requests) {
        asio::write(socket, asio::buffer(one));
        const auto end = asio::read_until(socket, asio::dynamic_buffer(answer), "\r\n\r\n");
        if (!answer.starts_with("HTTP/1.1 20") && refused++ == 0) std::fprintf(stderr, "%s\n", answer.c_str());
        answer.erase(0, end);
    }
    return refused;
}

}  // namespace

int main(int argc, char** argv) {
    Wanted w;
    CLI::App app{"Load for a Prometheus that takes remote write"};
    app.add_option("--port", w.port, "On 127.0.0.1")->required();
    app.add_option("--agents", w.hosts, "How many hosts");
    app.add_option("--batches", w.batches, "Batches a host");
    app.add_option("--points", w.points, "Samples a series in one request");
    app.add_option("--together", w.together, "Hosts in one request")->check(CLI::Range(1, 1000));
    app.add_option("--connections", w.connections, "Requests on the way at once")->check(CLI::Range(1, 64));
    app.add_option("--start", w.start_s, "Unix time of the first sample")->required();
    CLI11_PARSE(app, argc, argv);

    const auto requests = requests_of(w);
    std::size_t bytes = 0;
    for (const auto& mine : requests)
        for (const auto& one : mine) bytes += one.size();

    const asio::ip::tcp::endpoint to(asio::ip::address_v4::loopback(), w.port);
    std::atomic<std::size_t> refused{0};
    const auto cpu = load::process_cpu_seconds();
    const auto start = load::Steady::now();
    {
        std::vector<std::jthread> threads;
        for (const auto& mine : requests) threads.emplace_back([&] { refused += push(to, mine); });
    }
    const auto seconds = std::chrono::duration<double>(load::Steady::now() - start).count();
    const auto samples = static_cast<double>(w.hosts * w.batches * w.points * load::series_per_host);
    std::printf(
        "{\"samples\":%.0f,\"seconds\":%.3f,\"samples_per_s\":%.0f,\"refused\":%zu,\"bytes_per_sample\":%.2f,"
        "\"cpu_s\":%.2f}\n",
        samples, seconds, samples / seconds, refused.load(), static_cast<double>(bytes) / samples,
        load::process_cpu_seconds() - cpu);
    return refused == 0 ? 0 : 1;
}
