#include "wire/integers.hpp"

#include "wire/bits.hpp"

#include <algorithm>
#include <array>

namespace vg::wire {
namespace {

// Mode byte: 0..64 the width of packed integers; then Rice with parameter k = 0..24, without and with a base.
constexpr std::uint8_t max_width = 64;
constexpr std::uint8_t rice = 65;
constexpr std::uint8_t max_k = 24;
constexpr std::uint8_t rice_with_base = rice + max_k + 1;
constexpr std::uint8_t past_modes = rice_with_base + max_k + 1;
// So many zeros instead of a quotient announce an outlier: 6 bits of width - 1, then its bits.
constexpr unsigned escape_zeros = 16;

std::uint64_t minus(std::int64_t a, std::int64_t b) {
    return static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b);
}
std::int64_t plus(std::int64_t a, std::uint64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + b);
}

std::uint64_t folded(std::int64_t value, std::int64_t base) {
    return zigzag(static_cast<std::int64_t>(minus(value, base)));
}

unsigned width_of(std::uint64_t value) { return static_cast<unsigned>(std::bit_width(value)); }

std::size_t rice_bits(std::span<const std::int64_t> block, std::int64_t base, unsigned k) {
    std::size_t bits = 0;
    for (const auto value : block) {
        const auto u = folded(value, base);
        const auto quotient = u >> k;
        bits += quotient < escape_zeros ? static_cast<std::size_t>(quotient) + 1 + k
                                        : escape_zeros + 6 + std::max(width_of(u), 1U);
    }
    return bits;
}

void try_rice(std::span<const std::int64_t> block, std::int64_t base, BlockPlan& best) {
    const std::size_t base_bytes = base == 0 ? 0 : varint_size(zigzag(base));
    std::array<std::uint64_t, block_size> sizes;
    for (std::size_t i = 0; i < block.size(); ++i) sizes[i] = folded(block[i], base);
    const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(block.size() / 2);
    std::nth_element(sizes.begin(), middle, sizes.begin() + static_cast<std::ptrdiff_t>(block.size()));
    const unsigned guess = width_of(*middle);
    for (unsigned k = guess > 2 ? guess - 2 : 0; k <= std::min<unsigned>(guess + 1, max_k); ++k) {
        const std::size_t bytes = 1 + base_bytes + (rice_bits(block, base, k) + 7) / 8;
        if (bytes < best.bytes)
            best = {static_cast<std::uint8_t>((base == 0 ? rice : rice_with_base) + k), base, bytes};
    }
}

void unpack(const std::uint8_t* from, std::size_t n, unsigned width, std::int64_t base, std::int64_t* out) {
    const auto mask = low_bits(width);
    std::size_t bit = 0;
    if (width <= 57) {
        for (std::size_t i = 0; i < n; ++i, bit += width)
            out[i] = plus(base, (load_le64(from + (bit >> 3)) >> (bit & 7)) & mask);
        return;
    }
    for (std::size_t i = 0; i < n; ++i, bit += width) {
        const auto* at = from + (bit >> 3);
        const unsigned shift = bit & 7;
        auto value = load_le64(at) >> shift;
        if (shift != 0) value |= static_cast<std::uint64_t>(at[8]) << (64 - shift);
        out[i] = plus(base, value & mask);
    }
}

bool read_packed(Reader& in, std::size_t n, unsigned width, std::int64_t* out) {
    constexpr std::size_t slack = 9;  // what unpack() may touch behind the last integer
    const auto base = in.svarint();
    const auto packed = in.bytes((n * width + 7) / 8);
    if (!in.ok()) return false;
    if (width == 0) {
        std::fill_n(out, n, base);
    } else if (in.left() >= slack) {
        unpack(packed.data(), n, width, base, out);
    } else {
        std::array<std::uint8_t, block_size * 8 + slack> padded{};
        std::copy(packed.begin(), packed.end(), padded.begin());
        unpack(padded.data(), n, width, base, out);
    }
    return true;
}

bool read_rice(Reader& in, std::size_t n, unsigned k, std::int64_t base, std::int64_t* out) {
    Reader ahead = in;
    BitReader bits(ahead.rest());
    for (std::size_t i = 0; i < n; ++i) {
        const auto window = bits.peek();
        const auto zeros = static_cast<unsigned>(std::countr_zero(window | (1ULL << escape_zeros)));
        std::uint64_t u = 0;
        if (zeros < escape_zeros) [[likely]] {
            u = (static_cast<std::uint64_t>(zeros) << k) | ((window >> (zeros + 1)) & low_bits(k));
            bits.skip(zeros + 1 + k);
        } else {
            bits.skip(escape_zeros);
            const auto width = static_cast<unsigned>(bits.get(6)) + 1;
            u = bits.get(width);
        }
        out[i] = plus(base, static_cast<std::uint64_t>(unzigzag(u)));
    }
    (void)in.bytes(bits.used_bytes());  // fails when the bits ran over the end
    return in.ok();
}

}  // namespace

BlockPlan plan_block(std::span<const std::int64_t> block) {
    const auto [low, high] = std::minmax_element(block.begin(), block.end());
    const unsigned width = width_of(minus(*high, *low));
    BlockPlan best{static_cast<std::uint8_t>(width), *low,
                   1 + varint_size(zigzag(*low)) + (block.size() * width + 7) / 8};
    if (width == 0) return best;
    try_rice(block, 0, best);
    std::array<std::int64_t, block_size> sorted;
    std::copy(block.begin(), block.end(), sorted.begin());
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(block.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.begin() + static_cast<std::ptrdiff_t>(block.size()));
    if (*middle != 0) try_rice(block, *middle, best);
    return best;
}

void write_block(std::span<const std::int64_t> block, const BlockPlan& plan, Writer& out) {
    out.u8(plan.mode);
    if (plan.mode <= max_width || plan.mode >= rice_with_base) out.svarint(plan.base);
    BitWriter bits(out);
    if (plan.mode <= max_width) {
        for (const auto value : block) bits.put(minus(value, plan.base), plan.mode);
    } else {
        const unsigned k = plan.mode - (plan.mode < rice_with_base ? rice : rice_with_base);
        for (const auto value : block) {
            const auto u = folded(value, plan.base);
            if (const auto quotient = u >> k; quotient < escape_zeros) {
                bits.put(1ULL << quotient, static_cast<unsigned>(quotient) + 1);
                bits.put(u, k);
            } else {
                bits.put(0, escape_zeros);
                bits.put(std::max(width_of(u), 1U) - 1, 6);
                bits.put(u, std::max(width_of(u), 1U));
            }
        }
    }
    bits.finish();
}

bool read_block(Reader& in, std::size_t n, std::int64_t* out) {
    const auto mode = in.u8();
    if (mode >= past_modes || n > block_size) in.set_failed();
    if (!in.ok()) return false;
    if (mode <= max_width) return read_packed(in, n, mode, out);
    if (mode < rice_with_base) return read_rice(in, n, mode - rice, 0, out);
    const auto base = in.svarint();
    return in.ok() && read_rice(in, n, mode - rice_with_base, base, out);
}

}  // namespace vg::wire
