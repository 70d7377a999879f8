// Any bytes as the frames of bridges.
#include "probes/lan/dissect/stp.hpp"
#include "tests/fuzz/lan_dissectors.hpp"

using namespace vg;
using namespace vg::probes::lan::dissect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes(data, data + size);
    if (const auto m = read_stp(bytes)) fuzz::require(size >= 4 && (m->is_change_notice || size >= 27));
    return 0;
}
