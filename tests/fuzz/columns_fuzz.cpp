#include "tests/fuzz/round_trip.hpp"
#include "wire/columns.hpp"

#include <bit>

namespace {

// What was read is written, and read again bit by bit.
template <class T, class Decode, class Encode>
void try_column(vg::Reader in, std::size_t count, Decode decode, Encode encode) {
    std::vector<T> values;
    if (!decode(in, count, values)) return vg::fuzz::require(!in.ok());
    vg::fuzz::require(values.size() == count);
    vg::Bytes bytes;
    vg::Writer out(bytes);
    encode(values, out);
    vg::Reader back(bytes);
    std::vector<T> again;
    vg::fuzz::require(decode(back, count, again) && back.done());
    for (std::size_t i = 0; i < count; ++i)
        vg::fuzz::require(std::bit_cast<std::uint64_t>(again[i]) == std::bit_cast<std::uint64_t>(values[i]));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    vg::Reader in({data, size});
    const auto count = static_cast<std::size_t>(in.varint() % 5000);
    if (!in.ok()) return 0;
    try_column<double>(in, count, vg::wire::decode_values, vg::wire::encode_values);
    try_column<std::int64_t>(in, count, vg::wire::decode_times, vg::wire::encode_times);
    return 0;
}
