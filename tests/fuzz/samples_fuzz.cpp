#include "tests/fuzz/round_trip.hpp"
#include "wire/body.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    vg::fuzz::round_trip({data, size}, vg::wire::decode_samples,
                         [](const auto& body) { return vg::wire::encode(body); });
    return 0;
}
