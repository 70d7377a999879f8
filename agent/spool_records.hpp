#pragma once
// Samples that no batch holds yet: in memory, and the text of the durable records that bring them back after a kill.
// Pure; owned by the spool.

#include "base/result.hpp"
#include "wire/body.hpp"

#include <cstdint>
#include <vector>

namespace vg::agent {

struct Record {
    wire::SeriesId series = 0;
    std::int64_t at_ms = 0;  // monotonic
    double value = 0;
};

// One row of the table `records`: all samples of one flush.
[[nodiscard]] Bytes encode_records(std::span<const Record> records);
[[nodiscard]] Result<std::vector<Record>> decode_records(ByteView bytes);

// One column per series, ascending in time; equal times of one series keep the first.
[[nodiscard]] wire::SampleBody to_body(std::vector<Record> records);

}  // namespace vg::agent
