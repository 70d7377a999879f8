#pragma once
// Bodies made smaller by Zstandard (RFC 8878, frames without magic number, checksum and content size). The library is
// named in zstd_frame.cpp only. Any thread.

#include "base/bytes.hpp"

#include <optional>

namespace vg::wire {

// The frame, or nothing when it would not be smaller than `plain` by a thirty-second at least.
[[nodiscard]] std::optional<Bytes> compress(ByteView plain);
// Exactly `size` bytes, or false; never writes more.
[[nodiscard]] bool decompress(ByteView frame, std::size_t size, Bytes& out);

}  // namespace vg::wire
