#include "wire/body.hpp"

#include "wire/columns.hpp"
#include "wire/field_reader.hpp"
#include "wire/texts.hpp"
#include "wire/zstd_frame.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <numeric>

namespace vg::wire {
namespace {

// First byte of a body: the class, and whether the rest is a size and a Zstandard frame.
constexpr std::uint8_t compressed = 0x80;

std::int64_t ms_of(Mono at) { return at.time_since_epoch().count(); }
Mono mono_of(std::int64_t ms) { return Mono(Millis(ms)); }

Bytes finished(BatchClass batch_class, ByteView plain) {
    const auto head = static_cast<std::uint8_t>(batch_class);
    Bytes out;
    Writer writer(out);
    if (const auto frame = compress(plain)) {
        writer.u8(head | compressed);
        writer.varint(plain.size());
        writer.bytes(*frame);
        if (out.size() <= plain.size()) return out;
        out.clear();
    }
    writer.u8(head);
    writer.bytes(plain);
    return out;
}

// The plain inside of a body of the expected class; `room` holds it when it was compressed.
Result<ByteView> opened(BatchClass expected, ByteView body, Bytes& room) {
    FieldReader in("body", body);
    const auto head = in.u8("class");
    if ((head & ~compressed) != static_cast<std::uint8_t>(expected)) in.refuse("class", "is not the expected one");
    std::uint64_t size = 0;
    if ((head & compressed) != 0) size = in.varint("uncompressed size", limits::max_body);
    if ((head & compressed) == 0 && in.left() > limits::max_body) in.refuse("size", "is over the limit");
    const auto inside = in.bytes("content", in.left());
    if (in.ok() && (head & compressed) != 0 && !decompress(inside, static_cast<std::size_t>(size), room))
        in.refuse("content", "is not a Zstandard frame of the size that was told");
    if (const auto verdict = in.finish(); !verdict) return verdict.error();
    return (head & compressed) != 0 ? ByteView(room) : inside;
}

// A column in order of time and without values that are not finite.
SeriesColumn tidy(const SeriesColumn& column) {
    const auto n = std::min({column.at_ms.size(), column.values.size(), limits::max_column_values});
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < n; ++i)
        if (std::isfinite(column.values[i])) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return column.at_ms[a] < column.at_ms[b]; });
    SeriesColumn out{column.series, {}, {}};
    for (const auto i : order) {
        out.at_ms.push_back(column.at_ms[i]);
        out.values.push_back(column.values[i]);
    }
    return out;
}

// Series that share their times stand together: the times are written once.
using Groups = std::map<std::vector<std::int64_t>, std::vector<const SeriesColumn*>>;

// A column that equals the one before it in its group is this byte alone (no column starts with it).
constexpr std::uint8_t same_as_before = 0x0f;

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

void write_values(const std::vector<const SeriesColumn*>& group, std::size_t i, Writer& out) {
    if (i > 0 && same_bits(group[i]->values, group[i - 1]->values)) return out.u8(same_as_before);
    encode_values(group[i]->values, out);
}

void write_group(std::int64_t base, const std::vector<const SeriesColumn*>& group, Writer& out) {
    auto times = group.front()->at_ms;
    for (auto& at : times) at -= base;
    out.varint(times.size());
    encode_times(times, out);
    out.varint(group.size());
    std::int64_t before = 0;
    for (std::size_t i = 0; i < group.size();) {  // runs of consecutive series: gap, length
        std::size_t end = i + 1;
        while (end < group.size() && group[end]->series == group[end - 1]->series + 1) ++end;
        out.svarint(static_cast<std::int64_t>(group[i]->series) - before);
        out.varint(end - i - 1);
        before = group[end - 1]->series + 1LL;
        for (; i < end; ++i) write_values(group, i, out);
    }
}

// One group: its times, then for each series its values.
struct GroupScratch {
    std::vector<std::int64_t> times;
    std::vector<double> values;
};

