// Any bytes as LLDP and as CDP.
#include "probes/lan/dissect/announcement.hpp"
#include "tests/fuzz/lan_dissectors.hpp"

using namespace vg;
using namespace vg::probes::lan::dissect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes(data, data + size);
    for (const auto read : {read_lldp, read_cdp}) {
        const auto m = read(bytes);
        if (!m) continue;
        fuzz::require(m->address_count <= m->addresses.size());
        fuzz::require_text(to_text(m->chassis));
        for (const auto part : {m->chassis.raw, m->port.raw, m->port_description, m->name, m->description, m->platform})
            fuzz::require_inside(bytes, part);
        fuzz::require_text(to_text(m->port));
    }
    return 0;
}
