#include "wire/messages.hpp"

#include "wire/field_reader.hpp"
#include "wire/texts.hpp"

#include <algorithm>

namespace vg::wire {
namespace {

// How a boot is written: its id as 16 bytes or as text or not at all, and whether its clock follows.
enum BootForm : std::uint8_t { id_none = 0, id_binary = 1, id_text = 2, id_mask = 3, with_clock = 4, with_offset = 8 };

std::uint8_t form_of(const BootInfo& boot) {
    const bool hex = boot.boot_id.size() == 32 && std::all_of(boot.boot_id.begin(), boot.boot_id.end(), [](char c) {
                         return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                     });
    unsigned form = boot.boot_id.empty() ? id_none : hex ? id_binary : id_text;
    if (boot.device_wall_at_zero_ms != 0 || boot.last_mono_ms != 0) form |= with_clock;
    if (boot.corrected_at_zero_ms || boot.error_ms != 0) form |= with_offset;
    return static_cast<std::uint8_t>(form);
}

void write_boot(const BootInfo& boot, Writer& out) {
    const auto form = form_of(boot);
    out.u8(form);
    if ((form & id_mask) == id_binary) out.bytes(*crypto::from_hex(boot.boot_id));
    if ((form & id_mask) == id_text) out.text(clip(boot.boot_id));
    if ((form & with_clock) != 0) {
        out.svarint(boot.device_wall_at_zero_ms);
        out.svarint(boot.last_mono_ms);
    }
    if ((form & with_offset) != 0) {
        out.u8(boot.corrected_at_zero_ms ? 1 : 0);
        if (boot.corrected_at_zero_ms) out.svarint(*boot.corrected_at_zero_ms);
        out.svarint(boot.error_ms);
    }
}

BootInfo read_boot(FieldReader& in) {
    BootInfo boot;
    const auto form = in.u8("boot form", with_offset | with_clock | id_mask);
    if ((form & id_mask) == id_mask) in.refuse("boot form", "is unknown");
    if ((form & id_mask) == id_binary) boot.boot_id = crypto::to_hex(in.bytes("boot id", 16));
    if ((form & id_mask) == id_text) boot.boot_id = in.text("boot id");
    if ((form & with_clock) != 0) {
        boot.device_wall_at_zero_ms = in.time_ms("device wall at zero");
        boot.last_mono_ms = in.time_ms("last monotonic time");
    }
    if ((form & with_offset) != 0) {
        if (in.u8("offset known", 1) != 0) boot.corrected_at_zero_ms = in.time_ms("corrected wall at zero");
        boot.error_ms = in.time_ms("error of the offset");
    }
    return boot;
}

// Ascending ranges cost two small numbers each; any order is carried.
void write_range(const SeqRange& range, std::uint64_t& before, Writer& out) {
    out.svarint(static_cast<std::int64_t>(range.first - before));
    out.svarint(static_cast<std::int64_t>(range.last - range.first));
    before = range.last;
}

SeqRange read_range(FieldReader& in, std::uint64_t& before) {
    SeqRange range;
    range.first = before + static_cast<std::uint64_t>(in.svarint("first of a range"));
    range.last = range.first + static_cast<std::uint64_t>(in.svarint("last of a range"));
    if (range.last < range.first) in.refuse("range", "ends before it starts");
    before = range.last;
    return range;
}

BatchClass read_class(FieldReader& in) {
    const auto value = in.u8("class", static_cast<std::uint8_t>(BatchClass::samples));
    if (value == 0) in.refuse("class", "is unknown");
    return static_cast<BatchClass>(in.ok() ? value : static_cast<std::uint8_t>(BatchClass::samples));
}

void read_lost(FieldReader& in, std::vector<LostRange>& lost) {
    std::uint64_t before = 0;
    TextReader reasons(in);
    const auto n = in.count("lost ranges", limits::max_ranges);
    for (std::size_t i = 0; i < n && in.ok(); ++i) {
        LostRange range;
        range.seqs = read_range(in, before);
        range.batch_class = read_class(in);
        range.items = in.varint("lost items");
        range.reason = reasons.read("reason");
        lost.push_back(std::move(range));
    }
}

}  // namespace

Bytes encode(const Hello& m) {
    Bytes bytes;
    Writer out(bytes);
    out.varint(m.version);
    out.text(clip(m.software));
    out.text(clip(m.host_name));
    out.fixed64(m.spool_epoch);
    out.varint(m.next_seq);
    out.varint(m.names_defined);
    out.text(clip(m.assignment_version));
    write_boot(m.boot, out);
    out.svarint(m.mono_ms);
    out.svarint(m.began_ms);
    std::uint64_t before = 0;
    TextWriter reasons(out);
    out.varint(std::min(m.lost.size(), limits::max_ranges));
    for (std::size_t i = 0; i < std::min(m.lost.size(), limits::max_ranges); ++i) {
        write_range(m.lost[i].seqs, before, out);
        out.u8(static_cast<std::uint8_t>(m.lost[i].batch_class));
        out.varint(m.lost[i].items);
        reasons.write(m.lost[i].reason);
    }
    return bytes;
}

// Any version is read as far as its number, so that the refusal can name it.
template <>
Result<Hello> decode<Hello>(ByteView payload) {
    FieldReader in("hello", payload);
    Hello m;
    m.version = in.varint("version");
    if (in.ok() && m.version != limits::protocol_version) return m;
    m.software = in.text("software");
    m.host_name = in.text("host name");
    m.spool_epoch = in.raw().fixed64();
    in.check("spool epoch");
    m.next_seq = in.varint("next seq");
    m.names_defined = static_cast<SeriesId>(in.varint("names defined", limits::max_series_per_agent));
    m.assignment_version = in.text("assignment version");
    m.boot = read_boot(in);
    m.mono_ms = in.time_ms("monotonic time");
    m.began_ms = in.time_ms("begin of the run");
    read_lost(in, m.lost);
    return finished(in, std::move(m));
}

Bytes encode(const Welcome& m) {
    Bytes bytes;
    Writer out(bytes);
    out.varint(m.version);
    out.varint(m.names_known);
    out.svarint(m.collector_wall_ms);
    std::uint64_t before = 0;
    out.varint(std::min(m.missing.size(), limits::max_ranges));
    for (std::size_t i = 0; i < std::min(m.missing.size(), limits::max_ranges); ++i)
        write_range(m.missing[i], before, out);
    return bytes;
}

template <>
Result<Welcome> decode<Welcome>(ByteView payload) {
    FieldReader in("welcome", payload);
    Welcome m;
    m.version = in.varint("version");
    if (in.ok() && m.version != limits::protocol_version) return m;
    m.names_known = static_cast<SeriesId>(in.varint("names known", limits::max_series_per_agent));
    m.collector_wall_ms = in.time_ms("collector wall");
    std::uint64_t before = 0;
    const auto n = in.count("missing ranges", limits::max_ranges);
    for (std::size_t i = 0; i < n && in.ok(); ++i) m.missing.push_back(read_range(in, before));
    return finished(in, std::move(m));
}

Bytes encode(const Batch& m) {
    Bytes bytes;
    bytes.reserve(m.body.size() + 64);
    Writer out(bytes);
    out.varint(m.seq);
    out.u8(static_cast<std::uint8_t>(m.batch_class));
    write_boot(m.boot, out);
    out.svarint(m.sent_mono_ms);
    out.bytes(m.body);
    return bytes;
}

template <>
Result<Batch> decode<Batch>(ByteView payload) {
    FieldReader in("batch", payload);
    Batch m;
    m.seq = in.varint("seq");
    if (m.seq == 0) in.refuse("seq", "is zero");
    m.batch_class = read_class(in);
    m.boot = read_boot(in);
    m.sent_mono_ms = in.time_ms("sent at");
    const auto body = in.bytes("body", in.left());
    m.body.assign(body.begin(), body.end());
    return finished(in, std::move(m));
}

Bytes encode(const Ack& m) {
    Bytes bytes;
    Writer out(bytes);
    std::uint64_t before = 0;
    out.varint(m.seqs.size());
    for (const auto seq : m.seqs) {
        out.svarint(static_cast<std::int64_t>(seq - before));
        before = seq;
    }
    out.svarint(m.corrected_at_zero_ms);
    out.svarint(m.error_ms);
    return bytes;
}

template <>
Result<Ack> decode<Ack>(ByteView payload) {
    FieldReader in("ack", payload);
    Ack m;
    std::uint64_t before = 0;
    const auto n = in.count("seqs", limits::max_ranges);
    for (std::size_t i = 0; i < n && in.ok(); ++i)
        m.seqs.push_back(before += static_cast<std::uint64_t>(in.svarint("seq")));
    m.corrected_at_zero_ms = in.time_ms("corrected wall at zero");
    m.error_ms = in.time_ms("error of the offset");
    return finished(in, std::move(m));
}

Bytes encode(const Heartbeat& m) {
    Bytes bytes;
    Writer out(bytes);
    out.svarint(m.mono_ms);
    out.svarint(m.device_wall_ms);
    out.varint(m.spool_batches);
    out.varint(m.spool_bytes);
    out.varint(m.bytes_today);
    out.u8(m.metered);
    out.varint(m.next_in_ms);
    return bytes;
}

template <>
Result<Heartbeat> decode<Heartbeat>(ByteView payload) {
    FieldReader in("heartbeat", payload);
    Heartbeat m;
    m.mono_ms = in.time_ms("monotonic time");
    m.device_wall_ms = in.time_ms("device wall");
    m.spool_batches = in.varint("spool batches");
    m.spool_bytes = in.varint("spool bytes");
    m.bytes_today = in.varint("bytes today");
    m.metered = in.u8("metered", 1);
    m.next_in_ms = static_cast<std::uint32_t>(in.varint("next in", UINT32_MAX));
    return finished(in, m);
}

Bytes encode(const Pulse& m) {
    Bytes bytes;
    Writer out(bytes);
    out.svarint(m.mono_ms_echo);
    out.svarint(m.collector_wall_ms);
    return bytes;
}

template <>
Result<Pulse> decode<Pulse>(ByteView payload) {
    FieldReader in("pulse", payload);
    Pulse m;
    m.mono_ms_echo = in.time_ms("echoed monotonic time");
    m.collector_wall_ms = in.time_ms("collector wall");
    return finished(in, m);
}

Bytes encode(const Names& m) {
    Bytes bytes;
    Writer out(bytes);
    TextWriter texts(out);
    out.varint(m.first);
    out.varint(m.names.size());
    for (const auto& name : m.names) {
        texts.write(name.metric);
        texts.write(name.target);
        texts.write(name.unit);
    }
    return bytes;
}

template <>
Result<Names> decode<Names>(ByteView payload) {
    FieldReader in("names", payload);
    TextReader texts(in);
    Names m;
    m.first = static_cast<SeriesId>(in.varint("first series", limits::max_series_per_agent));
    if (m.first == 0) in.refuse("first series", "is zero");
    const auto n = in.count("names", limits::max_series_per_agent);
    if (m.first + n - 1 > limits::max_series_per_agent) in.refuse("names", "are over the limit");
    for (std::size_t i = 0; i < n && in.ok(); ++i) {
        auto metric = texts.read("metric");
        auto target = texts.read("target");
        m.names.push_back({std::move(metric), std::move(target), texts.read("unit")});
    }
    return finished(in, std::move(m));
}

Bytes encode(const Assignment& m) {
    Bytes bytes;
    Writer out(bytes);
    out.text(clip(m.version));
    out.text(m.yaml);
    return bytes;
}

template <>
Result<Assignment> decode<Assignment>(ByteView payload) {
    FieldReader in("assignment", payload);
    Assignment m;
    m.version = in.text("version");
    m.yaml = in.text("yaml", limits::max_frame);
    return finished(in, std::move(m));
}

}  // namespace vg::wire
