#include "wire/columns.hpp"

#include "wire/bits.hpp"
#include "wire/integers.hpp"
#include "wire/limits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace vg::wire {
namespace {

// The first byte of a column: shape in the low half, decimal scale in the high half (docs/wire.md §5).
enum Shape : std::uint8_t {
    zero = 0,          // nothing follows
    constant = 1,      // one integer
    constant_f64 = 2,  // one double
    plain = 3,         // blocks of the integers
    delta = 4,         // first; blocks of differences
    delta2 = 5,        // first, first difference; blocks of differences of differences
    line = 6,          // first, step; blocks of distances from the straight line
    xored = 7,         // doubles, each by its difference in bits
};

// value = integer / divisor for scales 0..11, integer * factor for 12..15.
constexpr std::array<double, 12> divisors{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11};
constexpr std::array<std::int64_t, 4> factors{10, 100, 1000, 10000};
constexpr std::uint8_t first_factor = 12;

std::int64_t add(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t subtract(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
std::int64_t multiply(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

struct Candidate {
    Shape shape = plain;
    std::int64_t first = 0;
    std::int64_t step = 0;
    std::vector<std::int64_t> residuals;
    std::size_t bytes = 0;  // without the column's first byte
};

template <class Each>
void for_blocks(std::span<const std::int64_t> all, Each&& each) {
    for (; !all.empty(); all = all.subspan(std::min(block_size, all.size())))
        each(all.first(std::min(block_size, all.size())));
}

Candidate shaped(Shape shape, std::span<const std::int64_t> v, std::int64_t step) {
    Candidate c{shape, v[0], step, {}, 0};
    c.residuals.reserve(v.size());
    for (std::size_t i = shape == plain ? 0 : shape == delta2 ? 2 : 1; i < v.size(); ++i) {
        const auto difference = i > 0 ? subtract(v[i], v[i - 1]) : 0;
        if (shape == plain) c.residuals.push_back(v[i]);
        if (shape == delta) c.residuals.push_back(difference);
        if (shape == delta2) c.residuals.push_back(subtract(difference, subtract(v[i - 1], v[i - 2])));
        if (shape == line)
            c.residuals.push_back(subtract(v[i], add(v[0], multiply(static_cast<std::int64_t>(i), step))));
    }
    if (shape != plain) c.bytes += varint_size(zigzag(c.first));
    if (shape == delta2 || shape == line) c.bytes += varint_size(zigzag(step));
    for_blocks(c.residuals, [&](auto block) { c.bytes += plan_block(block).bytes; });
    return c;
}

std::int64_t middle_difference(std::span<const std::int64_t> v) {
    std::vector<std::int64_t> differences;
    for (std::size_t i = 1; i < v.size(); ++i) differences.push_back(subtract(v[i], v[i - 1]));
    const auto middle = differences.begin() + static_cast<std::ptrdiff_t>(differences.size() / 2);
    std::nth_element(differences.begin(), middle, differences.end());
    return *middle;
}

Candidate cheapest(std::span<const std::int64_t> v) {
    auto best = shaped(plain, v, 0);
    const auto consider = [&](Candidate other) {
        if (other.bytes < best.bytes) best = std::move(other);
    };
    if (v.size() > 1) consider(shaped(delta, v, 0));
    if (v.size() > 2) {
        consider(shaped(delta2, v, subtract(v[1], v[0])));
        const auto n = static_cast<std::int64_t>(v.size() - 1);
        const auto mean = subtract(v.back(), v[0]) / n;
        const auto middle = middle_difference(v);
        consider(shaped(line, v, middle));
        if (mean != middle) consider(shaped(line, v, mean));
    }
    return best;
}

void encode_integers(std::span<const std::int64_t> v, std::uint8_t scale, Writer& out) {
    const auto head = [&](Shape shape) { out.u8(static_cast<std::uint8_t>(shape | (scale << 4))); };
    if (std::all_of(v.begin(), v.end(), [&](auto x) { return x == v[0]; })) {
        if (v[0] == 0) return out.u8(zero);
        head(constant);
        return out.svarint(v[0]);
    }
    const auto best = cheapest(v);
    head(best.shape);
    if (best.shape != plain) out.svarint(best.first);
    if (best.shape == delta2 || best.shape == line) out.svarint(best.step);
    for_blocks(best.residuals, [&](auto block) { write_block(block, plan_block(block), out); });
}

// Gives the integers of a column in runs of at most block_size: emit(offset, run).
template <class Emit>
bool decode_integers(Reader& in, std::uint8_t shape, std::size_t n, Emit&& emit) {
    std::array<std::int64_t, block_size> run;
    std::int64_t x = shape == plain ? 0 : in.svarint();
    std::int64_t step = shape == delta2 || shape == line ? in.svarint() : 0;
    std::size_t done = shape == plain ? 0 : shape == delta2 ? 2 : 1;
    if (!in.ok() || done > n) return false;
    if (done > 0) {
        run[0] = x;
        if (done == 2) run[1] = x = add(x, step);
        emit(std::size_t{0}, std::span<const std::int64_t>(run.data(), done));
    }
    while (done < n) {
        const auto count = std::min(block_size, n - done);
        if (!read_block(in, count, run.data())) return false;
        if (shape == delta)
            for (std::size_t i = 0; i < count; ++i) run[i] = x = add(x, run[i]);
        if (shape == delta2)
            for (std::size_t i = 0; i < count; ++i) run[i] = x = add(x, step = add(step, run[i]));
        if (shape == line)
            for (std::size_t i = 0; i < count; ++i) run[i] = add(x = add(x, step), run[i]);
        emit(done, std::span<const std::int64_t>(run.data(), count));
        done += count;
    }
    return true;
}

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

// The integer that scale makes of the value, if dividing gives back the very same double.
std::optional<std::int64_t> scaled(double value, std::size_t scale) {
    constexpr double exact = 9007199254740992.0;  // 2^53
    const double product = std::nearbyint(value * divisors[scale]);
    if (!(std::abs(product) <= exact)) return std::nullopt;
    const auto integer = static_cast<std::int64_t>(product);
    if (!same_bits(static_cast<double>(integer) / divisors[scale], value)) return std::nullopt;  // -0.0 is not 0
    return integer;
}

struct Decimals {
    std::uint8_t scale = 0;
    std::vector<std::int64_t> integers;
};

std::optional<Decimals> as_decimals(std::span<const double> values) {
    std::size_t scale = 0;
    for (const double value : values) {
        while (scale < divisors.size() && !scaled(value, scale)) ++scale;
        if (scale == divisors.size()) return std::nullopt;
    }
    Decimals out{static_cast<std::uint8_t>(scale), {}};
    for (const double value : values) {
        const auto integer = scaled(value, scale);
        if (!integer) return std::nullopt;
        out.integers.push_back(*integer);
    }
    if (scale != 0) return out;
    std::uint8_t zeros = 0;
    while (zeros < factors.size() &&
           std::all_of(out.integers.begin(), out.integers.end(), [&](auto x) { return x % factors[zeros] == 0; }))
        ++zeros;
    if (zeros == 0) return out;
    out.scale = static_cast<std::uint8_t>(first_factor + zeros - 1);
    for (auto& x : out.integers) x /= factors[zeros - 1u];
    return out;
}

void encode_xored(std::span<const double> values, Writer& out) {
    out.u8(xored);
    BitWriter bits(out);
    auto before = std::bit_cast<std::uint64_t>(values[0]);
    bits.put(before, 64);
    unsigned low = 0, width = 0;  // the window of the last difference
    for (const double value : values.subspan(1)) {
        const auto now = std::bit_cast<std::uint64_t>(value);
        const auto difference = now ^ before;
        before = now;
        bits.put(difference != 0, 1);
        if (difference == 0) continue;
        const auto trailing = static_cast<unsigned>(std::countr_zero(difference));
        const auto length = 64 - static_cast<unsigned>(std::countl_zero(difference)) - trailing;
        const bool fits = width != 0 && trailing >= low && trailing + length <= low + width && width <= length + 12;
        bits.put(!fits, 1);
        if (!fits) {
            low = trailing;
            width = length;
            bits.put(low, 6);
            bits.put(width - 1, 6);
        }
        bits.put(difference >> low, width);
    }
    bits.finish();
}

bool decode_xored(Reader& in, std::size_t n, double* out) {
    Reader ahead = in;
    BitReader bits(ahead.rest());
    auto now = bits.get(64);
    unsigned low = 0, width = 0;
    bool finite = true;
    for (std::size_t i = 0; i < n; ++i) {
        if (i > 0 && bits.get(1) != 0) {
            if (bits.get(1) != 0) {
                low = static_cast<unsigned>(bits.get(6));
                width = static_cast<unsigned>(bits.get(6)) + 1;
            }
            if (width == 0 || low + width > 64) return false;
            now ^= bits.get(width) << low;
        }
        out[i] = std::bit_cast<double>(now);
        finite = finite && std::isfinite(out[i]);
    }
    (void)in.bytes(bits.used_bytes());
    return in.ok() && finite;
}

void unscale(std::span<const std::int64_t> integers, std::uint8_t scale, double* out) {
    if (scale == 0) {
        for (const auto x : integers) *out++ = static_cast<double>(x);
    } else if (scale < first_factor) {
        const double divisor = divisors[scale];
        for (const auto x : integers) *out++ = static_cast<double>(x) / divisor;
    } else {
        const auto factor = static_cast<double>(factors[scale - first_factor]);
        for (const auto x : integers) *out++ = static_cast<double>(x) * factor;
    }
}

bool decode_values_into(Reader& in, std::size_t n, double* out) {
    const auto head = in.u8();
    const std::uint8_t shape = head & 15, scale = head >> 4;
    if (shape > xored || (scale != 0 && (shape == zero || shape == constant_f64 || shape == xored))) return false;
    if (!in.ok()) return false;
    if (shape == xored) return decode_xored(in, n, out);
    if (shape == zero || shape == constant || shape == constant_f64) {
        double value = 0;
        if (shape == constant_f64) value = in.f64();
        if (shape == constant) {
            const auto integer = in.svarint();
            unscale({&integer, 1}, scale, &value);
        }
        std::fill_n(out, n, value);
        return in.ok() && std::isfinite(value);
    }
    return decode_integers(in, shape, n, [&](std::size_t at, auto run) { unscale(run, scale, out + at); });
}

bool decode_times_into(Reader& in, std::size_t n, std::int64_t* out) {
    const auto shape = in.u8();
    if (shape > line || shape == constant_f64 || !in.ok()) return false;
    if (shape == zero || shape == constant) {
        std::fill_n(out, n, shape == zero ? 0 : in.svarint());
        return in.ok();
    }
    std::int64_t before = std::numeric_limits<std::int64_t>::min();
    bool ascending = true;
    return decode_integers(in, shape, n,
                           [&](std::size_t at, auto run) {
                               for (const auto x : run) {
                                   ascending = ascending && x >= before;
                                   out[at++] = before = x;
                               }
                           }) &&
           ascending;
}

template <class T, class Decode>
bool decode_column(Reader& in, std::size_t count, std::vector<T>& out, Decode decode) {
    out.resize(count <= limits::max_column_values ? count : 0);
    if (out.empty() || !decode(in, count, out.data())) in.set_failed();
    return in.ok();
}

}  // namespace

void encode_times(std::span<const std::int64_t> milliseconds, Writer& out) { encode_integers(milliseconds, 0, out); }

void encode_values(std::span<const double> values, Writer& out) {
    if (const auto decimals = as_decimals(values)) return encode_integers(decimals->integers, decimals->scale, out);
    if (std::all_of(values.begin(), values.end(), [&](double x) { return same_bits(x, values[0]); })) {
        out.u8(constant_f64);
        return out.f64(values[0]);
    }
    encode_xored(values, out);
}

bool decode_times(Reader& in, std::size_t count, std::vector<std::int64_t>& out) {
    return decode_column(in, count, out, decode_times_into);
}

bool decode_values(Reader& in, std::size_t count, std::vector<double>& out) {
    return decode_column(in, count, out, decode_values_into);
}

}  // namespace vg::wire
