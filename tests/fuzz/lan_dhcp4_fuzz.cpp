// Any bytes as BOOTP or DHCP.
#include "probes/lan/dissect/dhcp4.hpp"
#include "tests/fuzz/lan_dissectors.hpp"

using namespace vg;
using namespace vg::probes::lan::dissect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes(data, data + size);
    if (const auto m = read_dhcp4(bytes)) {
        for (const auto part :
             {m->host_name, m->vendor_class, m->client_id, m->parameters, m->domain_name, m->full_name})
            fuzz::require_inside(bytes, part);
        fuzz::require_text(full_name_text(m->full_name));
        fuzz::require(fingerprint_text(m->parameters).size() <= 4 * 255);
    }
    return 0;
}
