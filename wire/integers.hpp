#pragma once
// Blocks of up to 128 integers, each block coded for itself (docs/wire.md §5): packed to one width above their least
// value, or Rice coded. Arithmetic is modulo 2^64, so every integer survives. Pure; any thread.

#include "base/bytes.hpp"

#include <span>

namespace vg::wire {

inline constexpr std::size_t block_size = 128;

// What one block costs and how it is best written.
struct BlockPlan {
    std::uint8_t mode = 0;
    std::int64_t base = 0;
    std::size_t bytes = 0;  // mode byte included
};
[[nodiscard]] BlockPlan plan_block(std::span<const std::int64_t> block);
void write_block(std::span<const std::int64_t> block, const BlockPlan& plan, Writer& out);
// Exactly n ≤ block_size integers; false (and in.ok() == false) on anything else.
[[nodiscard]] bool read_block(Reader& in, std::size_t n, std::int64_t* out);

[[nodiscard]] constexpr std::size_t varint_size(std::uint64_t v) {
    std::size_t n = 1;
    for (; v >= 0x80; v >>= 7) ++n;
    return n;
}

}  // namespace vg::wire