template <class Each>
void read_run(FieldReader& in, std::size_t n, SeriesId first, std::size_t length, GroupScratch& scratch, Each& each) {
    for (std::size_t i = 0; i < length && in.ok(); ++i) {
        if (scratch.values.size() == n && in.raw().next_is(same_as_before)) {
            (void)in.raw().u8();
        } else {
            (void)decode_values(in.raw(), n, scratch.values);
            in.check("values");
        }
        if (in.ok()) each(static_cast<SeriesId>(first + i), scratch.times, scratch.values);
    }
}

template <class Each>
void read_group(FieldReader& in, std::int64_t base, SampleScan& scan, GroupScratch& scratch, Each& each) {
    const auto n = static_cast<std::size_t>(in.varint("values per column", limits::max_column_values));
    if (n == 0) in.refuse("values per column", "is zero");
    scratch.values.clear();  // nothing stands before the first column
    (void)decode_times(in.raw(), n, scratch.times);
    in.check("times");
    for (auto& at : scratch.times)
        at = static_cast<std::int64_t>(static_cast<std::uint64_t>(at) + static_cast<std::uint64_t>(base));
    if (!in.ok()) return;
    if (scratch.times.front() < -limits::max_time_ms || scratch.times.back() > limits::max_time_ms ||
        scratch.times.front() > scratch.times.back())
        return in.refuse("times", "are out of range");
    const auto series = in.count("series of a group", limits::max_series_per_agent - scan.columns);
    if (scan.samples + std::uint64_t{series} * n > limits::max_samples_per_body)
        in.refuse("series of a group", "makes too many samples");
    std::int64_t next = 0;
    for (std::size_t done = 0; done < series && in.ok();) {
        const auto gap = in.svarint("series gap");
        const auto length = in.varint("series run", series - done - 1) + 1;
        constexpr std::int64_t most = std::numeric_limits<SeriesId>::max();
        if (gap > most || gap < -most || next + gap < 1 || next + gap + static_cast<std::int64_t>(length) - 1 > most)
            in.refuse("series", "is out of range");
        if (!in.ok()) return;
        read_run(in, n, static_cast<SeriesId>(next + gap), static_cast<std::size_t>(length), scratch, each);
        next += gap + static_cast<std::int64_t>(length);
        done += static_cast<std::size_t>(length);
    }
    if (scan.samples == 0 || scratch.times.front() < scan.first_ms) scan.first_ms = scratch.times.front();
    if (scan.samples == 0 || scratch.times.back() > scan.last_ms) scan.last_ms = scratch.times.back();
    scan.samples += std::uint64_t{series} * n;
    scan.columns += series;
}

template <class Each>
Result<SampleScan> read_samples(ByteView body, Each&& each) {
    thread_local Bytes room;
    thread_local GroupScratch scratch;
    const auto plain = opened(BatchClass::samples, body, room);
    if (!plain) return plain.error();
    FieldReader in("samples", *plain);
    SampleScan scan;
    const auto base = in.time_ms("base time");
    const auto groups = in.count("groups", limits::max_series_per_agent);
    for (std::size_t i = 0; i < groups && in.ok(); ++i) read_group(in, base, scan, scratch, each);
    if (const auto verdict = in.finish(); !verdict) return verdict.error();
    return scan;
}

enum class ValueKind : std::uint8_t { unknown = 0, no = 1, yes = 2, integer = 3, real = 4, text = 5 };

void write_value(const FactValue& value, TextWriter& texts, Writer& out) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) out.svarint(*integer);
    if (const auto* real = std::get_if<double>(&value)) out.f64(*real);
    if (const auto* text = std::get_if<std::string>(&value)) texts.write(*text);
}

