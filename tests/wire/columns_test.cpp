#include "wire/columns.hpp"

#include "wire/limits.hpp"

#include <gmock/gmock.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

namespace vg::wire {
namespace {

std::size_t values_survive(const std::vector<double>& values) {
    Bytes bytes;
    Writer out(bytes);
    encode_values(values, out);
    Reader in(bytes);
    std::vector<double> back;
    EXPECT_TRUE(decode_values(in, values.size(), back));
    EXPECT_TRUE(in.done());
    EXPECT_EQ(back.size(), values.size());
    for (std::size_t i = 0; i < std::min(back.size(), values.size()); ++i)
        EXPECT_EQ(std::bit_cast<std::uint64_t>(back[i]), std::bit_cast<std::uint64_t>(values[i])) << "at " << i;
    return bytes.size();
}

std::size_t times_survive(const std::vector<std::int64_t>& times) {
    Bytes bytes;
    Writer out(bytes);
    encode_times(times, out);
    Reader in(bytes);
    std::vector<std::int64_t> back;
    EXPECT_TRUE(decode_times(in, times.size(), back));
    EXPECT_TRUE(in.done());
    EXPECT_EQ(back, times);
    return bytes.size();
}

TEST(Columns, ConstantsCostOneToThreeBytes) {
    EXPECT_EQ(values_survive(std::vector<double>(10, 0.0)), 1U);
    EXPECT_EQ(values_survive(std::vector<double>(10, 1.0)), 2U);
    EXPECT_LE(values_survive(std::vector<double>(1000, 99.5)), 3U);
}

TEST(Columns, RegularTimesCostNearlyNothing) {
    std::vector<std::int64_t> times;
    for (int i = 0; i < 1000; ++i) times.push_back(86'400'000 + 30'000LL * i);
    EXPECT_LE(times_survive(times), 25U);
}

TEST(Columns, SmallDecimalsArePacked) {
    EXPECT_LE(values_survive({12.31, 12.4, 12.27, 12.35, 12.29, 12.33, 12.3, 12.38, 12.41, 12.36}), 10U);
}

TEST(Columns, EveryFiniteDoubleSurvives) {
    values_survive({0.0, -0.0, 1.0, -1.0});
    values_survive({std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest()});
    values_survive({std::numeric_limits<double>::denorm_min(), 1.0 / 3.0, M_PI, 1e22, 1e-22});
    values_survive({9007199254740993.0, 9007199254740992.0, 123456789012345680.0});
    values_survive({-0.0});
    values_survive({0.1 + 0.2, 0.3});
    values_survive({M_PI, M_PI, M_PI});
}

TEST(Columns, RandomBitsSurvive) {
    std::mt19937_64 chance(7);
    for (int round = 0; round < 300; ++round) {
        std::vector<double> values(1 + chance() % 300);
        for (auto& value : values) {
            do value = std::bit_cast<double>(chance());
            while (!std::isfinite(value));
        }
        values_survive(values);
    }
}

TEST(Columns, DecimalsOfEveryScaleSurvive) {
    std::mt19937_64 chance(11);
    for (int round = 0; round < 2000; ++round) {
        const auto scale = std::pow(10.0, static_cast<double>(chance() % 16) - 4);
        const auto range = 1ULL << (1 + chance() % 52);
        std::vector<double> values(1 + chance() % 400);
        for (auto& value : values) value = static_cast<double>(static_cast<std::int64_t>(chance() % range)) / scale;
        values_survive(values);
    }
}

TEST(Columns, RandomTimesSurvive) {
    std::mt19937_64 chance(13);
    for (int round = 0; round < 1000; ++round) {
        const auto spread = 1ULL << (chance() % 40);
        std::vector<std::int64_t> times(1 + chance() % 500);
        std::int64_t at = static_cast<std::int64_t>(chance() % 1'000'000'000);
        for (auto& time : times) time = at += static_cast<std::int64_t>(chance() % spread);
        times_survive(times);
    }
    times_survive({std::numeric_limits<std::int64_t>::min(), -1, 0, std::numeric_limits<std::int64_t>::max()});
}

TEST(Columns, RareOutliersDoNotWidenTheRest) {
    std::vector<double> loss(128, 0.0);
    loss[40] = 100;
    loss[90] = 20;
    EXPECT_LE(values_survive(loss), 40U);
}

TEST(Columns, CutColumnsAreRefused) {
    Bytes bytes;
    Writer out(bytes);
    std::vector<double> values;
    for (int i = 0; i < 300; ++i) values.push_back(std::round(1000 * std::sin(i)) / 10);
    encode_values(values, out);
    std::vector<double> back;
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        Reader in(ByteView(bytes).first(cut));
        EXPECT_FALSE(decode_values(in, values.size(), back)) << cut;
        EXPECT_FALSE(in.ok());
    }
}

TEST(Columns, WhatIsNotAColumnIsRefused) {
    const auto refused = [](const Bytes& bytes, std::size_t n) {
        Reader in(bytes);
        std::vector<double> values;
        return !decode_values(in, n, values) && !in.ok();
    };
    EXPECT_TRUE(refused({0x08}, 1));                                // unknown shape
    EXPECT_TRUE(refused({0x10}, 1));                                // a scaled zero
    EXPECT_TRUE(refused({0x02, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f}, 3));  // infinity
    EXPECT_TRUE(refused({0x03, 115, 0}, 3));                        // unknown block mode
    EXPECT_TRUE(refused({0x05, 0, 0}, 1));                          // a second value too many
    EXPECT_TRUE(refused({0x00}, 0));                                // no values
    EXPECT_TRUE(refused({0x00}, limits::max_column_values + 1));    // too many
    Reader in(Bytes{});
    std::vector<std::int64_t> times;
    EXPECT_FALSE(decode_times(in, 1, times));
    const Bytes falling{0x04, 2, 0, 1};  // 1, then -1 less
    Reader back(falling);
    EXPECT_FALSE(decode_times(back, 2, times));
}

}  // namespace
}  // namespace vg::wire
