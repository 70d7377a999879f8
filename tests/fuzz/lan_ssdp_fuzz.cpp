// Any bytes as SSDP.
#include "probes/lan/dissect/ssdp.hpp"
#include "tests/fuzz/lan_dissectors.hpp"

using namespace vg;
using namespace vg::probes::lan::dissect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes(data, data + size);
    if (const auto m = read_ssdp(bytes))
        for (const auto text : {m->type, m->unique, m->server, m->location}) fuzz::require_text(clean_text(text));
    return 0;
}