ValueKind kind_of(const FactValue& value) {
    if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? ValueKind::yes : ValueKind::no;
    if (std::holds_alternative<std::int64_t>(value)) return ValueKind::integer;
    if (const auto* real = std::get_if<double>(&value))
        return std::isfinite(*real) ? ValueKind::real : ValueKind::unknown;
    return std::holds_alternative<std::string>(value) ? ValueKind::text : ValueKind::unknown;
}

FactValue read_value(FieldReader& in, TextReader& texts, ValueKind kind) {
    switch (kind) {
        case ValueKind::unknown: return std::monostate{};
        case ValueKind::no: return false;
        case ValueKind::yes: return true;
        case ValueKind::integer: return in.svarint("integer value");
        case ValueKind::real: return in.finite("real value");
        case ValueKind::text: return texts.read("text value");
    }
    in.refuse("value kind", "is unknown");
    return std::monostate{};
}

std::uint8_t packed(SubjectKind subject, std::uint8_t high) {
    return static_cast<std::uint8_t>(static_cast<std::uint8_t>(subject) | (high << 4));
}

SubjectKind subject_of(FieldReader& in, std::uint8_t both) {
    if ((both & 15) > static_cast<std::uint8_t>(SubjectKind::unit)) in.refuse("subject kind", "is unknown");
    return static_cast<SubjectKind>(in.ok() ? both & 15 : 0);
}

// Times go as the distance from the one before.
void write_at(Mono at, std::int64_t& before, Writer& out) {
    out.svarint(ms_of(at) - before);
    before = ms_of(at);
}

Mono read_at(FieldReader& in, std::int64_t& before) {
    const auto distance = in.svarint("time");
    constexpr auto most = 2 * limits::max_time_ms;
    if (distance > most || distance < -most || std::abs(before + distance) > limits::max_time_ms)
        in.refuse("time", "is out of range");
    return mono_of(in.ok() ? before += distance : 0);
}

Event read_event(FieldReader& in, TextReader& texts, std::int64_t& before) {
    Event event;
    event.kind = texts.read("kind");
    const auto both = in.u8("severity and subject kind");
    event.subject.kind = subject_of(in, both);
    if ((both >> 4) > static_cast<std::uint8_t>(Severity::critical)) in.refuse("severity", "is unknown");
    event.severity = static_cast<Severity>(in.ok() ? both >> 4 : 0);
    event.subject.key = texts.read("subject key");
    const auto fields = in.count("fields", limits::max_event_fields);
    for (std::size_t i = 0; i < fields && in.ok(); ++i) {
        auto name = texts.read("field name");
        event.fields.emplace_back(std::move(name), texts.read("field value"));
    }
    event.at = read_at(in, before);
    return event;
}

std::size_t carried_fields(const Event& event) { return std::min(event.fields.size(), limits::max_event_fields); }

}  // namespace

Bytes encode(const SampleBody& body) {
    std::vector<SeriesColumn> columns;
    for (const auto& column : body.columns)
        if (auto tidied = tidy(column); !tidied.values.empty()) columns.push_back(std::move(tidied));
    std::stable_sort(columns.begin(), columns.end(), [](const auto& a, const auto& b) { return a.series < b.series; });
    Groups groups;
    std::int64_t base = columns.empty() ? 0 : columns.front().at_ms.front();
    for (const auto& column : columns) {
        groups[column.at_ms].push_back(&column);
        base = std::min(base, column.at_ms.front());
    }
    Bytes plain;
    Writer out(plain);
    out.svarint(base);
    out.varint(groups.size());
    for (const auto& [times, group] : groups) write_group(base, group, out);
    return finished(BatchClass::samples, plain);
}

Bytes encode(const FactBody& body) {
    Bytes plain;
    Writer out(plain);
    TextWriter texts(out);
    std::int64_t before = 0;
    out.varint(body.facts.size());
    for (const auto& [fact, at] : body.facts) {
        out.u8(packed(fact.subject.kind, static_cast<std::uint8_t>(kind_of(fact.value))));
        texts.write(fact.subject.key);
        texts.write(fact.name);
        if (kind_of(fact.value) != ValueKind::unknown) write_value(fact.value, texts, out);
        write_at(at, before, out);
    }
    return finished(BatchClass::facts, plain);
}

