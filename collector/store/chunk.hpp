#pragma once
// How a packed day of one series rests on disk: columns of wire/columns.hpp. Times stand apart, because the series of
// one probe run share them. Pure.

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "collector/store.hpp"

#include <cstdint>
#include <vector>

namespace vg::collector {

inline constexpr std::int64_t day_ms = 86'400'000;

enum class Step : std::int64_t { raw = 0, five_minutes = 1, hour = 2 };
[[nodiscard]] std::int64_t milliseconds_of(Step step);  // 0 for raw

// Rows of one day and step stand together in order of series, so a new day is appended at the end of the table.
[[nodiscard]] std::int64_t chunk_id(Step step, std::int64_t day, SeriesKey series);

struct RawDay {
    std::vector<std::int64_t> at_ms;  // ascending
    std::vector<double> values;       // as many
};
[[nodiscard]] Bytes encode_day_times(const std::vector<std::int64_t>& at_ms);
[[nodiscard]] Bytes encode_day_values(const std::vector<double>& values);
[[nodiscard]] Result<std::vector<std::int64_t>> decode_day_times(ByteView data);
[[nodiscard]] Result<std::vector<double>> decode_day_values(ByteView data);

// Buckets aligned to the step, each with min, mean, max and count; `at_ms` is a bucket's begin.
[[nodiscard]] std::vector<Point> roll_up(const RawDay& day, std::int64_t step_ms);
[[nodiscard]] Bytes encode_roll_up(const std::vector<Point>& points);
[[nodiscard]] Result<std::vector<Point>> decode_roll_up(ByteView data);

// Adds a point to the last bucket, or begins the next one. Points come in order of time.
void fold(std::vector<Point>& buckets, const Point& point, std::int64_t step_ms);

}  // namespace vg::collector
