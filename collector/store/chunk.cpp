#include "collector/store/chunk.hpp"

#include "wire/columns.hpp"
#include "wire/limits.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace vg::collector {
namespace {

// A column holds at most so many; longer days are several columns.
template <class T, class Encode>
Bytes in_pieces(const std::vector<T>& values, Encode encode) {
    Bytes out;
    Writer writer(out);
    for (std::size_t at = 0; at < values.size(); at += wire::limits::max_column_values) {
        const auto n = std::min(values.size() - at, wire::limits::max_column_values);
        writer.varint(n);
        encode(std::span<const T>(values).subspan(at, n), writer);
    }
    return out;
}

template <class T, class Decode>
Result<std::vector<T>> from_pieces(ByteView data, Decode decode) {
    std::vector<T> out, piece;
    Reader in(data);
    while (in.ok() && in.left() > 0) {
        const auto n = in.varint();
        if (n == 0 || n > wire::limits::max_column_values || !decode(in, static_cast<std::size_t>(n), piece))
            in.set_failed();
        else if (out.empty())
            out.swap(piece);
        else
            out.insert(out.end(), piece.begin(), piece.end());
    }
    if (!in.ok())
        return fail(Errc::corrupt, say({"số đo của một ngày đã nén bị hỏng", "a packed day of samples is damaged"}));
    return out;
}

// Sums of decimal numbers are decimal: what floating point adds beyond is noise that would not compress.
double tidy_sum(double sum) { return std::abs(sum) < 1e10 ? std::round(sum * 1e4) / 1e4 : sum; }

}  // namespace

std::int64_t milliseconds_of(Step step) {
    switch (step) {
        case Step::raw: return 0;
        case Step::five_minutes: return 300'000;
        case Step::hour: return 3'600'000;
    }
    return 0;
}

std::int64_t chunk_id(Step step, std::int64_t day, SeriesKey series) {
    return (static_cast<std::int64_t>(step) << 60) | (std::clamp<std::int64_t>(day, 0, (1 << 20) - 1) << 40) | series;
}

Bytes encode_day_times(const std::vector<std::int64_t>& at_ms) {
    return in_pieces(at_ms, [](auto piece, Writer& out) { wire::encode_times(piece, out); });
}
Bytes encode_day_values(const std::vector<double>& values) {
    return in_pieces(values, [](auto piece, Writer& out) { wire::encode_values(piece, out); });
}
Result<std::vector<std::int64_t>> decode_day_times(ByteView data) {
    return from_pieces<std::int64_t>(data, [](Reader& in, std::size_t n, auto& out) {
        out.clear();
        return wire::decode_times(in, n, out);
    });
}
Result<std::vector<double>> decode_day_values(ByteView data) {
    return from_pieces<double>(data, [](Reader& in, std::size_t n, auto& out) {
        out.clear();
        return wire::decode_values(in, n, out);
    });
}

void fold(std::vector<Point>& buckets, const Point& point, std::int64_t step_ms) {
    const auto past = point.at_ms % step_ms;
    const std::int64_t begin = point.at_ms - (past < 0 ? past + step_ms : past);
    if (buckets.empty() || buckets.back().at_ms != begin) {
        buckets.push_back({begin, point.min, point.avg, point.max, point.n});
        return;
    }
    auto& bucket = buckets.back();
    bucket.min = std::min(bucket.min, point.min);
    bucket.max = std::max(bucket.max, point.max);
    bucket.avg = (bucket.avg * bucket.n + point.avg * point.n) / (bucket.n + point.n);
    bucket.n += point.n;
}

std::vector<Point> roll_up(const RawDay& day, std::int64_t step_ms) {
    std::vector<Point> out;
    for (std::size_t i = 0; i < day.at_ms.size(); ++i)
        fold(out, {day.at_ms[i], day.values[i], day.values[i], day.values[i], 1}, step_ms);
    return out;
}

Bytes encode_roll_up(const std::vector<Point>& points) {
    std::vector<std::int64_t> at;
    std::vector<double> min, max, sum, n;
    for (const auto& p : points) {
        at.push_back(p.at_ms);
        min.push_back(p.min);
        max.push_back(p.max);
        sum.push_back(tidy_sum(p.avg * p.n));
        n.push_back(p.n);
    }
    Bytes out;
    Writer writer(out);
    writer.varint(points.size());
    if (points.empty()) return out;
    wire::encode_times(at, writer);
    for (const auto* column : {&min, &max, &sum, &n}) wire::encode_values(*column, writer);
    return out;
}

Result<std::vector<Point>> decode_roll_up(ByteView data) {
    std::vector<std::int64_t> at;
    std::vector<double> min, max, sum, n;
    Reader in(data);
    const auto count = in.varint();
    const auto size = static_cast<std::size_t>(count);
    bool good = in.ok() && count > 0 && count <= wire::limits::max_column_values && wire::decode_times(in, size, at);
    for (auto* column : {&min, &max, &sum, &n}) good = good && wire::decode_values(in, size, *column);
    if (!good) return fail(Errc::corrupt, say({"một bảng tổng hợp số đo bị hỏng", "a roll-up is damaged"}));
    std::vector<Point> out;
    out.reserve(size);
    for (std::size_t i = 0; i < size; ++i)
        out.push_back({at[i], min[i], sum[i] / n[i], max[i], static_cast<std::uint32_t>(n[i])});
    return out;
}

}  // namespace vg::collector
