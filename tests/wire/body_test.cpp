#include "wire/body.hpp"

#include "tests/load/stream.hpp"
#include "wire/columns.hpp"
#include "wire/limits.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <random>

namespace vg::wire {
namespace {

using ::testing::HasSubstr;

SampleBody some_samples() {
    SampleBody body;
    for (SeriesId series = 1; series <= 40; ++series) {
        SeriesColumn column{series, {}, {}};
        for (int i = 0; i < 10; ++i) {
            column.at_ms.push_back(3'600'000 + 30'000 * i + (series / 8) * 1000);
            column.values.push_back(std::round(100 * std::sin(i * series)) / 10);
        }
        body.columns.push_back(column);
    }
    return body;
}

FactBody some_facts() {
    FactBody body;
    const Mono at(Millis(123'456));
    body.facts.push_back({{{SubjectKind::site, ""}, "active_uplink", std::string("fibre")}, at});
    body.facts.push_back({{{SubjectKind::uplink, "fibre"}, "up", true}, at + Millis(5)});
    body.facts.push_back({{{SubjectKind::uplink, "mobile"}, "up", std::monostate{}}, at - Millis(5)});
    body.facts.push_back({{{SubjectKind::agent, ""}, "uptime_s", std::int64_t{-77}}, at});
    body.facts.push_back({{{SubjectKind::agent, ""}, "cpu_percent", 12.5}, at});
    body.facts.push_back({{{SubjectKind::agent, ""}, "clock_synchronised", false}, at});
    return body;
}

EventBody some_events(std::size_t n) {
    EventBody body;
    body.first_index = 8;
    body.before.fill(0xab);
    for (std::size_t i = 0; i < n; ++i)
        body.events.push_back({"login.failed",
                               Severity::medium,
                               {SubjectKind::device, "host"},
                               {{"user", "root"}, {"src_ip", "10.0.0." + std::to_string(i % 256)}},
                               Mono(Millis(1000 + 7 * i))});
    return body;
}

bool same(const Event& a, const Event& b) { return canonical(a) == canonical(b); }

TEST(SampleBody, ComesBack) {
    const auto body = some_samples();
    const auto back = decode_samples(encode(body));
    ASSERT_TRUE(back) << back.error().message;
    ASSERT_EQ(back->columns.size(), body.columns.size());
    for (std::size_t i = 0; i < body.columns.size(); ++i) {
        EXPECT_EQ(back->columns[i].series, body.columns[i].series);
        EXPECT_EQ(back->columns[i].at_ms, body.columns[i].at_ms);
        EXPECT_EQ(back->columns[i].values, body.columns[i].values);
    }
}

TEST(SampleBody, ScanTellsCountAndSpan) {
    std::size_t values = 0;
    const auto scan = scan_samples(encode(some_samples()), [&](SeriesId, auto times, auto column) {
        EXPECT_EQ(times.size(), column.size());
        values += column.size();
    });
    ASSERT_TRUE(scan);
    EXPECT_EQ(values, 400U);
    EXPECT_EQ(scan->samples, 400U);
    EXPECT_EQ(scan->first_ms, 3'600'000);
    EXPECT_EQ(scan->last_ms, 3'600'000 + 270'000 + 5000);
}

// The budget of the metered profile: forty series, ten values each in five minutes, leave room for everything around.
TEST(SampleBody, FiveMinutesOfAMachineAreSmall) {
    std::size_t bytes = 0, samples = 0;
    for (std::uint64_t host = 0; host < 20; ++host) {
        load::HostStream stream(host);
        SampleBody body;
        for (SeriesId i = 1; i <= load::series_per_host; ++i) body.columns.push_back({i, {}, {}});
        for (std::int64_t point = 0; point < 10; ++point) {
            stream.step();
            for (std::size_t i = 0; i < load::series_per_host; ++i) {
                const auto probe = static_cast<std::int64_t>(i * 6 / load::series_per_host);
                const auto late = (point * 7 + probe * 3) % 4;  // milliseconds, as timers are
                body.columns[i].at_ms.push_back(86'400'000 + load::step_ms * point + 4900 * probe + late);
                body.columns[i].values.push_back(stream.values()[i]);
            }
        }
        bytes += encode(body).size();
        samples += 400;
    }
    EXPECT_LE(static_cast<double>(bytes) / static_cast<double>(samples), 1.3);
}

TEST(SampleBody, OrderOfTimeIsMadeAndWhatIsNotFiniteIsLeftOut) {
    const auto nan = std::numeric_limits<double>::quiet_NaN();
    const auto back = decode_samples(encode(SampleBody{{{9, {30, 10, 20}, {3, 1, nan}}, {4, {5}, {nan}}}}));
    ASSERT_TRUE(back);
    ASSERT_EQ(back->columns.size(), 1U);
    EXPECT_THAT(back->columns[0].at_ms, ::testing::ElementsAre(10, 30));
    EXPECT_THAT(back->columns[0].values, ::testing::ElementsAre(1, 3));
}

TEST(SampleBody, EqualColumnsCostOneByte) {
    SampleBody one{{{1, {10, 20, 30}, {1.5, 2.5, 9.5}}}};
    auto three = one;
    three.columns.push_back({2, {10, 20, 30}, {1.5, 2.5, 9.5}});
    three.columns.push_back({3, {10, 20, 30}, {1.5, 2.5, 9.5}});
    EXPECT_EQ(encode(three).size(), encode(one).size() + 2);
    const auto back = decode_samples(encode(three));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->columns[2].values, one.columns[0].values);
    // Nothing stands before the first.
    const Bytes first_is_same{3, 0, 1, 1, 0, 1, 2, 0, 0x0f};
    EXPECT_FALSE(decode_samples(first_is_same));
}

TEST(SampleBody, EmptyIsABodyToo) {
    const auto scan = scan_samples(encode(SampleBody{}), [](auto, auto, auto) {});
    ASSERT_TRUE(scan);
    EXPECT_EQ(scan->samples, 0U);
}

TEST(SampleBody, ManySamplesFromFewBytesAreRefused) {
    Bytes body{3};
    Writer out(body);
    out.svarint(0);
    out.varint(1);
    out.varint(limits::max_column_values);
    out.u8(0);  // all times zero
    out.varint(20'000);
    out.svarint(1);
    out.varint(19'999);
    body.resize(body.size() + 20'000, 0);
    const auto scan = scan_samples(body, [](auto, auto, auto) { FAIL() << "decoded"; });
    ASSERT_FALSE(scan);
    EXPECT_THAT(scan.error().message, HasSubstr("too many samples"));
}

TEST(FactBody, ComesBack) {
    const auto body = some_facts();
    const auto back = decode_facts(encode(body));
    ASSERT_TRUE(back) << back.error().message;
    ASSERT_EQ(back->facts.size(), body.facts.size());
    for (std::size_t i = 0; i < body.facts.size(); ++i) {
        EXPECT_EQ(back->facts[i].fact.subject, body.facts[i].fact.subject);
        EXPECT_EQ(back->facts[i].fact.name, body.facts[i].fact.name);
        EXPECT_EQ(back->facts[i].fact.value, body.facts[i].fact.value);
        EXPECT_EQ(back->facts[i].at, body.facts[i].at);
    }
}

TEST(EventBody, ComesBackAndManyAreCompressed) {
    const auto body = some_events(500);
    const auto bytes = encode(body);
    EXPECT_LT(bytes.size(), 4000U);
    const auto back = decode_events(bytes);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->first_index, body.first_index);
    EXPECT_EQ(back->before, body.before);
    ASSERT_EQ(back->events.size(), body.events.size());
    for (std::size_t i = 0; i < body.events.size(); ++i) EXPECT_TRUE(same(back->events[i], body.events[i]));
}

TEST(EventBody, TheChainCoversWhatIsCarried) {
    auto body = some_events(1);
    body.events[0].fields.assign(limits::max_event_fields + 3, {"name", std::string(limits::max_text + 9, 'x')});
    const auto back = decode_events(encode(body));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->events[0].fields.size(), limits::max_event_fields);
    EXPECT_EQ(chain({}, back->events[0]), chain({}, body.events[0]));
}

TEST(EventBody, TextsThatRepeatTooOftenAreRefused) {
    EventBody body;
    body.first_index = 1;
    const std::string longest(limits::max_text, 'x');
    for (int i = 0; i < 100; ++i)
        body.events.push_back({longest, Severity::info, {}, {64, {longest, longest}}, Mono{}});
    const auto back = decode_events(encode(body));
    ASSERT_FALSE(back);
    EXPECT_THAT(back.error().message, HasSubstr("too long in all"));
}

TEST(EventBody, AChangeAnywhereChangesTheHead) {
    const auto event = some_events(1).events[0];
    const auto head = chain({}, event);
    auto other = event;
    other.at += Millis(1);
    EXPECT_NE(chain({}, other), head);
    other = event;
    other.fields[0].second = "admin";
    EXPECT_NE(chain({}, other), head);
    other = event;
    other.severity = Severity::high;
    EXPECT_NE(chain({}, other), head);
    EXPECT_NE(chain(head, event), head);
}

TEST(Body, OfAnotherClassIsRefused) {
    const auto wrong = decode_samples(encode(some_facts()));
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, Errc::invalid_input);
    EXPECT_THAT(wrong.error().message, HasSubstr("class is not the expected one"));
    EXPECT_FALSE(decode_facts(encode(some_events(2))));
    EXPECT_FALSE(decode_events({}));
}

TEST(Body, CutOrLongerBodiesAreRefusedWithAnOffset) {
    for (auto bytes : {encode(some_samples()), encode(some_facts()), encode(some_events(20))}) {
        const auto refused = [](ByteView body) {
            const auto samples = decode_samples(body);
            const auto facts = decode_facts(body);
            const auto events = decode_events(body);
            for (const auto& error : {samples.error(), facts.error(), events.error()})
                EXPECT_THAT(error.message, HasSubstr("offset"));
            return !samples && !facts && !events;
        };
        for (std::size_t cut = 0; cut < bytes.size(); ++cut) EXPECT_TRUE(refused(ByteView(bytes).first(cut))) << cut;
        bytes.push_back(0);
        EXPECT_TRUE(refused(bytes));
    }
}

TEST(Body, AnyBytesGiveABodyOrAnError) {
    std::mt19937_64 chance(3);
    for (auto bytes : {encode(some_samples()), encode(some_facts()), encode(some_events(300))})
        for (int round = 0; round < 3000; ++round) {
            auto damaged = bytes;
            for (auto n = 1 + chance() % 4; n > 0; --n)
                damaged[chance() % damaged.size()] = static_cast<std::uint8_t>(chance());
            (void)decode_samples(damaged);
            (void)decode_facts(damaged);
            (void)decode_events(damaged);
        }
}

TEST(Body, ADecompressionBombIsRefused) {
    Bytes body{3 | 0x80};
    Writer(body).varint(limits::max_body + 1);
    const auto scan = scan_samples(body, [](auto, auto, auto) {});
    ASSERT_FALSE(scan);
    EXPECT_THAT(scan.error().message, HasSubstr("uncompressed size is too large"));
}

}  // namespace
}  // namespace vg::wire