Bytes encode(const EventBody& body) {
    Bytes plain;
    Writer out(plain);
    TextWriter texts(out);
    std::int64_t before = 0;
    out.varint(body.first_index);
    if (body.first_index != 1) out.bytes(body.before);
    out.varint(body.events.size());
    for (const auto& event : body.events) {
        texts.write(event.kind);
        out.u8(packed(event.subject.kind, static_cast<std::uint8_t>(event.severity)));
        texts.write(event.subject.key);
        out.varint(carried_fields(event));
        for (std::size_t i = 0; i < carried_fields(event); ++i) {
            texts.write(event.fields[i].first);
            texts.write(event.fields[i].second);
        }
        write_at(event.at, before, out);
    }
    return finished(BatchClass::events, plain);
}

Result<SampleBody> decode_samples(ByteView body) {
    SampleBody out;
    const auto scan = read_samples(body, [&](SeriesId series, const auto& times, const auto& values) {
        out.columns.push_back({series, times, values});
    });
    if (!scan) return scan.error();
    return out;
}

Result<SampleScan> scan_samples(ByteView body, const EachColumn& each) { return read_samples(body, each); }

Result<FactBody> decode_facts(ByteView body) {
    Bytes room;
    const auto plain = opened(BatchClass::facts, body, room);
    if (!plain) return plain.error();
    FieldReader in("facts", *plain);
    TextReader texts(in);
    FactBody out;
    std::int64_t before = 0;
    const auto n = in.count("number of facts", limits::max_facts_per_body);
    for (std::size_t i = 0; i < n && in.ok(); ++i) {
        TimedFact fact;
        const auto both = in.u8("subject and value kind");
        fact.fact.subject.kind = subject_of(in, both);
        fact.fact.subject.key = texts.read("subject key");
        fact.fact.name = texts.read("fact name");
        fact.fact.value = read_value(in, texts, static_cast<ValueKind>(both >> 4));
        fact.at = read_at(in, before);
        out.facts.push_back(std::move(fact));
    }
    if (const auto verdict = in.finish(); !verdict) return verdict.error();
    return out;
}

Result<EventBody> decode_events(ByteView body) {
    Bytes room;
    const auto plain = opened(BatchClass::events, body, room);
    if (!plain) return plain.error();
    FieldReader in("events", *plain);
    TextReader texts(in);
    EventBody out;
    std::int64_t before = 0;
    out.first_index = in.varint("first index");
    if (out.first_index == 0) in.refuse("first index", "is zero");
    if (out.first_index != 1) {
        const auto head = in.bytes("chain head", out.before.size());
        std::copy(head.begin(), head.end(), out.before.begin());
    }
    const auto n = in.count("number of events", limits::max_events_per_body);
    for (std::size_t i = 0; i < n && in.ok(); ++i) out.events.push_back(read_event(in, texts, before));
    if (const auto verdict = in.finish(); !verdict) return verdict.error();
    return out;
}

Bytes canonical(const Event& event) {
    Bytes bytes;
    Writer out(bytes);
    out.text(clip(event.kind));
    out.u8(packed(event.subject.kind, static_cast<std::uint8_t>(event.severity)));
    out.text(clip(event.subject.key));
    out.varint(carried_fields(event));
    for (std::size_t i = 0; i < carried_fields(event); ++i) {
        out.text(clip(event.fields[i].first));
        out.text(clip(event.fields[i].second));
    }
    out.svarint(ms_of(event.at));
    return bytes;
}

crypto::Digest chain(const crypto::Digest& head, const Event& event) {
    return crypto::sha256(ByteView(head), canonical(event));
}

}  // namespace vg::wire
