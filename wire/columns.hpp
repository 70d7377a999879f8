#pragma once
// Numbers over time as columns (docs/wire.md §5): the same bytes travel, rest on disk and are read back.
// A column chooses for itself the cheapest of: constant, frame of reference, delta, delta of delta (bit-packed or Rice
// coded) over decimal-scaled integers, or XOR of doubles; any finite double survives exactly. Pure; any thread.

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace vg::wire {

// Appends one column; the count is not written. 0 < n ≤ limits::max_column_values.
void encode_times(std::span<const std::int64_t> milliseconds, Writer& out);  // ascending
void encode_values(std::span<const double> values, Writer& out);

// Reads what encode_* wrote for a known count; false (and in.ok() == false) on anything else.
[[nodiscard]] bool decode_times(Reader& in, std::size_t count, std::vector<std::int64_t>& out);
[[nodiscard]] bool decode_values(Reader& in, std::size_t count, std::vector<double>& out);

}  // namespace vg::wire
