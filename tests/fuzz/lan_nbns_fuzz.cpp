// Any bytes as NetBIOS names.
#include "probes/lan/dissect/nbns.hpp"
#include "tests/fuzz/lan_dissectors.hpp"

using namespace vg;
using namespace vg::probes::lan::dissect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes(data, data + size);
    if (const auto m = read_nbns(bytes)) {
        fuzz::require(m->count <= m->names.size());
        for (std::size_t i = 0; i < m->count; ++i) fuzz::require_text(clean_text(m->names[i].text()));
    }
    return 0;
}
