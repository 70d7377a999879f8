#include "tests/wire/golden_cases.hpp"

#include "wire/columns.hpp"

#include <sstream>

namespace vg::wire::golden {
namespace {

const std::string boot_id = "00112233445566778899aabbccddeeff";

template <class M>
Case message(const std::string& name, const std::string& meaning, FrameType type, const M& m) {
    Bytes bytes;
    append_message(type, m, bytes);
    return {name, meaning, bytes,
            [type](ByteView in) -> Result<Bytes> {
                FrameParser parser(1 << 20);
                parser.feed(in);
                auto frame = parser.next();
                if (frame.has_error()) return frame.error();
                if (!*frame || parser.buffered() != 0)
                    return fail(Errc::invalid_input, value_of("not one whole frame"));
                if ((*frame)->type != type) return fail(Errc::invalid_input, value_of("another type"));
                const auto read = decode<M>((*frame)->payload);
                if (!read) return read.error();
                Bytes again;
                append_message(type, *read, again);
                return again;
            },
            false};
}

template <class Decode>
Case body(const std::string& name, const std::string& meaning, Bytes bytes, Decode decode) {
    const bool compressed = (bytes[0] & 0x80) != 0;
    return {name, meaning, std::move(bytes),
            [decode](ByteView in) -> Result<Bytes> {
                const auto read = decode(in);
                if (!read) return read.error();
                return encode(*read);
            },
            compressed};
}

Case column(const std::string& name, const std::string& meaning, const std::vector<double>& values) {
    Bytes bytes;
    Writer out(bytes);
    encode_values(values, out);
    return {name, meaning, bytes,
            [n = values.size()](ByteView in) -> Result<Bytes> {
                Reader reader(in);
                std::vector<double> read;
                if (!decode_values(reader, n, read) || !reader.done())
                    return fail(Errc::invalid_input, value_of("not a column"));
                Bytes again;
                Writer writer(again);
                encode_values(read, writer);
                return again;
            },
            false};
}

std::vector<double> counted(std::size_t n, double (*value)(std::size_t)) {
    std::vector<double> out;
    for (std::size_t i = 0; i < n; ++i) out.push_back(value(i));
    return out;
}

void add_messages(std::vector<Case>& all) {
    const BootInfo boot{boot_id, 1'790'000'000'000, 90'000, 1'790'000'000'123, 40};
    all.push_back(message("hello", "hello, one lost range, version 1", FrameType::hello,
                          Hello{1,
                                "vonggac-agent 0.1.0",
                                "ha01-pc2",
                                0x0123456789abcdef,
                                1007,
                                40,
                                "a1b2",
                                boot,
                                90'000,
                                60'000,
                                {{{5, 9}, BatchClass::samples, 812, "spool_full"}}}));
    all.push_back(message("welcome", "welcome, batches 3 to 4 and 9 are missing", FrameType::welcome,
                          Welcome{1, 40, 1'790'000'090'123, {{3, 4}, {9, 9}}}));
    all.push_back(message("batch", "batch 77 of facts, in the session's boot", FrameType::batch,
                          Batch{77, BatchClass::facts, {boot_id, 0, 0, std::nullopt, 0}, 91'000, {0x02, 0x00}}));
    all.push_back(message("batch_of_older_boot", "batch 78 of events, with what is known of an older boot's clock",
                          FrameType::batch, Batch{78, BatchClass::events, boot, 91'500, {0x01, 0x01, 0x00}}));
    all.push_back(message("ack", "ack of 5, 6, 9", FrameType::ack, Ack{{5, 6, 9}, 1'790'000'000'123, 12}));
    all.push_back(message("heartbeat", "heartbeat, metered, next in 5 minutes", FrameType::heartbeat,
                          Heartbeat{91'000, 1'790'000'091'000, 2, 700, 123'456, 1, 300'000}));
    all.push_back(message("pulse", "pulse", FrameType::pulse, Pulse{91'000, 1'790'000'091'123}));
    all.push_back(message("names", "names of series 3 and 4", FrameType::names,
                          Names{3, {{"icmp.rtt_min", "hop", "ms"}, {"icmp.rtt_max", "hop", "ms"}}}));
    all.push_back(message("assignment", "assignment", FrameType::assignment, Assignment{"a1b2", "site: HA01\n"}));
    all.push_back(message("refuse", "refusal of batch 9", FrameType::refuse,
                          Refuse{RefuseCode::batch_conflict, "batch 9 came before with other bytes", 9, 0}));
    all.push_back(message("refuse_connection", "refusal that ends the connection", FrameType::refuse,
                          Refuse{RefuseCode::overloaded, "too many agents", std::nullopt, 30'000}));
    all.push_back(message("enrol", "enrolment", FrameType::enrol, Enrol{"abcdefgh234567", "PEM", "ha01-pc2", "m1"}));
    all.push_back(message("renew", "renewal", FrameType::renew, Renew{"PEM"}));
    all.push_back(message("certificate", "certificate", FrameType::certificate,
                          Certificate{"0011223344556677", "CHAIN", "AUTHORITY"}));
    all.push_back(message("bye", "farewell", FrameType::bye, Bye{"restart"}));
}

void add_columns(std::vector<Case>& all) {
    all.push_back(column("column_zero", "10 values 0", std::vector<double>(10, 0.0)));
    all.push_back(column("column_constant", "10 values 99.5", std::vector<double>(10, 99.5)));
    all.push_back(column("column_constant_f64", "10 values 1/3", std::vector<double>(10, 1.0 / 3)));
    all.push_back(
        column("column_packed", "12.31 12.4 12.27 12.35 12.29 12.33", {12.31, 12.4, 12.27, 12.35, 12.29, 12.33}));
    all.push_back(column("column_line", "20 values from 1000 by 30",
                         counted(20, [](std::size_t i) { return 1000.0 + 30 * static_cast<double>(i); })));
    all.push_back(column("column_rice", "200 values, rare outliers", counted(200, [](std::size_t i) {
                             return i % 50 == 7 ? 1000.0 + static_cast<double>(i) : 0.0;
                         })));
    all.push_back(
        column("column_delta2", "20 squares", counted(20, [](std::size_t i) { return static_cast<double>(i * i); })));
    all.push_back(column("column_tens", "multiples of a thousand", {4000, 9000, 1000, 7000}));
    all.push_back(column("column_xor", "1/3 2/3 -1/3 1/3", {1.0 / 3, 2.0 / 3, -1.0 / 3, 1.0 / 3}));
    all.push_back(column("column_minus_zero", "0 and -0", {0.0, -0.0}));
}

SampleBody samples(std::size_t points) {
    SampleBody body{{{1, {}, {}}, {2, {}, {}}, {7, {}, {}}}};
    for (std::size_t i = 0; i < points; ++i)
        for (auto& column : body.columns) {
            column.at_ms.push_back(3'600'000 + 30'000 * static_cast<std::int64_t>(i) + (column.series == 7 ? 500 : 0));
            column.values.push_back(static_cast<double>((i * 37 * column.series) % 101) / 10);
        }
    return body;
}

EventBody events(std::uint64_t first, std::size_t n) {
    EventBody body{first, {}, {}};
    if (first != 1) body.before.fill(0xab);
    for (std::size_t i = 0; i < n; ++i)
        body.events.push_back({"login.failed",
                               Severity::medium,
                               {SubjectKind::device, "host"},
                               {{"user", "root"}, {"src_ip", "10.0.0.9"}},
                               Mono(Millis(1000 + 7 * i))});
    return body;
}

void add_bodies(std::vector<Case>& all) {
    const Mono at(Millis(123'456));
    const FactBody facts{{
        {{{SubjectKind::site, ""}, "active_uplink", std::string("fibre")}, at},
        {{{SubjectKind::uplink, "fibre"}, "up", true}, at + Millis(5)},
        {{{SubjectKind::uplink, "mobile"}, "up", std::monostate{}}, at - Millis(5)},
        {{{SubjectKind::agent, ""}, "uptime_s", std::int64_t{77}}, at},
        {{{SubjectKind::agent, ""}, "cpu_percent", 12.5}, at},
    }};
    all.push_back(body("samples", "three series of ten values", encode(samples(10)), decode_samples));
    auto twins = samples(10);
    twins.columns[1].values = twins.columns[0].values;
    all.push_back(body("samples_same", "two of three series have the same values", encode(twins), decode_samples));
    all.push_back(body("samples_none", "no samples", encode(SampleBody{}), decode_samples));
    all.push_back(body("facts", "five facts", encode(facts), decode_facts));
    all.push_back(body("events_first", "the first event of an agent", encode(events(1, 1)), decode_events));
    all.push_back(body("events_later", "event 8, after a chain head", encode(events(8, 1)), decode_events));
    all.push_back(body("events_compressed", "40 events, compressed", encode(events(8, 40)), decode_events));
}

}  // namespace

std::vector<Case> cases() {
    std::vector<Case> all;
    add_messages(all);
    add_columns(all);
    add_bodies(all);
    return all;
}

std::string to_file(const Case& one) {
    std::string out = "# " + one.meaning + "\n";
    const auto hex = crypto::to_hex(one.bytes);
    constexpr std::size_t line = 64;
    for (std::size_t at = 0; at < hex.size(); at += line) out += hex.substr(at, line) + "\n";
    return out;
}

Bytes from_file(const std::string& text) {
    std::istringstream in(text);
    std::string line, hex;
    while (std::getline(in, line))
        if (!line.starts_with('#')) hex += line;
    return crypto::from_hex(hex).value();
}

}  // namespace vg::wire::golden
